"""A call's file becomes a draft, or replaces one; a call that was approved takes no other file."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.access.queries import authority_by_code
from portal.calls.callfile import design_hash, design_to_json, document_hash, euro_to_cents
from portal.calls.models import Call, CallBudgetLine, Phase
from portal.calls.operations.revisions import add_revision
from portal.calls.queries import call_with_slug_for_update, has_revision
from portal.calls.rules import CallDesign, CallStatus, PhaseStatus
from portal.calls.rules.times import instant_of
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.questionnaires.models import FormRevision


class AlreadyPublished(Conflict):
    """An approved or published call changes by acts, not by its file."""

    default = lazy_(
        "A call with this address is approved already, and the file differs from it. Change the `slug` of the file,"
        " or extend the deadline from the page of the call."
    )


def import_call(session: Session, *, design: CallDesign, actor: Actor, now: datetime) -> Call:
    """Create a draft from a valid design, or replace the draft with its slug.

    The file of a call that is no longer a draft changes nothing when the call holds or once held exactly that
    file; any other raises AlreadyPublished. Deadlines and money are written at publication.
    """
    authority = authority_by_code(session, design.authority.code) or _new_authority(session, design)
    authorise(actor, Action.CALL_APPROVE, authority)
    call = call_with_slug_for_update(session, design.slug)
    if call is not None and _holds(session, call, design):
        return call
    if call is None:
        call = _new_draft(session, authority, design, now)
    elif call.status is not CallStatus.DRAFT or call.authority_id != authority.id:
        raise AlreadyPublished
    _bring_up_to_date(session, authority, design, actor, now)
    _replace_parts(session, call, design, now)
    add_revision(session, call=call, design=design, actor=actor, now=now)
    after = {"revision": call.revision, "sha256": design_hash(design)}
    record(session, at=now, actor=actor, event="call.imported", subject=call, after=after)
    return call


def _holds(session: Session, call: Call, design: CallDesign) -> bool:
    """Whether a draft is this design, or a later call is or once was."""
    sha256 = design_hash(design)
    if call.status is CallStatus.DRAFT:
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
    """Phases and budget lines of a draft hold no deadline and no money yet: they are written anew."""
    session.execute(delete(Phase).where(Phase.call_id == call.id))
    session.execute(delete(CallBudgetLine).where(CallBudgetLine.call_id == call.id))
    call.budget_cents = _budget(design)
    for position, phase in enumerate(design.phases, start=1):
        session.add(
            Phase(
                call_id=call.id,
                key=phase.key,
                position=position,
                name=phase.name,
                status=PhaseStatus.PLANNED,
                status_at=now,
                opens_at=instant_of(phase.opens, phase.zone),
                closes_at=instant_of(phase.deadlines[-1].closes, phase.zone),
                zone=phase.zone,
            )
        )
    for line in design.budget_lines:
        session.add(
            CallBudgetLine(call_id=call.id, key=line.key, name=line.name, amount_cents=euro_to_cents(line.amount))
        )
    call.form_revision_id = _form(session, call, design, now).id
    session.flush()
    session.expire(call, ["phases"])


def _form(session: Session, call: Call, design: CallDesign, now: datetime) -> FormRevision:
    """The questionnaire's revision: the last one where it did not change."""
    definition = design_to_json(design)["questionnaire"]
    query = select(FormRevision).where(FormRevision.owner_id == call.id).order_by(FormRevision.number.desc())
    last = session.scalars(query.limit(1)).one_or_none()
    sha256 = document_hash(definition)
    if last is not None and last.sha256 == sha256:
        return last
    form = FormRevision(
        owner_id=call.id,
        number=last.number + 1 if last else 1,
        definition=definition,
        sha256=sha256,
        created_at=now,
    )
    session.add(form)
    session.flush()
    return form
