"""Who applies: invented organisations, groups and consortia, as the call's rules on applicants allow. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import cycle
from typing import Any

from portal.access.rules import LegalForm, OrganisationKind
from portal.applications.gates import gates_of
from portal.applications.given import TEAM
from portal.applications.rules import COST, REQUESTED
from portal.applications.spending import IN_KIND, OF_CATEGORY
from portal.calls.rules import ApplicantRule, CallDesign, Cofinancing, CostRules, PhaseGate
from portal.calls.rules.options import counted
from portal.questionnaires.rules import Form
from portal.rehearsal.answers import wishes_of
from portal.rehearsal.plan import later
from portal.rehearsal.rules import FATES, Breach, Fate
from portal.rehearsal.words import ENTITIES, GROUPS

PROVINCE = "applicant.province"
SEATS = {"BA": ("Bari", "70121"), "TO": ("Torino", "10121"), "VE": ("Venezia", "30121"), "NA": ("Napoli", "80121"),
         "MI": ("Milano", "20121"), "BO": ("Bologna", "40121"), "RM": ("Roma", "00121")}  # fmt: skip
USUAL_PROVINCE = "RM"
CENT, NONE, HUNDRED = Decimal("0.01"), Decimal(0), Decimal(100)
FEWEST_MEMBERS = 3
MOST_UNFIT = 2
OWN_MORE = (20, 0, 8, 3, 12)
"""By how many points the own shares of applicants are above the least one, in turn: so that formulas have work."""


@dataclass(frozen=True, slots=True)
class Part:
    """One invented applicant: what it is, what it is there to show, and in which phase that shows."""

    key: str
    name: str
    fate: Fate
    kind: OrganisationKind
    form: LegalForm
    rule: ApplicantRule
    share: Decimal
    """Which part of the way from the smallest to the largest grant it asks for."""
    phase: str
    own_more: int = 0
    breach: Breach | None = None

    def fate_in(self, phase: str) -> Fate:
        """What it shows in a phase; in every other one it is sound."""
        return self.fate if phase == self.phase else Fate.SOUND

    @property
    def requested(self) -> Decimal:
        """The grant it asks for, in euro."""
        if self.breach is Breach.AMOUNT:
            return (self.rule.maximum * 2).quantize(CENT)
        return (self.rule.minimum + (self.rule.maximum - self.rule.minimum) * self.share).quantize(CENT)

    @property
    def cost(self) -> Decimal:
        """The total cost, in euro: the request and the least share of its own, with something to spare."""
        if not self.rule.cofinancing or self.breach is Breach.OWN_SHARE:
            return self.requested
        own = min(self.rule.cofinancing + self.own_more, max(self.rule.cofinancing, Decimal(95)))
        return (self.requested / (1 - own / 100)).quantize(CENT) + 1

    @property
    def members(self) -> int:
        """How many people it has."""
        if self.breach is Breach.MEMBERS:
            return max((self.rule.minimum_members or 0) - 1, 1)
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
        if self.breach is Breach.ORGANISATIONS:
            return max((self.rule.minimum_organisations or 0) - 1, 1)
        return max(self.rule.minimum_organisations or 0, 2) if self.is_consortium else 0


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody is there to show, in which phase; of which kind, where that is not indifferent."""

    fate: Fate
    phase: str
    rule: ApplicantRule | None = None
    breach: Breach | None = None


def parts_of(design: CallDesign) -> list[Part]:
    """One applicant for each role, taking the rules on applicants in turn."""
    rules = cycle(design.applicants)
    return [_part(number, role, role.rule or next(rules)) for number, role in enumerate(_roles(design))]


def _roles(design: CallDesign) -> Iterator[Role]:
    first, last = design.phases[0].key, design.phases[-1].key
    for fate in FATES:
        yield Role(fate, last if fate is Fate.SOUND else first)
    yield from _unfit(design)
    if first != last:
        yield Role(Fate.WEAK, last)
        yield from _between(design)


def _unfit(design: CallDesign) -> list[Role]:
    """Of the duties that the forms show, the first of each phase, then the others: a few, one applicant each."""
    by_phase: dict[str, list[Role]] = {}
    seen: set[Breach] = set()
    for phase in design.phases:
        tags = Form(design.at_phase(phase.key).questionnaire.sections).by_tag
        for breach, rule in _duties(design, tags):
            if breach not in seen:
                seen.add(breach)
                by_phase.setdefault(phase.key, []).append(Role(Fate.UNFIT, phase.key, rule, breach))
    firsts = [found[0] for found in by_phase.values()]
    others = [each for found in by_phase.values() for each in found[1:]]
    return [*firsts, *others][:MOST_UNFIT]


def _duties(design: CallDesign, tags: Any) -> Iterator[tuple[Breach, ApplicantRule]]:
    for rule in design.applicants:
        if rule.ages_of is not None and TEAM in tags:
            yield Breach.AGES, rule
        if (rule.minimum_members or 0) > 1:
            yield Breach.MEMBERS, rule
        if rule.minimum_organisations is not None and rule.kind == OrganisationKind.CONSORTIUM:
            yield Breach.ORGANISATIONS, rule
        if rule.cofinancing and REQUESTED in tags and COST in tags:
            yield Breach.OWN_SHARE, rule
        if REQUESTED in tags:
            yield Breach.AMOUNT, rule


def _between(design: CallDesign) -> Iterator[Role]:
    """Those who pass a ranking and then fall at a gate."""
    for place, phase in enumerate(design.phases[:-1]):
        following = later(design, place)
        if following is None:
            continue
        if phase.accompaniment is not None and PhaseGate.ATTENDED in following.entry:
            yield Role(Fate.ABSENT, phase.key)
        groups = (each for each in design.applicants if each.kind == OrganisationKind.INFORMAL_GROUP)
        for rule in groups:
            if PhaseGate.INCORPORATED in gates_of(design, following.key, (rule.kind, rule.forms[0])):
                yield Role(Fate.STILL_INFORMAL, phase.key, rule)
                break


def _part(number: int, role: Role, rule: ApplicantRule) -> Part:
    kind = OrganisationKind(rule.kind)
    names = GROUPS if kind is OrganisationKind.INFORMAL_GROUP else ENTITIES
    form = LegalForm(rule.forms[number % len(rule.forms)])
    name = names[number % len(names)] + (" (ATS)" if kind is OrganisationKind.CONSORTIUM else "")
    return Part(
        f"applicant-{number + 1}", name, role.fate, kind, form, rule, Decimal(max(100 - 8 * number, 0)) / 100,
        role.phase, OWN_MORE[number % len(OWN_MORE)], role.breach,
    )  # fmt: skip


def wanted_of(design: CallDesign, part: Part) -> dict[str, Decimal]:
    """The sums that its answers reach: request and cost, nothing that the call does not bear, half of each ceiling."""
    wanted = {REQUESTED: part.requested, COST: part.cost}
    for each in design.costs.categories:
        if not each.eligible or each.most is not None:
            half = (part.cost * (each.most or NONE) / 200).quantize(CENT)
            wanted[OF_CATEGORY + each.key] = half if each.eligible else NONE
    own, most = part.cost - part.requested, design.own_share.in_kind_most
    in_kind = own * (HUNDRED if most is None else most) / 200
    wanted[IN_KIND] = in_kind.quantize(CENT) if Cofinancing.IN_KIND in design.own_share.made_of else NONE
    return wanted


def unwanted_of(costs: CostRules) -> frozenset[str]:
    """Kinds of cost that are left alone where there are others: not borne, bounded, or counted by an option."""
    options = {category.key: option for category, option in counted(costs)}
    never = {each.key for each in costs.categories if not each.eligible or (each.key in options and
             options[each.key].flat_rate is not None)}  # fmt: skip
    rather_not = never | options.keys() | {each.key for each in costs.categories if each.most is not None}
    return frozenset(rather_not if any(each.key not in rather_not for each in costs.categories) else never)


def entity_form(design: CallDesign) -> LegalForm:
    """The legal form that a group takes: the first that the call admits of an entity."""
    forms = [form for rule in design.applicants if rule.kind == OrganisationKind.LEGAL_ENTITY for form in rule.forms]
    usual = LegalForm.SOCIAL_PROMOTION_ASSOCIATION
    return usual if not forms or usual.value in forms else LegalForm(forms[0])


def seat_of(design: CallDesign) -> tuple[str, str, str]:
    """City, CAP and province of every applicant: where a rule of eligibility wants them to be."""
    wished: Any = wishes_of([rule.when for rule in design.eligibility]).get(PROVINCE)
    province = wished if wished in SEATS else USUAL_PROVINCE
    city, code = SEATS[province]
    return city, code, province
