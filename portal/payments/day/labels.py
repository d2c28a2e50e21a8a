"""Words of finance's home: what is waited for, whose the move is, how much of the term is left."""

from portal.core.i18n import _, lazy_
from portal.payments.day.rules import FAR, LATE, LATER, LATER_DAYS, SOON, SOON_DAYS, Reason, Step, Whose
from portal.payments.gate_words import GATE, MEND

WHOSE = {
    Whose.RECIPIENT: lazy_("the recipient"),
    Whose.OFFICE: lazy_("the office"),
    Whose.MAKER: lazy_("who proposes payments"),
    Whose.CHECKER: lazy_("who approves payments"),
    Whose.BANK: lazy_("the bank"),
}
STEP = {
    Step.HALTED: lazy_("The grant is suspended or over"),
    Step.TO_VERIFY: lazy_("The request is to be verified"),
    Step.TO_PROPOSE: lazy_("The payment is to be proposed"),
    Step.TO_APPROVE: lazy_("The payment is to be approved"),
    Step.WITH_THE_BANK: lazy_("The bank has not answered yet"),
}
MEND_STEP = {
    Step.HALTED: lazy_("The office resumes the grant, or ends it"),
    Step.TO_VERIFY: lazy_("The office opens the tranche and verifies it"),
    Step.TO_PROPOSE: lazy_("Open the tranche and propose it"),
    Step.TO_APPROVE: lazy_("A person other than who proposed it approves it"),
    Step.WITH_THE_BANK: lazy_("Record what the bank said, or read its file"),
}


def reason_label(reason: Reason) -> str:
    """What stands in the way, in words."""
    return str(STEP[reason]) if isinstance(reason, Step) else str(_("Missing: %(what)s", what=GATE[reason]))


def mend_label(reason: Reason) -> str:
    """How it is taken away."""
    return str(MEND_STEP[reason]) if isinstance(reason, Step) else str(MEND[reason])


BAND = {
    LATE: lazy_("past the term"),
    SOON: lazy_("%(days)s days left at most", days=SOON_DAYS),
    LATER: lazy_("from %(least)s to %(most)s days left", least=SOON_DAYS + 1, most=LATER_DAYS),
    FAR: lazy_("more than %(days)s days left", days=LATER_DAYS),
}
