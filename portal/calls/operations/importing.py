"""A call's file becomes a draft, or replaces one; a call that was published takes no other file."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.access.queries import authority_by_code
from portal.calls.callfile import design_hash, design_to_json, document_hash, euro_to_cents
from portal.calls.designer.editing import EditKind
from portal.calls.models import Call
from portal.calls.operations.approval import return_to_draft
from portal.calls.operations.edits import note_whole
from portal.calls.operations.forms import bind_forms
from portal.calls.operations.parts import show_draft
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import call_with_slug_for_update, has_revision
from portal.calls.rules import CallDesign, CallStatus
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_

BEFORE_PUBLICATION = (CallStatus.DRAFT, CallStatus.APPROVED)


class AlreadyPublished(Conflict):
    """A published call changes by acts, not by its file."""

    default = lazy_(
        "A call with this address is published already, and the file differs from it. Change the `slug` of the file,"
        " or rectify the call or extend its deadline from its page."
    )


def import_call(session: Session, *, design: CallDesign, actor: Actor, now: datetime) -> Call:
    """Create a draft from a valid design, or replace the draft with its slug; an approved call is a draft again then.

    The file of a published call changes nothing when the call holds or once held exactly that file; any other raises
    AlreadyPublished. Deadlines and money are written at publication.
    """
    authority = authority_by_code(session, design.authority.code) or _new_authority(session, design)
    authorise(actor, Action.CALL_APPROVE, authority)
    call = call_with_slug_for_update(session, design.slug)
    if call is not None and _holds(session, call, design):
        return call
    held = dict(call.definition) if call is not None else None
    if call is None:
        call = _new_draft(session, authority, design, now)
    elif call.status not in BEFORE_PUBLICATION or call.authority_id != authority.id:
        raise AlreadyPublished
    elif call.status is CallStatus.APPROVED:
        return_to_draft(session, call=call, actor=actor, now=now)
    _bring_up_to_date(session, authority, design, actor, now)
    _replace_parts(session, call, design, now)
    add_revision(session, call=call, design=design, actor=actor, now=now)
    note_whole(session, call=call, kind=EditKind.IMPORTED, before=held, actor=actor, now=now)
    after = {"revision": call.revision, "sha256": design_hash(design)}
    record(session, at=now, actor=actor, event="call.imported", subject=call, after=after)
    return call


def _holds(session: Session, call: Call, design: CallDesign) -> bool:
    """Whether a draft or approved call is this design, or a published one is or once was."""
    sha256 = design_hash(design)
    if call.status in BEFORE_PUBLICATION:
        return document_hash(call.definition) == sha256
    return has_revision(session, call, sha256)


def _new_authority(session: Session, design: CallDesign) -> Authority:
    authority = Authority(code=design.authority.code, name=design.authority.name)
    session.add(authority)
    session.flush()
    return authority


def _bring_up_to_date(session: Session, authority: Authority, design: CallDesign, actor: Actor, now: datetime) -> None:
    """Take the profile of the file; what the file leaves out stays, and so does what the administrators wrote.

    Once they have saved settings of their own, the file fills in only what is empty; its office and its officer stay
    those of the call. The account that pays comes from files alone.
    """
    info, before = design.authority, _profile(authority)
    authority.istat_code = info.istat or authority.istat_code
    authority.fiscal_code = info.fiscal_code or authority.fiscal_code
    authority.iban = info.iban or authority.iban
    authority.bic = info.bic or authority.bic
    for name, said in (("name", info.name), ("office", design.office["it"][:300]), ("email", design.email)):
        if said and not (authority.is_settled and getattr(authority, name)):
            setattr(authority, name, said)
    after = _profile(authority)
    if before != after:
        record(session, at=now, actor=actor, event="authority.updated", subject=authority, before=before, after=after)


def _profile(authority: Authority) -> dict[str, str | None]:
    names = ("name", "istat_code", "fiscal_code", "office", "email", "iban", "bic")
    return {name: getattr(authority, name) for name in names}


def _new_draft(session: Session, authority: Authority, design: CallDesign, now: datetime) -> Call:
    call = Call(
        authority_id=authority.id,
        slug=design.slug,
        status=CallStatus.DRAFT,
        status_at=now,
        title=design.title,
        definition=design_to_json(design),
        revision=0,
        budget_cents=_budget(design),
    )
    session.add(call)
    session.flush()
    return call


def _budget(design: CallDesign) -> int:
    return sum(euro_to_cents(line.amount) for line in design.budget_lines)


def _replace_parts(session: Session, call: Call, design: CallDesign, now: datetime) -> None:
    """Phases, budget lines and the form of a draft are written anew."""
    show_draft(session, call=call, design=design, now=now)
    bind_forms(session, call=call, design=design, now=now)
