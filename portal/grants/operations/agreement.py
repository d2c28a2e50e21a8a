"""The agreement (convenzione): prepared by the office, signed by the recipient, countersigned by somebody else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_, speaking
from portal.core.pdf import render_pdf
from portal.documents.operations import Arrived, store_bytes, store_upload
from portal.documents.rules import FileRules
from portal.grants.labels import LEGAL_FORMS
from portal.grants.models import Agreement, Grant
from portal.grants.operations.apart import stand_apart
from portal.grants.operations.news import tell_grant_team, tell_office
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import (
    ACTIVATE,
    AGREEMENT_TYPES,
    LARGEST_FILE,
    GrantActivated,
    GrantStatus,
    local_day,
    months_after,
    require,
    tranche_amounts,
)
from portal.grants.words import amount_in_words

READY = frozenset({GrantStatus.READY})
SIGNED_COPY = FileRules(AGREEMENT_TYPES, LARGEST_FILE, field="signed_copy")


class CupMissing(Conflict):
    """The agreement carries the CUP."""

    default = lazy_("Record the CUP first: the agreement carries it.")


class NotPrepared(Conflict):
    """There is nothing to sign yet."""

    default = lazy_("The office has not prepared the agreement yet.")


class NotSigned(Conflict):
    """The recipient signs first."""

    default = lazy_("The recipient has not signed the agreement yet.")


class OtherCopy(Conflict):
    """Another signed copy was uploaded after the page was shown."""

    default = lazy_("Another signed copy was uploaded in the meantime. Reload the page and check that one.")


def prepare_agreement(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Agreement:
    """Write the agreement as a tagged PDF, in Italian; a new version replaces one that is not countersigned yet."""
    grant = grant_to_change(session, actor, Action.AGREEMENT_PREPARE, grant_id)
    require("prepare_agreement", READY, grant.status)
    if grant.cup is None:
        raise CupMissing
    version = len(grant.agreements) + 1
    with speaking("it"):
        terms = _terms(grant, version, local_day(now))
        content = render_pdf("grants/agreement.pdf.html", issuer=grant.call.authority, **terms)
    file = store_bytes(
        session, name=f"convenzione-{grant.reference}-v{version}.pdf", media_type="application/pdf", content=content,
        actor=actor, now=now,
    )  # fmt: skip
    agreement = Agreement(
        grant_id=grant.id, version=version, file_id=file.id, prepared_by=actor.person_id, prepared_at=now
    )
    session.add(agreement)
    session.flush()
    session.refresh(grant, ["agreements"])
    _note(session, grant, Action.AGREEMENT_PREPARE, {"version": version, "sha256": file.sha256}, actor, now)
    message = lazy_("The agreement of %(reference)s is ready to be signed.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/agreement_ready")
    return agreement


def signed_copy_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the signed copy, to whoever may send it."""
    authorise(actor, Action.AGREEMENT_SIGN, grant_to_read(session, actor, grant_id))
    return SIGNED_COPY


def sign_agreement(
    session: Session, *, grant_id: UUID, upload: Arrived | None, actor: Actor, now: datetime
) -> Agreement:
    """Take the copy signed by the legal representative (PDF or p7m); until countersigned it may be sent again."""
    grant = grant_to_change(session, actor, Action.AGREEMENT_SIGN, grant_id)
    require("sign_agreement", READY, grant.status)
    agreement = grant.agreement
    if agreement is None:
        raise NotPrepared
    file = store_upload(session, upload=upload, rules=SIGNED_COPY, actor=actor, now=now)
    agreement.signed_file_id, agreement.signed_by, agreement.signed_at = file.id, actor.person_id, now
    after = {"version": agreement.version, "sha256": file.sha256}
    _note(session, grant, Action.AGREEMENT_SIGN, after, actor, now)
    message = lazy_("%(name)s has signed the agreement: countersign it.", name=grant.organisation.name)
    tell_office(session, authority_id=grant.authority_id, message=message, path=f"/grants/{grant.id}", now=now)
    return agreement


def countersign_agreement(
    session: Session, *, grant_id: UUID, actor: Actor, now: datetime, seen_file_id: UUID | None = None
) -> Grant:
    """Countersign for the authority, by a person other than who signed: the grant is active from today.

    `seen_file_id` binds the decision to the signed copy that was shown. Raises NotSigned, OtherCopy, TwoPeople.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_COUNTERSIGN, grant_id)
    require("countersign_agreement", READY, grant.status)
    agreement = grant.agreement
    if agreement is None or agreement.signed_at is None:
        raise NotSigned
    if seen_file_id is not None and seen_file_id != agreement.signed_file_id:
        raise OtherCopy
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=agreement.signed_by)
    agreement.countersigned_by, agreement.countersigned_at = actor.person_id, now
    _note(session, grant, Action.AGREEMENT_COUNTERSIGN, {"version": agreement.version}, actor, now)
    return _activate(session, grant, actor=actor, now=now)


def _activate(session: Session, grant: Grant, *, actor: Actor, now: datetime) -> Grant:
    before = grant.status
    grant.make(ACTIVATE, at=now)
    grant.starts_on = local_day(now)
    months = max((milestone.month for milestone in grant.call.design.milestones), default=0)
    grant.ends_on = months_after(grant.starts_on, months) if months else None
    record(
        session, at=now, actor=actor, event="grant.activated", subject=grant, before={"status": before},
        after={"status": grant.status, "starts_on": grant.starts_on, "ends_on": grant.ends_on},
    )  # fmt: skip
    announce(session, GrantActivated(grant_id=grant.id, at=now))
    message = lazy_("The agreement of %(reference)s is in force: your project begins.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/activated")
    return grant


def _note(session: Session, grant: Grant, event: Action, after: dict[str, object], actor: Actor, now: datetime) -> None:
    record(session, at=now, actor=actor, event=event, subject=grant, after=after)


def _terms(grant: Grant, version: int, today: date) -> dict[str, object]:
    """Everything that the agreement says."""
    design = grant.call.design
    amounts = tranche_amounts(grant.awarded_cents, [tranche.share for tranche in design.tranches])
    return {
        "grant": grant,
        "design": design,
        "version": version,
        "today": today,
        "tranches": list(zip(design.tranches, amounts, strict=True)),
        "milestones": {milestone.key: milestone for milestone in design.milestones},
        "amount_words": amount_in_words(grant.awarded_cents),
        "legal_form": LEGAL_FORMS[grant.organisation.legal_form],
    }
