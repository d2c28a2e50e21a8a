"""Events of what comes from the bank, in words, and what they happen to."""

from portal.core.i18n import lazy_

BANK = {
    "bank_file.taken": lazy_("File from the bank taken in"),
    "bank_message.matched": lazy_("Message of the bank matched with a payment"),
    "bank_message.dismissed": lazy_("Message of the bank closed"),
}
THINGS = {"bank_file": lazy_("File from the bank"), "bank_message": lazy_("Message of the bank")}
