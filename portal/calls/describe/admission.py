"""The check of admissibility, in words."""

from portal.calls.describe.row import Row, Rows
from portal.calls.rules.design import AdmissionRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    AdmissionRules: {
        "sealed": Row(
            lazy_("Sealed until the term"),
            lazy_("Nobody of the office opens what was sent, nor sees who applied, before the term is over."),
        ),
        "integration_days": Row(
            lazy_("Days to mend what is missing"),
            lazy_("From 1 to 30 (soccorso istruttorio); the officer may give another term."),
        ),
        "mendable": Row(
            lazy_("What may be mended"),
            lazy_("Keys of documents and questions; empty: every document and every declaration, never the project."),
        ),
        "objection_days": Row(
            lazy_("Days to answer before a refusal"),
            lazy_("From 10 to 30 (art. 10-bis L. 241/1990); 0: no such step, as the law allows for rankings."),
        ),
    },
}
