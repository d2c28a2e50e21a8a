"""Why the portal keeps data of people: the table that the register, the notice and the tags read.

Terms marked [M] are not fixed by the law that is quoted: an office that needs another one changes it here.
"""

from dataclasses import dataclass

from portal.core.i18n import lazy_
from portal.core.privacy.terms import FOREVER, Term
from portal.core.privacy.treatment import BLANK, DELETE, STRIKE, TRAIL, Because, Erasure, Export, kept

WARNED_BEFORE = Term(days=30)  # [M]
CLOSED_ACCOUNTS_KEPT = Term(days=30)  # [M]
DORMANT_AFTER = Term(years=1)  # [M], not longer than SIGN_INS_KEPT
SIGN_INS_KEPT = Term(years=1)  # [M]
FAILURES_KEPT = Term(days=30)  # [M]
LINKS_KEPT = Term(days=30)  # [M]
FORMS_KEPT = Term(days=30)  # [M]
INVITATIONS_KEPT = Term(years=1)  # [M]
MAILS_KEPT = Term(years=1)  # [M]
NOTICES_KEPT = Term(years=1)  # [M]
JOBS_KEPT = Term(days=90)  # [M]
COPIES_KEPT = Term(days=7)  # [M]
REQUESTS_KEPT = Term(years=5)  # [M]
PROCEDURES_KEPT = Term(years=10)  # Reg. (EU) 2021/1060 art. 82: five years; de minimis and civil law: ten

TASK = "GDPR art. 6(1)(e)"
LAW = "GDPR art. 6(1)(c)"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose with its legal basis; the last three fields are what its columns are by default."""

    key: str
    title: object
    text: object
    basis: str
    law: object
    kept: Term
    since: object
    why: object
    subjects: object
    recipients: object
    export: Export
    erasure: Erasure
    subject: str | None = None


USERS = lazy_("people with an account")
MEMBERS = lazy_("people of organisations and groups")
STAFF = lazy_("staff of the authority, evaluators, coaches")
APPLICANTS = lazy_("people named in applications, reports and documents")
OFFICE = lazy_("the authority's office in charge")
NOBODY_ELSE = lazy_("nobody outside the authority")
INSPECTORS = lazy_("the authority's auditors; courts and controlling bodies where the law says so")
BANK = lazy_("the authority's treasurer or bank; controlling bodies")

_ALL = (
    Purpose(
        "sign-in", lazy_("Your account"), lazy_("To let you sign in and to know who acts."),
        TASK, lazy_("D.Lgs 82/2005 (CAD), art. 64 and 65"),
        CLOSED_ACCOUNTS_KEPT, lazy_("from the closing of the account"),
        lazy_("Time to change one's mind, and to hand over what others depend on."),
        USERS, OFFICE, Export.SUBJECT, DELETE, "person_id",
    ),
    Purpose(
        "security", lazy_("Security of the account"), lazy_("To keep strangers out and to find out if one got in."),
        LAW, lazy_("GDPR art. 32; AgID minimum security measures (circular 2/2017)"),
        SIGN_INS_KEPT, lazy_("from the end of the sign-in"), lazy_("A break-in is often found late."),
        USERS, NOBODY_ELSE, Export.SUBJECT, DELETE, "person_id",
    ),
    Purpose(
        "membership", lazy_("Organisations you belong to"),
        lazy_("To know who may act for an organisation or group, and who was invited or asked to be let in."),
        TASK, lazy_("Law 241/1990; DPR 445/2000, art. 38"),
        INVITATIONS_KEPT, lazy_("from the end of the invitation or the answer"),
        lazy_("Long enough to explain who let somebody in."),
        MEMBERS, OFFICE, Export.SUBJECT, BLANK, "person_id",
    ),
    Purpose(
        "contact", lazy_("How to reach an organisation"),
        lazy_("To send official messages to whoever applies, and to know where it has its seat."),
        TASK, lazy_("Law 241/1990, art. 8; D.Lgs 82/2005 (CAD), art. 6"),
        PROCEDURES_KEPT, lazy_("from the end of its last procedure"), lazy_("As long as the papers it belongs to."),
        MEMBERS, OFFICE, Export.FILE, kept(Because.ORGANISATION),
    ),
    Purpose(
        "representation", lazy_("Who represents an organisation"),
        lazy_("To know who signs for an organisation or group."),
        LAW, lazy_("DPR 445/2000, art. 38 and 46; D.Lgs 117/2017"),
        PROCEDURES_KEPT, lazy_("from the end of its last procedure"), lazy_("A signature is checked with who signed."),
        MEMBERS, INSPECTORS, Export.SUBJECT, BLANK, "representative_id",
    ),
    Purpose(
        "facts", lazy_("Checks on organisations"),
        lazy_("To check what organisations declare: statute, regular contributions, registers, links between them."),
        LAW, lazy_("DPR 445/2000, art. 43 and 71; Regulation (EU, Euratom) 2024/2509, art. 61"),
        PROCEDURES_KEPT, lazy_("from the end of its last procedure"), lazy_("A payment is checked with its proofs."),
        MEMBERS, INSPECTORS, Export.FILE, kept(Because.PROCEDURE),
    ),
    Purpose(
        "transparency", lazy_("Who is responsible"),
        lazy_("To say who answers for a call and a procedure, as the law has it published."),
        LAW, lazy_("Law 241/1990, art. 5; D.Lgs 33/2013, art. 26, 27 and 35"),
        Term(years=5), lazy_("from 1 January of the year after publication"), lazy_("D.Lgs 33/2013, art. 8."),
        STAFF, lazy_("everybody: it is published"), Export.FILE, kept(Because.TRANSPARENCY),
    ),
    Purpose(
        "application", lazy_("Applications"),
        lazy_("To take in applications with what is written and attached, and to know who wrote what and when."),
        TASK, lazy_("Law 241/1990, art. 12; Regulation (EU) 2021/1060, art. 4 and 73"),
        PROCEDURES_KEPT, lazy_("from the end of the procedure"),
        lazy_("Appeals, checks of the programme, and the protocol register."),
        APPLICANTS, lazy_("the office in charge, the evaluators of the call, auditors"),
        Export.FILE, kept(Because.ORGANISATION),
    ),
    Purpose(
        "register", lazy_("Protocol register"),
        lazy_("To give every document that comes in or goes out its number, date and counterpart."),
        LAW, lazy_("DPR 445/2000, art. 53 and 57"),
        FOREVER, lazy_("from the registration"), lazy_("The register is a permanent act."),
        APPLICANTS, INSPECTORS, Export.FILE, kept(Because.REGISTERED),
    ),
    Purpose(
        "selection", lazy_("Admissibility, scores and rankings"),
        lazy_("To decide on applications, to keep whoever has a conflict of interest out, and to give reasons."),
        LAW, lazy_("Law 241/1990, art. 3, 6-bis and 12; Regulation (EU, Euratom) 2024/2509, art. 61"),
        PROCEDURES_KEPT, lazy_("from the end of the procedure"),
        lazy_("Decisions may be appealed against and checked."),
        STAFF, INSPECTORS, Export.FILE, kept(Because.PROCEDURE), "person_id",
    ),
    Purpose(
        "grant", lazy_("Grants and reports"),
        lazy_("To follow what a grant was given for: agreement, plan, reports and what the office answered."),
        LAW, lazy_("Regulation (EU) 2021/1060, art. 69, 72 and 82; Law 241/1990, art. 12"),
        PROCEDURES_KEPT, lazy_("from 31 December of the year of the last payment"),
        lazy_("The programme is checked for five years at least; civil law goes back ten."),
        APPLICANTS, INSPECTORS, Export.FILE, kept(Because.PROGRAMME),
    ),
    Purpose(
        "coaching", lazy_("Coaching"),
        lazy_("To agree on what was done in sessions with a coach, and to pay and report the hours."),
        TASK, lazy_("Regulation (EU) 2021/1060, art. 53, 69 and 82"),
        PROCEDURES_KEPT, lazy_("from 31 December of the year of the last payment"),
        lazy_("Hours are expenditure of the programme."),
        APPLICANTS, INSPECTORS, Export.FILE, kept(Because.PROGRAMME), "coach_id",
    ),
    Purpose(
        "payment", lazy_("Payments"),
        lazy_("To pay grants to the right account, and to account for them."),
        LAW, lazy_("Law 136/2010, art. 3; D.Lgs 267/2000; art. 2220 of the civil code"),
        PROCEDURES_KEPT, lazy_("from the payment"), lazy_("Accounts are kept for ten years."),
        APPLICANTS, BANK, Export.FINANCE, kept(Because.ACCOUNTS),
    ),
    Purpose(
        "notices", lazy_("Messages and inbox"), lazy_("To tell you what happens and what is due."),
        TASK, lazy_("Law 241/1990, art. 7 and 8; D.Lgs 82/2005 (CAD), art. 3-bis"),
        MAILS_KEPT, lazy_("from the message"), lazy_("To show that somebody was told in time."),
        USERS, lazy_("the mail service of the authority"), Export.FILE, DELETE, "person_id",
    ),
    Purpose(
        "roles", lazy_("Roles of staff"), lazy_("To know who may decide what, by whom it was granted, and why."),
        LAW, lazy_("GDPR art. 29 and 32(4); Law 241/1990, art. 4 to 6"),
        PROCEDURES_KEPT, lazy_("from the end of the role"), lazy_("An act is checked with the power of who signed it."),
        STAFF, INSPECTORS, Export.FILE, STRIKE,
    ),
    Purpose(
        "audit", lazy_("Audit trail"), lazy_("To prove who did what and when, and that nobody changed it afterwards."),
        LAW, lazy_("GDPR art. 5(2) and 32; Regulation (EU) 2021/1060, art. 69(6)"),
        PROCEDURES_KEPT, lazy_("from the act"), lazy_("As long as the acts it proves."),
        USERS, INSPECTORS, Export.FILE, TRAIL, "actor_id",
    ),
    Purpose(
        "privacy", lazy_("Requests about personal data"),
        lazy_("To answer requests about personal data in time, and to prove it."),
        LAW, lazy_("GDPR art. 12, 15 to 21 and 5(2)"),
        REQUESTS_KEPT, lazy_("from the answer"), lazy_("A complaint to the Garante may come late."),
        USERS, lazy_("the data protection officer; the Garante, if asked"),
        Export.SUBJECT, kept(Because.ANSWERED), "person_id",
    ),
)  # fmt: skip
PURPOSES = {purpose.key: purpose for purpose in _ALL}
