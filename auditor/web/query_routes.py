"""The routes of provider queries and of requests for records."""

from auditor.domain.people import Role
from auditor.web import answers, queries, query_forms
from auditor.web.routing import LINK, PUBLIC, Shows, route

_REVIEWERS = frozenset({Role.AUDITOR, Role.OFFICER})
_ASKED = _REVIEWERS | {Role.CODER}
_CASE = "/cases/{case:number}"
_QUERY = f"{_CASE}/queries/{{query:number}}"

ROUTES = (
    route("/queries", queries.listed, allow=_ASKED, shows=Shows.COUNTS),
    route(f"{_CASE}/queries", query_forms.of_case, allow=_REVIEWERS, shows=Shows.CLAIM),
    route(f"{_CASE}/queries", query_forms.ask, allow=_REVIEWERS, shows=Shows.CLAIM, post=True),
    route(f"{_CASE}/queries/check", query_forms.check, allow=_REVIEWERS, shows=Shows.NOTHING, post=True),
    route(f"{_CASE}/queries/redraft", query_forms.redraft, allow=_REVIEWERS, shows=Shows.CLAIM, post=True),
    route(_QUERY, queries.query, allow=_ASKED, shows=Shows.CLAIM),
    route(f"{_QUERY}/answer", queries.answer, allow=_ASKED, shows=Shows.CLAIM, post=True),
    route(f"{_QUERY}/end", queries.end, allow=_REVIEWERS, shows=Shows.NOTHING, post=True),
    route(f"{_CASE}/record", queries.request_record, allow=_REVIEWERS, shows=Shows.NOTHING, post=True),
    route(f"{_CASE}/record/settle", queries.settle_record, allow=_REVIEWERS, shows=Shows.NOTHING, post=True),
    route(f"{_CASE}/missed-query", queries.miss, allow=_REVIEWERS, shows=Shows.NOTHING, post=True),
    route("/answer/{link}", answers.landing, allow=PUBLIC, shows=Shows.NOTHING),
    route("/answer/{link}/question", answers.question, allow=LINK, shows=Shows.CLAIM, post=True),
    route("/answer/{link}/sent", answers.send_answer, allow=LINK, shows=Shows.CLAIM, post=True),
)
