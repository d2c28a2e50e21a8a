"""Who applies: invented organisations, groups and consortia, as the call's rules on applicants allow. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any

from portal.access.rules import LegalForm, OrganisationKind
from portal.calls.rules import ApplicantRule, CallDesign
from portal.rehearsal.answers import wishes_of
from portal.rehearsal.rules import FATES, Fate
from portal.rehearsal.words import ENTITIES, GROUPS

PROVINCE = "applicant.province"
SEATS = {"BA": ("Bari", "70121"), "TO": ("Torino", "10121"), "VE": ("Venezia", "30121"), "NA": ("Napoli", "80121"),
         "MI": ("Milano", "20121"), "BO": ("Bologna", "40121"), "RM": ("Roma", "00121")}  # fmt: skip
USUAL_PROVINCE = "RM"
CENT = Decimal("0.01")
FEWEST_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class Part:
    """One invented applicant: what it is, and what it is there to show."""

    key: str
    name: str
    fate: Fate
    kind: OrganisationKind
    form: LegalForm
    rule: ApplicantRule
    share: Decimal
    """Which part of the way from the smallest to the largest grant it asks for."""

    @property
    def requested(self) -> Decimal:
        """The grant it asks for, in euro."""
        return (self.rule.minimum + (self.rule.maximum - self.rule.minimum) * self.share).quantize(CENT)

    @property
    def cost(self) -> Decimal:
        """The total cost, in euro: the request and the least share of its own, with something to spare."""
        if not self.rule.cofinancing:
            return self.requested
        return (self.requested / (1 - self.rule.cofinancing / 100)).quantize(CENT) + 1

    @property
    def members(self) -> int:
        """How many people it has."""
        return max(self.rule.minimum_members or 0, FEWEST_MEMBERS)

    @property
    def is_group(self) -> bool:
        """Whether it is an informal group."""
        return self.kind is OrganisationKind.INFORMAL_GROUP

    @property
    def is_consortium(self) -> bool:
        """Whether it is made of other organisations."""
        return self.kind is OrganisationKind.CONSORTIUM

    @property
    def partners(self) -> int:
        """Of a consortium: how many organisations it has."""
        return max(self.rule.minimum_organisations or 0, 2) if self.is_consortium else 0


def parts_of(design: CallDesign) -> list[Part]:
    """One applicant for each fate, taking the rules on applicants in turn."""
    rules = cycle(design.applicants)
    return [_part(number, fate, next(rules)) for number, fate in enumerate(FATES)]


def _part(number: int, fate: Fate, rule: ApplicantRule) -> Part:
    kind = OrganisationKind(rule.kind)
    names = GROUPS if kind is OrganisationKind.INFORMAL_GROUP else ENTITIES
    form = LegalForm(rule.forms[number % len(rule.forms)])
    name = names[number % len(names)] + (" (ATS)" if kind is OrganisationKind.CONSORTIUM else "")
    return Part(f"applicant-{number + 1}", name, fate, kind, form, rule, Decimal(100 - 10 * number) / 100)


def seat_of(design: CallDesign) -> tuple[str, str, str]:
    """City, CAP and province of every applicant: where a rule of eligibility wants them to be."""
    wished: Any = wishes_of([rule.when for rule in design.eligibility]).get(PROVINCE)
    province = wished if wished in SEATS else USUAL_PROVINCE
    city, code = SEATS[province]
    return city, code, province
