"""The officers' list: of a call, or of all calls of an authority; the same on a map; filters kept under a name."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.labels import KINDS
from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.applications.inbox.operations import forget_view, keep_view
from portal.applications.inbox.places import features, places_of
from portal.applications.inbox.rules import DELAYS, WAITING, Page, Wanted
from portal.applications.inbox.scope import SHOWN, Scope, scope_of
from portal.applications.queries import inbox_of
from portal.applications.views.blueprint import bp
from portal.core.clock import now
from portal.core.errors import Invalid
from portal.core.i18n import _, lazy_
from portal.core.unit_of_work import reading, unit_of_work
from portal.core.web import page
from portal.core.web.respond import go_to


@bp.get("/manage/calls/<slug>/applications")
@declares(Action.APPLICATION_LIST)
def inbox(slug: str) -> ResponseReturnValue:
    """What came in for a call."""
    return _list({**request.args.to_dict(), "call": slug})


@bp.get("/manage/applications")
@declares(Action.APPLICATION_LIST)
def inbox_all() -> ResponseReturnValue:
    """What came in for all calls of the authority."""
    return _list(request.args.to_dict())


@bp.get("/manage/applications/map")
@declares(Action.APPLICATION_LIST)
def places() -> ResponseReturnValue:
    """Where the applications are, on a map and in a table."""
    wanted = Wanted.read(request.args)
    with reading() as session:
        scope = scope_of(session, current_actor(), wanted)
        found = places_of(session, scope, wanted, now())
        return page("applications/places.html", found=found, places=found.rows, scope=scope, wanted=wanted,
                    back=list_address(wanted))  # fmt: skip


@bp.get("/manage/applications/places.geojson")
@declares(Action.APPLICATION_LIST)
def places_geojson() -> ResponseReturnValue:
    """The points of that map."""
    wanted = Wanted.read(request.args)
    with reading() as session:
        scope = scope_of(session, current_actor(), wanted)
        return {"type": "FeatureCollection", "features": features(session, scope, wanted, now())}


@bp.post("/manage/applications/views")
@declares(Action.APPLICATION_LIST)
def keep_filter() -> ResponseReturnValue:
    """Keep a filter under a name."""
    wanted = Wanted.read(request.form)
    with unit_of_work() as session:
        keep_view(
            session, name=request.form.get("name", ""), wanted=wanted, is_shared=bool(request.form.get("shared")),
            actor=current_actor(), now=now(),
        )  # fmt: skip
    flash(_("The filter is kept."), "success")
    return go_to(list_address(wanted))


@bp.post("/manage/applications/views/forget")
@declares(Action.APPLICATION_LIST)
def forget_filter() -> ResponseReturnValue:
    """Take one of one's own filters away."""
    with unit_of_work() as session:
        forget_view(session, view_id=_key(request.form.get("view", "")), actor=current_actor(), now=now())
    flash(_("The filter is removed. The applications stay as they are."), "success")
    return go_to(url_for("applications.inbox_all"))


def _list(given: dict[str, Any]) -> ResponseReturnValue:
    wanted, instant = Wanted.read(given), now()
    with reading() as session:
        found = inbox_of(session, current_actor(), wanted, Page.read(given), instant)
        return page(
            "applications/inbox.html", found=found, rows=found.rows, saved=found.saved, wanted=wanted, instant=instant,
            delays=DELAYS, waiting=WAITING, kinds=KINDS, statuses=SHOWN, here=list_address, read=Wanted.read,
            cleared=Wanted(call=wanted.call, authority=wanted.authority), areas=_areas(found.scope),
            lines=_lines(found.scope),
        )  # fmt: skip


def list_address(wanted: Wanted, **other: Any) -> str:
    """The page of the list with this filter, changed as told."""
    told = wanted.told(**{name: value for name, value in other.items() if name not in ("after", "before")})
    told |= {name: str(other[name]) for name in ("after", "before") if name in other}
    slug = told.pop("call", None)
    where = url_for("applications.inbox", slug=slug) if slug else url_for("applications.inbox_all")
    return f"{where}?{urlencode(told)}" if told else where


def _areas(scope: Scope) -> dict[str, str]:
    return {area.key: area.name for area in scope.call.design.areas} if scope.call else {}


def _lines(scope: Scope) -> dict[str, Any]:
    lines = scope.call.design.budget_lines if scope.call else []
    return {line.key: line.name for line in lines} if len(lines) > 1 else {}


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(lazy_("Choose the filter to remove from the list of those that are kept."), "view") from error
