"""A call begins as an empty page, as a copy of another, or as a file; and a draft is sealed when it is approved."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.access.queries import authority_by_code
from portal.calls.callfile import CallFileRefused, design_from_json, read_call_file
from portal.calls.designer.documents import canonical, new_design
from portal.calls.designer.editing import EditKind
from portal.calls.designer.places import Document
from portal.calls.models import Call
from portal.calls.operations.edits import note_whole
from portal.calls.operations.importing import import_call
from portal.calls.operations.parts import show_draft
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import call_by_slug, call_with_slug_for_update
from portal.calls.rules import CallStatus, Text
from portal.calls.rules.times import wall_time
from portal.calls.rules.validity import SLUG, Fault
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.instants import ROME

LONGEST_SLUG = 80
OWN_PAGES = {"new", "file"}
"""Addresses among the pages of the office that are no call."""
FROM_AN_EARLIER_CALL = ("acts", "cup", "synthetic", "notes")
"""What a copy does not take over: acts and codes are those of the call that was copied."""


OF_THE_AUTHORITY = ("fiscal_code", "iban", "bic")
OTHER_PROFILE = lazy_("This is not what the portal knows of the authority.")
LEAVE_OUT = lazy_("Take this key out of the file: whoever runs the portal changes it.")


class AddressTaken(Conflict):
    """Two calls cannot share an address."""

    default = lazy_("Another call has this address already. Choose another one.")

    def __init__(self) -> None:
        super().__init__(field="slug")


def begin_call(session: Session, *, authority_id: UUID, title: Text, slug: str, actor: Actor, now: datetime) -> Call:
    """A draft with nothing but its name. Raises Forbidden, Invalid for an address that cannot be, AddressTaken."""
    authority = _home(session, authority_id, actor)
    document = new_design(
        slug=_free(session, slug), title=title, code=authority.code, authority=authority.name, officer=actor.name,
        email=authority.email or "", today=wall_time(now, ROME).date(),
    )  # fmt: skip
    return _begin(session, authority, document, EditKind.CREATED, actor, now)


def copy_call(
    session: Session, *, authority_id: UUID, source: str, title: Text, slug: str, actor: Actor, now: datetime
) -> Call:
    """A draft that says what another call says: one of the own authority, or a published one. Its acts stay there."""
    authority = _home(session, authority_id, actor)
    copied: dict[str, Any] = dict(call_by_slug(session, source, actor).definition)
    if copied["authority"]["code"] != authority.code:
        copied["authority"] = {"code": authority.code, "name": authority.name}
        copied |= {"officer": actor.name, "email": authority.email or "", "office": {"it": "", "en": ""}}
    for name in FROM_AN_EARLIER_CALL:
        copied.pop(name, None)
    document = canonical({**copied, "slug": _free(session, slug), "title": title})
    return _begin(session, authority, document, EditKind.CREATED, actor, now)


def begin_from_file(session: Session, *, text: str, actor: Actor, now: datetime) -> Call:
    """A draft from a file, or a draft replaced by it. Raises CallFileRefused with every fault, and as `import_call`.

    The profile of the authority stays as it is: its account and codes come from whoever runs the portal.
    """
    design = read_call_file(text)
    authority = authority_by_code(session, design.authority.code)
    if authority is None:
        raise Forbidden
    authorise(actor, Action.CALL_DESIGN, authority)
    stored = {"istat": authority.istat_code, **{name: getattr(authority, name) for name in OF_THE_AUTHORITY}}
    others = [name for name, held in stored.items() if getattr(design.authority, name) not in (None, held)]
    if others:
        raise CallFileRefused([Fault(f"authority.{name}", OTHER_PROFILE, LEAVE_OUT) for name in others])
    return import_call(session, design=design, actor=actor, now=now)


def _home(session: Session, authority_id: UUID, actor: Actor) -> Authority:
    authority = session.get(Authority, authority_id)
    if authority is None:
        raise NotFound
    authorise(actor, Action.CALL_DESIGN, authority)
    return authority


def _free(session: Session, slug: str) -> str:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid(lazy_("Write small words joined by hyphens, at most 80 characters."), "slug")
    if slug in OWN_PAGES or call_with_slug_for_update(session, slug) is not None:
        raise AddressTaken
    return slug


def _begin(
    session: Session, authority: Authority, document: Document, kind: EditKind, actor: Actor, now: datetime
) -> Call:
    design = design_from_json(document)
    call = Call(
        authority_id=authority.id, slug=design.slug, status=CallStatus.DRAFT, status_at=now, title=design.title,
        definition=document, revision=0, budget_cents=0,
    )  # fmt: skip
    session.add(call)
    session.flush()
    show_draft(session, call=call, design=design, now=now)
    revision = add_revision(session, call=call, design=design, actor=actor, now=now)
    note_whole(session, call=call, kind=kind, before=None, actor=actor, now=now)
    after = {"slug": call.slug, "sha256": revision.sha256}
    record(session, at=now, actor=actor, event="call.begun", subject=call, after=after)
    return call
