"""What files and messages of the bank are called, and what a person can do about each that waits."""

from portal.core.i18n import lazy_
from portal.payments.bank.rules import Answer, BankFileKind, Outcome, Said, Trouble

KIND = {
    BankFileKind.STATUS: lazy_("status report (pain.002)"),
    BankFileKind.BOOKED: lazy_("movements of the account (camt.054)"),
    BankFileKind.MANDATES: lazy_("paid mandates (CSV)"),
}
SAID = {
    Said.WAITING: lazy_("not settled yet"),
    Said.PAID: lazy_("paid by the bank"),
    Said.REFUSED: lazy_("refused"),
    Said.RETURNED: lazy_("came back"),
    Said.CREDITED: lazy_("money came in"),
    Said.UNCLEAR: lazy_("unclear"),
}
OUTCOME = {
    Outcome.APPLIED: lazy_("done"),
    Outcome.ALREADY: lazy_("known already"),
    Outcome.IGNORED: lazy_("nothing to do"),
    Outcome.QUARANTINED: lazy_("waits for a person"),
}
TONE = {
    Outcome.APPLIED: "success",
    Outcome.ALREADY: "neutral",
    Outcome.IGNORED: "neutral",
    Outcome.QUARANTINED: "warning",
}
TROUBLE = {
    Trouble.UNKNOWN: lazy_("No payment of ours has this reference."),
    Trouble.AMOUNT: lazy_("The amount is not that of the payment."),
    Trouble.DAY: lazy_("The day is missing, in the future, or before the payment file was made."),
    Trouble.OWN: lazy_("Whoever took the file in belongs to the recipient, or has stood aside: somebody else looks."),
    Trouble.CONTRADICTS: lazy_("The bank says both that it paid and that it refused."),
    Trouble.UNCLEAR: lazy_("The portal does not know what the bank means by this."),
    Trouble.ACCOUNT: lazy_("The bank paid another account than the one in our payment file."),
    Trouble.BOOKS: lazy_("The money was moved on in the ledger since it was paid: it cannot simply come back."),
}
MEND = {
    Trouble.UNKNOWN: lazy_("If it is one of our payments, say which; if it is not, close it and say what it is."),
    Trouble.AMOUNT: lazy_("Ask the bank. If the payment went well, record it by hand on its file, then close this."),
    Trouble.DAY: lazy_("Read the statement, record the payment by hand on its file, then close this."),
    Trouble.OWN: lazy_("Say which payment it is about: its reference is filled in already."),
    Trouble.CONTRADICTS: lazy_(
        "Ask the bank whether the money left. Until this is closed the tranche goes in no new file: it might be paid"
        " twice."
    ),
    Trouble.UNCLEAR: lazy_("Ask the bank, record what happened by hand on the file of the payment, then close this."),
    Trouble.ACCOUNT: lazy_(
        "Ask the bank at once whose account it is: the file may have been changed after it left the portal. Compare the"
        " file that the bank received with its SHA-256 on the page of the payment file."
    ),
    Trouble.BOOKS: lazy_("Look at the recovery of this grant first, then record the return by hand."),
}
ANSWER = {
    Answer.MATCHED: lazy_("matched with a payment"),
    Answer.DISMISSED: lazy_("closed"),
    Answer.EXPLAINED: lazy_("explained by a later message"),
}
