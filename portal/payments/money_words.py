"""What gates on money see, in words: how much is asked, how much is there, until when."""

from portal.core.i18n import _, ngettext
from portal.core.instants import format_day
from portal.core.money import format_money
from portal.payments.gates import Gate, Reports, Spending, TaxDebts
from portal.payments.guarantees.rules import Covering
from portal.payments.taxes.rules import DebtOutcome


def money_detail(gate: Gate) -> str | None:
    """The fact of a gate on money; nothing where there is none."""
    match gate.fact:
        case Covering() as covering:
            return _covering(covering)
        case Spending() as spending:
            asked, there = format_money(spending.needed_cents), format_money(spending.justified_cents)
            return str(_("%(there)s approved of %(asked)s asked", there=there, asked=asked))
        case Reports() as reports:
            return _reports(reports)
        case TaxDebts() as tax:
            return _tax(tax)
        case int() as number if number:
            return str(ngettext("%(num)d is open", "%(num)d are open", number))
        case _:
            return None


def _covering(covering: Covering) -> str:
    return str(
        _(
            "%(there)s guaranteed until %(day)s at least, %(asked)s asked",
            there=format_money(covering.covered_cents), day=format_day(covering.needed_until),
            asked=format_money(covering.needed_cents),
        )
    )  # fmt: skip


def _reports(reports: Reports) -> str:
    said = str(_("%(there)s approved of %(asked)s", there=reports.approved, asked=reports.needed))
    if reports.due_cents is None:
        return said
    return said + " · " + str(_("to be reimbursed: %(amount)s", amount=format_money(reports.due_cents)))


def _tax(tax: TaxDebts) -> str:
    if not tax.is_asked:
        return str(_("not needed up to %(amount)s", amount=format_money(tax.above_cents)))
    if not tax.beside_cents:
        return _answered(tax)
    together = _("%(amount)s with what else is on its way to them", amount=format_money(tax.together_cents))
    return f"{_answered(tax)} · {together}"


def _answered(tax: TaxDebts) -> str:
    if tax.answer is None:
        return str(_("not checked yet"))
    if tax.answer.outcome is DebtOutcome.DEBTS:
        return str(_("debts found on %(day)s: the payment is held", day=format_day(tax.answer.checked_on)))
    return str(_("nothing owed; the answer holds until %(day)s", day=format_day(tax.answer.last_day(tax.days))))
