"""Words of signatures."""

from portal.calls.rules.design import SignatureWay
from portal.core.i18n import lazy_
from portal.grants.agreements.rules import Doubt, Side

WAYS = {
    SignatureWay.PAPER: lazy_("by hand, on a copy that was scanned"),
    SignatureWay.DIGITAL: lazy_("by a digital signature"),
    SignatureWay.PORTAL: lazy_("on the portal, with a second factor"),
}
SIDES = {
    Side.RECIPIENT: lazy_("The recipient"),
    Side.OFFICE: lazy_("The office"),
}
DOUBTS = {
    Doubt.UNKNOWN_SIGNER: lazy_(
        "It cannot be told by the codice fiscale whether the expected person signed: one of the two is not known."
    ),
    Doubt.OTHER_SIGNER: lazy_("The codice fiscale of the signature is not that of the expected person."),
    Doubt.CERTIFICATE_DATES: lazy_("The certificate was not in force when the file was signed or arrived."),
    Doubt.TRUST: lazy_("Whether a qualified provider issued the certificate was not checked."),
}
