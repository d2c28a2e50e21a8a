"""The list of checks of a grant as it stands: what was found, what is read elsewhere, what was drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from portal.access.models import BankDetails, VerifiedFact
from portal.access.policy import Action, authorise
from portal.access.rules import BankDetailsStatus, FactKind
from portal.calls.rules import CheckKind, GrantCheck
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.documents.models import StoredFile
from portal.grants.aid.queries import receivers
from portal.grants.checking.rules import (
    DONE,
    READ,
    CheckOutcome,
    Found,
    Standing,
    checks_of,
    earliest,
    last_day,
    standing_of,
)
from portal.grants.models import AidEntry, CheckFinding, Grant, SampleDraw
from portal.grants.queries import grant_to_read

Facts = dict[CheckKind, Found]
POSITIVE = Found(CheckOutcome.POSITIVE)
OF_ROW: dict[str, tuple[CheckKind, ...]] = {
    "durc": (),
    "account": (CheckKind.ACCOUNT,),
    "aid": (CheckKind.DE_MINIMIS, CheckKind.AID_CODE),
}
"""What a fact makes positive; a grant that is aid has its code only later."""


@dataclass(frozen=True, slots=True)
class CheckState:
    """One check as it stands: with the newest finding, or the fact that is read."""

    check: GrantCheck
    standing: Standing
    valid_until: date | None
    finding: CheckFinding | None

    @property
    def is_done(self) -> bool:
        """Whether nothing more is needed."""
        return self.standing in DONE

    @property
    def is_read(self) -> bool:
        """Whether it is read where it stands, and never found here."""
        return self.check.kind in READ


def checklist_of(session: Session, grant: Grant, today: date) -> list[CheckState]:
    """The checks of a grant, in the order of the call."""
    checks = checks_of(grant.application.design.award, was_group=grant.incorporation is not None)
    if not checks:
        return []
    findings = {row.key: row for row in _findings(session, grant.id)}
    payee = receivers(session, [grant.organisation])[grant.organisation_id]
    facts = _facts(session, grant.id, payee, checks)
    drawn = _drawn(session, grant, checks)
    return [_state(each, findings.get(each.key), facts, drawn.get(each.key), grant, today) for each in checks]


def holds_until(states: Sequence[CheckState]) -> date | None:
    """The first day on which something of a list that is done expires; None where nothing does."""
    return earliest(state.valid_until for state in states if state.standing is Standing.POSITIVE)


def evidence_of(session: Session, actor: Actor, grant_id: UUID, file_id: UUID) -> StoredFile:
    """The file of a finding of a grant, for whoever reads its checks; NotFound otherwise (P13)."""
    grant = grant_to_read(session, actor, grant_id)
    authorise(actor, Action.CHECK_READ, grant)
    query = select(CheckFinding.id).where(CheckFinding.grant_id == grant_id, CheckFinding.file_id == file_id)
    if session.scalars(query.limit(1)).first() is None:
        raise NotFound
    return session.get_one(StoredFile, file_id)


def _state(
    check: GrantCheck, finding: CheckFinding | None, facts: Facts, drawn: bool | None, grant: Grant, today: date
) -> CheckState:
    found = facts.get(check.kind) if check.kind in READ else None
    if finding is not None and (check.kind not in READ or found is None):
        found = Found(finding.outcome, finding.valid_until)
    standing = standing_of(check, found, cents=grant.awarded_cents, drawn=drawn, today=today)
    return CheckState(check, standing, found.valid_until if found else None, finding)


def _findings(session: Session, grant_id: UUID) -> Sequence[CheckFinding]:
    query = (
        select(CheckFinding)
        .where(CheckFinding.grant_id == grant_id)
        .options(joinedload(CheckFinding.file), joinedload(CheckFinding.person))
        .order_by(CheckFinding.found_at, CheckFinding.id)
    )
    return session.scalars(query).all()


def _facts(session: Session, grant_id: UUID, payee: UUID, checks: Sequence[GrantCheck]) -> Facts:
    """What is read elsewhere, in one statement: the DURCs and the account of who is paid, the grant as aid."""
    asked = {check.kind: check for check in checks if check.kind in READ}
    if not asked:
        return {}
    durcs = _row("durc", VerifiedFact.issued_on, VerifiedFact.valid_until).where(
        VerifiedFact.organisation_id == payee, VerifiedFact.kind == FactKind.DURC
    )
    accounts = _row("account").where(
        BankDetails.organisation_id == payee, BankDetails.status == BankDetailsStatus.VERIFIED
    )
    aid = _row("aid", AidEntry.granted_on, code=AidEntry.cor).where(AidEntry.grant_id == grant_id)
    rows = session.execute(union_all(durcs, accounts, aid).order_by("day", "until")).all()
    found: Facts = {}
    for what, day, until, code in rows:
        if what == "durc" and CheckKind.DURC in asked:
            found[CheckKind.DURC] = Found(CheckOutcome.POSITIVE, last_day(asked[CheckKind.DURC], day, until))
        for kind in OF_ROW[what] if code or what != "aid" else OF_ROW[what][:1]:
            found.setdefault(kind, POSITIVE)
    return found


def _row(what: str, day: Any = None, until: Any = None, code: Any = None) -> Select[Any]:
    """One fact; a union needs every column of every part, empty where it says nothing."""
    given = (("day", day, Date()), ("until", until, Date()), ("code", code, String()))
    columns = [(cast(null(), kind) if value is None else value).label(name) for name, value, kind in given]
    return select(literal(what).label("what"), *columns)


def _drawn(session: Session, grant: Grant, checks: Sequence[GrantCheck]) -> dict[str, bool]:
    """For each check by sample whether the grant was drawn; no key where no draw has looked at it."""
    if all(check.sample is None for check in checks):
        return {}
    query = select(SampleDraw).where(SampleDraw.call_id == grant.call_id).order_by(SampleDraw.drawn_at, SampleDraw.id)
    looked_at = [draw for draw in session.scalars(query) if grant.reference in draw.population]
    return {draw.key: grant.reference in draw.drawn for draw in looked_at}
