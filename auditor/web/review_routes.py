"""The routes of the review: queue, cases, codes, adjudications and rulings."""

from auditor.web import adjudications, case_saving, codes, review, rulings
from auditor.web.audiences import REVIEWERS
from auditor.web.routing import Shows, route

ROUTES = (
    route("/review", review.queue, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/review/next", review.next_case, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/cases/{case:number}", review.case, allow=REVIEWERS, shows=Shows.CLAIM),
    route("/cases/{case:number}/changes", case_saving.change, allow=REVIEWERS, shows=Shows.CLAIM, post=True),
    route("/cases/{case:number}/blind", case_saving.blind, allow=REVIEWERS, shows=Shows.NOTHING, post=True),
    route("/codes", codes.search, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/codes/notes", codes.notes, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/adjudications", adjudications.adjudications, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/adjudications/{case:number}", adjudications.decide, allow=REVIEWERS, shows=Shows.CLAIM),
    route(
        "/adjudications/{case:number}/changes", adjudications.decision, allow=REVIEWERS, shows=Shows.CLAIM, post=True
    ),
    route("/rulings", rulings.listed, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/rulings", rulings.write, allow=REVIEWERS, shows=Shows.COUNTS, post=True),
    route("/rulings/new", rulings.new, allow=REVIEWERS, shows=Shows.NOTHING),
    route("/rulings/{ruling:number}", rulings.ruling, allow=REVIEWERS, shows=Shows.COUNTS),
    route("/rulings/{ruling:number}/withdraw", rulings.withdraw, allow=REVIEWERS, shows=Shows.NOTHING, post=True),
)
