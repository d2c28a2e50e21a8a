"""Declarations, stamp duty and sign-off, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import Declaration, SendingRules, StampDuty, StampExemption
from portal.core.i18n import lazy_

ROWS: Rows = {
    SendingRules: {
        "declarations": Row(lazy_("Declarations"), lazy_("Accepted one by one, and frozen with the application.")),
        "stamp_duty": Row(lazy_("Stamp duty"), lazy_("The stamp, or the exemption from it; nothing for none.")),
        "sign_off": Row(
            lazy_("Confirmed before it is sent"), lazy_("By the legal representative, or the contact of a group.")
        ),
    },
    Declaration: {
        "key": KEY,
        "text": Row(lazy_("The declaration"), lazy_("Word by word, as it is accepted.")),
        "article": Row(lazy_("Article"), lazy_("Under which it is made, such as art. 46 DPR 445/2000.")),
    },
    StampDuty: {
        "amount": Row(lazy_("Stamp duty (euro)"), lazy_("What the stamp costs.")),
        "exemptions": Row(lazy_("Exemptions"), lazy_("Who owes none, each with its article.")),
    },
    StampExemption: {
        "key": KEY,
        "name": Row(lazy_("Who is exempt"), lazy_("In a few words.")),
        "article": Row(lazy_("Article of the exemption"), lazy_("Such as art. 82, c. 5, D.Lgs. 117/2017.")),
    },
}
