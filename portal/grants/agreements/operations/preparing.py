"""The office prepares the agreement, or an addendum to the one in force: a tagged PDF, its values kept with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_, speaking
from portal.core.written import written
from portal.documents.operations import store_bytes
from portal.grants.agreements.composing import Composition, compose, must_be_whole
from portal.grants.agreements.rendering import document_of
from portal.grants.agreements.rules import AFTERWARDS, BEFORE, LONGEST_REASON
from portal.grants.models import Agreement, AgreementArticle, Grant
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import grant_to_change
from portal.grants.rules import local_day, require


class CupMissing(Conflict):
    """The agreement carries the CUP."""

    default = lazy_("Record the CUP first: the agreement carries it.")


class NothingInForce(Conflict):
    """An addendum changes an agreement."""

    default = lazy_("No agreement is in force yet: there is nothing that an addendum could change.")


class OtherWords(Conflict):
    """A clause or a value changed after the preview was shown."""

    default = lazy_("A clause or a value changed after the preview was shown. Read it again, then prepare it.")


def prepare_agreement(
    session: Session, *, grant_id: UUID, actor: Actor, now: datetime, seen: str | None = None
) -> Agreement:
    """Write the agreement as a tagged PDF, in Italian; a new version replaces one that is not countersigned yet.

    `seen` is the fingerprint of the preview that was read. Raises CupMissing, ClausesMissing, OtherWords, IllegalMove.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_PREPARE, grant_id)
    require("prepare_agreement", BEFORE, grant.status)
    if grant.cup is None:
        raise CupMissing
    message = lazy_("The agreement of %(reference)s is ready to be signed.", reference=grant.reference)
    return _prepare(session, grant, None, message, actor, now, seen)


def prepare_addendum(session: Session, *, grant_id: UUID, change: str, actor: Actor, now: datetime) -> Agreement:
    """Write the agreement anew with the plan in force, saying what changes; the earlier one holds until both sign.

    `change`: a line for each thing that changes. Raises NothingInForce, Invalid or IllegalMove.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_PREPARE, grant_id)
    require("prepare_addendum", AFTERWARDS, grant.status)
    if grant.agreement_in_force is None:
        raise NothingInForce
    said = written(change, most=LONGEST_REASON, field="change", empty=lazy_("Write what the addendum changes."))
    message = lazy_("An addendum to the agreement of %(reference)s is ready to be signed.", reference=grant.reference)
    return _prepare(session, grant, said, message, actor, now)


def _prepare(
    session: Session, grant: Grant, change: str | None, message: object, actor: Actor, now: datetime,
    seen: str | None = None,
) -> Agreement:  # fmt: skip
    version = len(grant.agreements) + 1
    with speaking("it"):
        composition = compose(session, grant, now)
        must_be_whole(composition)
        if seen is not None and seen != composition.fingerprint:
            raise OtherWords
        content = document_of(grant, composition, version=version, change=change, today=local_day(now))
    file = store_bytes(
        session, name=f"convenzione-{grant.reference}-v{version}.pdf", media_type="application/pdf", content=content,
        actor=actor, now=now,
    )  # fmt: skip
    agreement = Agreement(
        grant_id=grant.id, version=version, file_id=file.id, prepared_by=actor.person_id, prepared_at=now,
        fields=_fixed_in(grant, composition), change=change,
    )  # fmt: skip
    session.add(agreement)
    session.flush()
    _keep_articles(session, agreement, composition)
    session.refresh(grant, ["agreements"])
    articles = [f"{each.version.text.key} {each.version.version}" for each in composition.articles]
    after = {"version": version, "sha256": file.sha256, "articles": articles, "change": change}
    record(session, at=now, actor=actor, event=Action.AGREEMENT_PREPARE, subject=grant, after=after)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/agreement_ready")
    return agreement


def _fixed_in(grant: Grant, composition: Composition) -> dict[str, str]:
    if composition.is_fixed:
        return {"cup": grant.cup or ""}
    return composition.values.fields | composition.values.tables


def _keep_articles(session: Session, agreement: Agreement, composition: Composition) -> None:
    session.add_all(
        AgreementArticle(agreement_id=agreement.id, number=each.number, version_id=each.version.id)
        for each in composition.articles
    )
    session.flush()
