"""What the gates look at, read afresh: for one tranche or for many, always in the same number of statements."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Select, String, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, ConsortiumPartner, VerifiedFact
from portal.access.queries.consortia import leads_of
from portal.access.rules import ACCOUNT_RESTS_FOR, BankDetailsStatus, FactKind
from portal.access.rules.bank import rests_until, waits
from portal.calls.rules import GateName
from portal.coaching.queries import confirmed_minutes
from portal.grants.models import AidEntry
from portal.grants.rules import local_day
from portal.milestones.models import Milestone
from portal.milestones.rules import DONE
from portal.payments.gates import Facts, Gate, interpret
from portal.payments.models import Tranche


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """The account of an organisation: the verified one, a change that waits, the end of its cooling time."""

    account: BankDetails | None = None
    waits: bool = False
    rests_until: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether a change of account stops every payment: it waits, or is in its cooling time (P10)."""
        return self.waits or self.rests_until is not None

    @property
    def payable(self) -> BankDetails | None:
        """The account to pay now, or none while anything freezes it (P10)."""
        return None if self.is_frozen else self.account


@dataclass(frozen=True, slots=True)
class Standing:
    """The gates of one tranche, and the account it would be paid to."""

    gates: list[Gate]
    account: AccountStanding

    @property
    def closed(self) -> list[Gate]:
        """What stands in the way."""
        return [gate for gate in self.gates if not gate.is_open]


def standing_of(session: Session, tranches: Sequence[Tranche], now: datetime) -> dict[UUID, Standing]:
    """The gates the call declares for each tranche, and its account, as they stand now."""
    leads = leads_of(session, (tranche.grant.organisation for tranche in tranches))
    payees = {tranche.id: _payee(tranche, leads) for tranche in tranches}
    accounts = _accounts(session, set(payees.values()), now)
    looked_at = _looked_at(session, set(payees.values()), tranches)
    found = {}
    for tranche in tranches:
        payee, lead = payees[tranche.id], leads.get(tranche.grant.organisation_id)
        account = _rested(accounts.get(payee, AccountStanding()), lead, now)
        facts = _facts(
            tranche, today=local_day(now), account=account, durc=looked_at.durcs.get(payee),
            undone=looked_at.undone[tranche.grant_id],
            minutes=looked_at.minutes.get(tranche.grant.application_id, 0),
            codes=looked_at.codes,
        )  # fmt: skip
        found[tranche.id] = Standing(interpret(_gates_of(tranche, account), facts), account)
    return found


def account_standings(session: Session, tranches: Sequence[Tranche], now: datetime) -> dict[UUID, AccountStanding]:
    """The account of each tranche alone, by its key."""
    leads = leads_of(session, (tranche.grant.organisation for tranche in tranches))
    accounts = _accounts(session, {_payee(tranche, leads) for tranche in tranches}, now)
    return {
        tranche.id: _rested(
            accounts.get(_payee(tranche, leads), AccountStanding()), leads.get(tranche.grant.organisation_id), now
        )
        for tranche in tranches
    }


def _payee(tranche: Tranche, leads: dict[UUID, ConsortiumPartner]) -> UUID:
    """Who is paid: the lead of a consortium, else the recipient itself."""
    lead = leads.get(tranche.grant.organisation_id)
    return lead.organisation_id if lead else tranche.grant.organisation_id


def _rested(account: AccountStanding, lead: ConsortiumPartner | None, now: datetime) -> AccountStanding:
    """Another lead is another account: nothing is paid before the cooling time since it took over is past (P10)."""
    if lead is None or lead.took_over_at is None:
        return account
    ends = max(lead.took_over_at + ACCOUNT_RESTS_FOR, account.rests_until or now)
    return replace(account, rests_until=ends if ends > now else None)


def _gates_of(tranche: Tranche, account: AccountStanding) -> list[GateName]:
    """What the call declares; a change of account freezes a tranche whose call does not ask for the account too."""
    declared = [GateName(name) for name in tranche.gates]
    frozen = account.is_frozen and GateName.IBAN_VERIFIED not in declared
    return [*declared, GateName.IBAN_VERIFIED] if frozen else declared


def gates_of(session: Session, tranche: Tranche, now: datetime) -> list[Gate]:
    """The gates of one tranche, as they stand now."""
    return standing_of(session, [tranche], now)[tranche.id].gates


def _facts(
    tranche: Tranche, *, today: date, account: AccountStanding, durc: date | None, undone: list[tuple[int, str]],
    minutes: int, codes: dict[UUID, str | None],
) -> Facts:  # fmt: skip
    grant = tranche.grant
    own = tranche.milestone.number if tranche.milestone else 0
    return Facts(
        today=today,
        agreement_in_force=grant.agreement_in_force is not None,
        is_informal=grant.organisation.is_informal,
        cup=grant.cup,
        published_at=grant.published_at,
        verified_iban=account.account.iban if account.account else None,
        iban_waits=account.waits,
        account_rests_until=account.rests_until,
        durc_valid_until=durc,
        open_milestones=tuple(title for number, title in undone if number <= own),
        confirmed_minutes=minutes,
        minimum_minutes=grant.call.design.coaching.minimum_confirmed_minutes,
        aid_code=codes.get(grant.id),
        aid_waits=codes.get(grant.id, "") is None,
    )


def _accounts(session: Session, organisations: Iterable[UUID], now: datetime) -> dict[UUID, AccountStanding]:
    query = select(BankDetails).where(BankDetails.organisation_id.in_(organisations))
    rows: dict[UUID, list[BankDetails]] = defaultdict(list)
    query = query.order_by(BankDetails.proposed_at, BankDetails.id).execution_options(populate_existing=True)
    for row in session.scalars(query):
        rows[row.organisation_id].append(row)
    return {organisation: _account(each, now) for organisation, each in rows.items()}


def _account(rows: list[BankDetails], now: datetime) -> AccountStanding:
    in_force = next((row for row in rows if row.status is BankDetailsStatus.VERIFIED), None)
    return AccountStanding(account=in_force, waits=waits(rows), rests_until=rests_until(rows, now))


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Last days of DURCs by organisation; milestones undone and aid codes by grant; minutes by application."""

    durcs: dict[UUID, date | None]
    undone: dict[UUID, list[tuple[int, str]]]
    minutes: dict[UUID, int]
    codes: dict[UUID, str | None]


def _looked_at(session: Session, organisations: Iterable[UUID], tranches: Sequence[Tranche]) -> LookedAt:
    """What gates look at beside the account: one statement, and the minutes only where a gate asks for them."""
    asked = {t.grant.application_id for t in tranches if GateName.COACHING_CONFIRMED.value in t.gates}
    parts = [_durcs(organisations), _undone({tranche.grant_id for tranche in tranches})]
    if asked:
        confirmed = confirmed_minutes(asked).subquery()
        parts.append(_row("minutes", confirmed.c.application_id, number=confirmed.c.minutes))
    aided = {t.grant_id for t in tranches if GateName.AID_REGISTERED.value in t.gates}
    if aided:
        codes = _row("code", AidEntry.grant_id, title=AidEntry.cor)
        parts.append(codes.where(AidEntry.grant_id.in_(aided)))
    rows = session.execute(union_all(*parts).order_by("order", "number")).all()
    undone: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        if row.what == "undone":
            undone[row.key].append((row.number, row.title))
    return LookedAt(
        durcs={row.key: row.until for row in rows if row.what == "durc"},
        undone=undone,
        minutes={row.key: row.number for row in rows if row.what == "minutes"},
        codes={row.key: row.title for row in rows if row.what == "code"},
    )


def _row(
    what: str, key: Any, *, number: Any = None, title: Any = None, until: Any = None, order: Any = None
) -> Select[Any]:
    """One fact; a union needs every column of every part, empty where it says nothing."""
    said = (
        ("number", number, Integer()), ("title", title, String()), ("until", until, Date()), ("order", order, Date())
    )  # fmt: skip
    columns = [(cast(null(), kind) if value is None else value).label(name) for name, value, kind in said]
    return select(literal(what).label("what"), key.label("key"), *columns)


def _durcs(organisations: Iterable[UUID]) -> Select[Any]:
    """The newest comes last."""
    query = _row(
        "durc", VerifiedFact.organisation_id, until=VerifiedFact.valid_until, order=VerifiedFact.issued_on,
        number=func.row_number().over(order_by=VerifiedFact.id),
    )  # fmt: skip
    return query.where(VerifiedFact.organisation_id.in_(organisations), VerifiedFact.kind == FactKind.DURC)


def _undone(grants: Iterable[UUID]) -> Select[Any]:
    """Milestones that are neither accepted nor waived."""
    query = _row("undone", Milestone.grant_id, number=Milestone.number, title=Milestone.title)
    return query.where(Milestone.grant_id.in_(grants), Milestone.status.not_in(DONE))
