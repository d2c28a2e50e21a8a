"""Applicants, participation and eligibility, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import ApplicantRule, EligibilityRule, Participation
from portal.core.i18n import lazy_

ROWS: Rows = {
    ApplicantRule: {
        "kind": Row(
            lazy_("Kind of applicant"),
            lazy_("A legal entity, an informal group, or several organisations together (ATS)."),
        ),
        "forms": Row(lazy_("Legal forms"), lazy_("Those admitted for this kind.")),
        "minimum": Row(lazy_("Smallest grant (euro)"), lazy_("The least that may be asked.")),
        "maximum": Row(lazy_("Largest grant (euro)"), lazy_("The most that may be asked.")),
        "cofinancing": Row(
            lazy_("Own share (per cent)"), lazy_("Of the total cost, borne by the applicant; 0 where none is asked.")
        ),
        "must_incorporate_days": Row(
            lazy_("Days to become a legal entity"), lazy_("From the award, for informal groups.")
        ),
        "name": Row(
            lazy_("Name of this kind in the call"), lazy_("In the words of the call, such as third-sector body.")
        ),
        "must_incorporate_before": Row(
            lazy_("Legal entity before"), lazy_("The moment by which an informal group has become a legal entity.")
        ),
        "new_entity_only": Row(
            lazy_("Only a new legal entity"), lazy_("The group must found one; joining an existing one does not count.")
        ),
        "minimum_members": Row(lazy_("Fewest people"), lazy_("Of an informal group.")),
        "minimum_organisations": Row(lazy_("Fewest organisations"), lazy_("Of a consortium, the leader among them.")),
        "minimum_age": Row(lazy_("Lowest age"), lazy_("In whole years on the day of the application.")),
        "maximum_age": Row(lazy_("Highest age"), lazy_("In whole years on the day of the application.")),
        "ages_of": Row(lazy_("Whose age"), lazy_("Of everyone, of the majority, or of the representative.")),
    },
    Participation: {
        "one_application_only": Row(lazy_("One application each"), lazy_("Each applicant sends one application only.")),
        "two_consortia": Row(
            lazy_("An organisation in two consortia"), lazy_("Allowed, refused, or a reason to exclude all of them.")
        ),
        "frozen_composition": Row(
            lazy_("People fixed after the application"), lazy_("The members of a group stay those of the application.")
        ),
    },
    EligibilityRule: {
        "key": KEY,
        "text": Row(lazy_("The rule in words"), lazy_("As applicants read it.")),
        "when": Row(lazy_("Condition"), lazy_("What must hold; the portal computes it from facts and answers.")),
        "question": Row(lazy_("Question for this rule"), lazy_("Asked only to decide this rule.")),
    },
}
