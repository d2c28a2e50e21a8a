"""The page of a call as it was, and what changed between two of its revisions."""

from collections.abc import Callable, Iterable
from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.access.labels import KINDS, LEGAL_FORMS
from portal.access.policy import Action
from portal.access.web import current_actor, declares
from portal.calls import labels
from portal.calls.differences import differences
from portal.calls.models import Call, CallRevision
from portal.calls.past import call_then
from portal.calls.queries import call_by_slug
from portal.calls.queries.publication import events_of, published_revisions
from portal.calls.rules.times import NoSuchTime, instant_of
from portal.calls.views.public import bp
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import _
from portal.core.instants import ROME
from portal.core.unit_of_work import reading
from portal.core.web import page


@bp.get("/calls/<slug>/on")
@declares(Action.PUBLIC_READ)
def on(slug: str) -> ResponseReturnValue:
    """The page as it was at a minute of Rome's clock; without one, the list of what changed."""
    wanted = request.args.get("at", "")[:32]
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        if call.published_at is None:
            raise NotFound
        at = _minute(wanted)
        if at is None or not call.published_at <= at <= now():
            return _history_page(session, call, wanted, _fault(at) if wanted else "")
        then = call_then(session, call, at)
        return page(
            "calls/then.html", call=call, then=then, design=then.design, phase=then.shown_phase(at), at=at,
            wanted=wanted, labels=labels, kinds=KINDS, forms=LEGAL_FORMS, instant=at,
        )  # fmt: skip


def _history_page(session: Session, call: Call, wanted: str, fault: str) -> ResponseReturnValue:
    return page(
        "calls/history.html", 422 if fault else 200, call=call, wanted=wanted, fault=fault, labels=labels,
        revisions=published_revisions(session, call), events=events_of(session, call, public=True),
    )  # fmt: skip


@bp.get("/calls/<slug>/compare")
@declares(Action.PUBLIC_READ)
def compare(slug: str) -> ResponseReturnValue:
    """What changed between two published revisions."""
    with reading() as session:
        call = call_by_slug(session, slug, current_actor())
        revisions = {revision.number: revision for revision in published_revisions(session, call)}
        before, after = _chosen("from", revisions, min), _chosen("to", revisions, max)
        return page(
            "calls/compare.html", call=call, revisions=list(revisions.values()), before=before, after=after,
            differences=differences(before.definition, after.definition), labels=labels,
        )  # fmt: skip


def _minute(wanted: str) -> datetime | None:
    try:
        return instant_of(datetime.fromisoformat(wanted), ROME)
    except (ValueError, NoSuchTime, OverflowError):
        return None


def _fault(at: datetime | None) -> str:
    if at is None:
        words = _(
            "Write the day and the hour as on a clock in Rome; an hour that clocks skip or repeat cannot be shown."
        )
        return str(words)
    return str(_("Choose a moment between the publication of the call and now."))


def _chosen(name: str, revisions: dict[int, CallRevision], otherwise: Callable[[Iterable[int]], int]) -> CallRevision:
    number = request.args.get(name, "")
    if not revisions:
        raise NotFound
    chosen = int(number) if number.isdecimal() and len(number) < 6 else otherwise(revisions)
    if chosen not in revisions:
        raise NotFound
    return revisions[chosen]
