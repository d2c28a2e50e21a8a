"""Words of the ledger: accounts and reasons, as people read them."""

from portal.core.i18n import lazy_
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind, PostingKind

POSTING = {
    PostingKind.BUDGET_OPENED: lazy_("budget opened"),
    PostingKind.BUDGET_RELEASED: lazy_("budget given back"),
    PostingKind.AWARDED: lazy_("grant awarded"),
    PostingKind.AWARD_REDUCED: lazy_("grant reduced"),
    PostingKind.RELEASE_APPROVED: lazy_("release approved"),
    PostingKind.PAYMENT_RECORDED: lazy_("payment recorded"),
    PostingKind.PAYMENT_RETURNED: lazy_("payment returned by the bank"),
    PostingKind.REVERSED: lazy_("reversed"),
    PostingKind.TAX_WITHHELD: lazy_("tax withheld"),
    PostingKind.RECOVERY_DECIDED: lazy_("amount to be returned"),
    PostingKind.INTEREST_CHARGED: lazy_("interest charged"),
    PostingKind.MONEY_RETURNED: lazy_("money returned by the recipient"),
    PostingKind.GUARANTEE_PAID: lazy_("money paid by the guarantor"),
    PostingKind.BUDGET_RESTORED: lazy_("money returned to the budget"),
}
ACCOUNT = {
    AccountKind.FUND: lazy_("Fund"),
    AccountKind.BUDGET: lazy_("Budget"),
    AccountKind.AWARD: lazy_("Award"),
    AccountKind.PAYABLE: lazy_("Payable"),
    AccountKind.PAID: lazy_("Paid out"),
    AccountKind.WITHHELD: lazy_("Tax withheld"),
    AccountKind.RECOVERABLE: lazy_("To be returned"),
    AccountKind.RETURNED: lazy_("Returned"),
    AccountKind.INTEREST: lazy_("Interest"),
}
HOLDS = {
    AccountKind.FUND: lazy_("what each fund has given (a source: always below zero)"),
    AccountKind.BUDGET: lazy_("money of calls that nobody was awarded yet"),
    AccountKind.AWARD: lazy_("awarded, not yet released"),
    AccountKind.PAYABLE: lazy_("released, not yet paid by the bank"),
    AccountKind.PAID: lazy_("paid to recipients"),
    AccountKind.WITHHELD: lazy_("tax kept back from payments"),
    AccountKind.RECOVERABLE: lazy_("what recipients have to give back"),
    AccountKind.RETURNED: lazy_("given back, not yet returned to the budget"),
    AccountKind.INTEREST: lazy_("interest charged on what is given back (a source: always below zero)"),
}
"""What stands on the accounts of each kind."""


PAGES = {"tranche": "/tranches/", "grant_award": "/grants/"}
"""Where the thing stands on whose behalf money moved, by its table."""


def account_name(account: Account) -> str:
    """An account by its kind, in words, and what it belongs to."""
    return named(account.kind, account.name)


def named(kind: AccountKind, name: str) -> str:
    """The same, of an account of which only kind and name were read."""
    owner = name.removeprefix(kind.value).strip()
    return f"{ACCOUNT[kind]} · {owner}" if owner else str(ACCOUNT[kind])
