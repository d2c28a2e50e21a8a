"""What the page of the end of a grant shows: proceedings, acts, and what an act would do with the money."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.core.errors import Invalid
from portal.documents.web import listed
from portal.grants.changes import queries
from portal.grants.changes.forms import ActForm, cents_of
from portal.grants.changes.operations import ActTyped
from portal.grants.changes.rules import EndKind, Money, Shares, partial, total
from portal.grants.models import Grant, Proceeding
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind


@dataclass(frozen=True, slots=True)
class ActEffect:
    """What the act would do: cents freed and asked back, what the budget line holds then, tranches that fall away."""

    money: Money
    shares: Shares | None
    line_before: int
    tranches: int
    with_the_bank: bool

    @property
    def seen(self) -> str:
        """The money of the page, as its form sends it back."""
        money = self.money
        return f"{money.unreleased}-{money.on_its_way}-{money.paid}-{money.asked_back}"


def shown_of(session: Session, grant: Grant, today: date) -> dict[str, Any]:
    """Proceedings and acts of a grant; of open ones, the effect of their act."""
    proceedings = queries.proceedings_of(session, grant.id)
    current = next((each for each in proceedings if each.is_open), None)
    return {
        "proceedings": [each for each in proceedings if not each.is_open],
        "current": current,
        "ripe": current is not None and current.is_ripe_on(today),
        "acts": queries.acts_of(session, grant.id),
        "effect": effect_of_act(session, grant, current) if current else None,
        "reply_files": {each.id: _file(grant, each) for each in proceedings if each.reply_file},
    }


def effect_of_act(session: Session, grant: Grant, row: Proceeding) -> ActEffect:
    """What the act that closes these proceedings would do, all that was paid being asked back by a revocation."""
    money = queries.standing_money(session, grant.id)
    tranches = queries.standing_tranches(session, grant.id)
    return ActEffect(
        money=money, shares=_shares(row, money),
        line_before=balance_of(session, AccountKind.BUDGET, grant.budget_line_id),
        tranches=sum(not each.is_paid for each in tranches),
        with_the_bank=any(each.is_with_the_bank for each in tranches),
    )  # fmt: skip


def typed_act(form: ActForm) -> ActTyped:
    """The act as the operation takes it."""
    typed = (form.to_return.data or "").strip()
    try:
        to_return = cents_of(typed) if typed else None
    except Invalid as fault:
        raise Invalid(fault.message, "to_return") from fault
    return ActTyped(form.act_number.data, form.act_date.data, form.reason.data, to_return, _seen(form.seen.data))


def _shares(row: Proceeding, money: Money) -> Shares | None:
    """None where it cannot be done as things stand now."""
    try:
        if row.kind is EndKind.PARTIAL_REVOCATION:
            return partial(money, row.cents or 0)
        return total(money, money.returnable if row.kind is EndKind.REVOCATION else 0)
    except Invalid:
        return None


def _seen(text: str | None) -> Money:
    """What the form says was shown; anything else was never shown."""
    parts = (text or "").split("-")
    is_whole = len(parts) == 4 and all(part.isascii() and part.isdecimal() for part in parts)
    return Money(*map(int, parts)) if is_whole else Money(-1, -1, -1)


def _file(grant: Grant, row: Proceeding) -> dict[str, Any] | None:
    file = row.reply_file
    return listed(file, url=url_for("grants.reply_file", grant_id=grant.id, file_id=file.id)) if file else None
