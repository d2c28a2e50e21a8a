"""The public pages of calls."""

from uuid import UUID

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.access.labels import KINDS, LEGAL_FORMS
from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import calendar, feed, labels
from portal.calls.areas import area_features
from portal.calls.page import PublicPage, public_page
from portal.calls.queries import Openness, authorities_with_calls, call_by_slug, published_calls
from portal.calls.queries.publication import document_of, feed_events
from portal.calls.structured import structured_data
from portal.core.clock import now
from portal.core.unit_of_work import reading
from portal.core.web.fresh import fresh_page
from portal.documents.web import send_stored

bp = Blueprint("calls", __name__)


@bp.get("/calls")
@declares(Action.PUBLIC_READ)
def index() -> ResponseReturnValue:
    """Every published call: open ones first, the next to close on top."""
    instant = now()
    wanted = request.args.get("state", "")
    openness = Openness(wanted) if wanted in set(Openness) else Openness.ALL
    authority = request.args.get("authority", "")[:32].replace("\0", "")
    with reading() as session:
        return fresh_page(
            "calls/index.html",
            is_shared=current_actor().is_anonymous,
            calls=published_calls(session, now=instant, openness=openness, authority=authority),
            authorities=authorities_with_calls(session),
            openness=openness, authority=authority, labels=labels, instant=instant,
        )  # fmt: skip


@bp.get("/calls/feed.atom")
@declares(Action.PUBLIC_READ)
def atom() -> ResponseReturnValue:
    """What happened to published calls, for feed readers."""
    with reading() as session:
        content = feed.atom_of(feed_events(session), now=now(), origin=request.url_root.rstrip("/"))
    return Response(content, mimetype="application/atom+xml")


@bp.get("/calls/<slug>")
@declares(Action.PUBLIC_READ)
def show(slug: str) -> ResponseReturnValue:
    """One call: may I apply, for how much, until when, and how I will be judged."""
    instant = now()
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        shown: PublicPage = public_page(session, call, current_actor(), instant)
        return fresh_page(
            "calls/show.html",
            is_shared=current_actor().is_anonymous and call.published_at is not None,
            call=call, design=call.design, lines=shown.lines, phase=call.shown_phase(instant), shown=shown,
            data=structured_data(call, url=_address(slug)), address=_address(slug),
            labels=labels, kinds=KINDS, forms=LEGAL_FORMS, instant=instant,
        )  # fmt: skip


@bp.get("/calls/<slug>/documents/<uuid:document_id>")
@declares(Action.PUBLIC_READ)
def document(slug: str, document_id: UUID) -> ResponseReturnValue:
    """One document of the call, as it was attached."""
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        return send_stored(document_of(session, call, document_id).file)


@bp.get("/calls/<slug>/areas.geojson")
@declares(Action.PUBLIC_READ)
def areas(slug: str) -> ResponseReturnValue:
    """The target areas, as outlines or points."""
    with reading() as session:
        features = area_features(call_by_slug(session, slug, current_actor()))
    return {"type": "FeatureCollection", "features": features}


@bp.get("/calls/<slug>/deadline.ics")
@declares(Action.PUBLIC_READ)
def deadline(slug: str) -> ResponseReturnValue:
    """The dates in force, for a calendar."""
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        content = calendar.deadlines_of(call, now=now(), url=_address(slug))
    headers = {"Content-Disposition": f'attachment; filename="{slug}.ics"'}
    return Response(content, mimetype="text/calendar", headers=headers)


def _address(slug: str) -> str:
    """The whole address of a call's page."""
    return request.url_root.rstrip("/") + f"/calls/{slug}"
