"""The officer's page on guidelines: editions, rules and how they are kept, and the calendar of a claims source."""

from starlette.responses import Response

from auditor.services import claim_sources
from auditor.services.guidelines import calendar as calendars
from auditor.services.guidelines import causes, overview
from auditor.services.guidelines.editions import label
from auditor.web import forms, pages
from auditor.web.visits import Visit


def guidelines(visit: Visit) -> Response:
    """Editions with their problems, every rule with its source, and shares of the newest checked weeks."""
    with visit.database.read() as session:
        found = overview.overview(
            session, own_rules=visit.site.settings.guidelines_path, source=visit.asked("source") or None
        )
    return pages.page(visit, "guidelines/index.html", found=found, label=label)


def calendar(visit: Visit) -> Response:
    """What changes, which codes in use will end, and how long ended ones were still used; asked of the source now."""
    request = calendars.CalendarRequest(source=visit.asked("source"), as_of=visit.today)
    found = calendars.calendar(visit.database, request, environment=visit.site.settings.environment)
    return pages.page(visit, "guidelines/calendar.html", found=found, source=request.source)


def cause(visit: Visit) -> Response:
    """Whether the edition or the model version changed when a rule was broken more."""
    since = forms.day_of(visit.asked("since"), "the day of the rise")
    with visit.database.read() as session:
        source_id = claim_sources.named(session, visit.asked("source")).id
        found = causes.cause(session, source_id=source_id, rule=visit.asked("rule"), jumped_on=since)
    return pages.page(
        visit,
        "guidelines/cause.html",
        found=found,
        source=visit.asked("source"),
        rule=visit.asked("rule"),
        since=since,
    )
