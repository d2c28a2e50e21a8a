"""The agreement and its signatures, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import AgreementDesign, ClausesOfForms, SignatureDoubts
from portal.core.i18n import lazy_

_CLAUSES = lazy_("Keys of the office's library, one a line, in their order; an article each.")

ROWS: Rows = {
    AgreementDesign: {
        "clauses": Row(lazy_("Clauses"), _CLAUSES),
        "by_form": Row(lazy_("Other clauses for some legal forms"), lazy_("In the place of those above.")),
        "signed_by": Row(lazy_("How the recipient signs"), lazy_("Every way that the office takes.")),
        "countersigned_by": Row(lazy_("How the office countersigns"), lazy_("On the portal, or by a signed file.")),
        "doubts": Row(lazy_("Doubts about signatures"), lazy_("What each of them leads to.")),
    },
    ClausesOfForms: {
        "forms": Row(lazy_("Legal forms"), lazy_("Of the recipients whose agreement has these clauses.")),
        "clauses": Row(lazy_("Clauses"), _CLAUSES),
    },
    SignatureDoubts: {
        "unknown_signer": Row(
            lazy_("Signer not known"),
            lazy_("No codice fiscale of the legal representative, or none in the certificate, to compare."),
        ),
        "other_signer": Row(
            lazy_("Another signer"), lazy_("The codice fiscale is not that of the legal representative.")
        ),
        "certificate_dates": Row(
            lazy_("Certificate out of its dates"), lazy_("It was not in force when the file was signed or arrived.")
        ),
        "trust": Row(
            lazy_("Provider not judged"),
            lazy_("The portal does not judge whether a qualified provider issued the certificate."),
        ),
    },
}
