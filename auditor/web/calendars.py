"""A person's calendar of audits: the page, and the feed behind a signed address that needs no login."""

from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from auditor.mail.letterheads import letterhead
from auditor.reports import calendar_files
from auditor.services import calendar_feeds, people
from auditor.web import pages
from auditor.web.visits import Visit


def calendar(visit: Visit) -> Response:
    """My days, and the address that a calendar program subscribes to."""
    head = letterhead(visit.site.settings)
    here = str(visit.request.base_url).rstrip("/")
    with visit.database.write() as session:
        user = people.named(session, visit.me.name)
        entries = calendar_feeds.entries(session, user, letterhead=replace(head, base_url=""), on=visit.today)
        token = calendar_feeds.token(session, user.name, key=visit.database.link_key, at=visit.at)
    base = head.base_url.rstrip("/")
    return pages.page(
        visit,
        "plans/calendar.html",
        entries=entries,
        address=f"{base}/calendar/{token}",
        elsewhere=None if here == base else (base, here),
    )


def renew(visit: Visit) -> Response:
    """Another address; the old one shows nothing any more."""
    with visit.database.write() as session:
        calendar_feeds.token(session, visit.me.name, key=visit.database.link_key, at=visit.at, renew=True)
    return RedirectResponse("/calendar", status_code=303)


def calendar_feed(visit: Visit) -> Response:
    """The feed: plan names and counts, nothing of a claim."""
    with visit.database.read() as session:
        found = calendar_feeds.feed(
            session,
            str(visit.request.path_params["token"]),
            key=visit.database.link_key,
            letterhead=letterhead(visit.site.settings),
            at=visit.at,
        )
    name = f"{visit.site.settings.practice}: {found.name}"
    return Response(calendar_files.calendar(found.entries, name=name), media_type="text/calendar; charset=utf-8")
