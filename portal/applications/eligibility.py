"""May they take part? The rules of a call, one by one, judged with what is known. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.applications.duties import age_duty, members_duty, organisations_duty
from portal.applications.facts import MEMBERS, ORGANISATIONS
from portal.calls.rules import ApplicantRule, CallDesign, EligibilityRule
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Facts, FilledForm, facts_in, holds, questions_in


class Verdict(StrEnum):
    """What one rule says of one applicant."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


VERDICTS = {
    Verdict.MET: lazy_("met"),
    Verdict.NOT_MET: lazy_("not met"),
    Verdict.UNKNOWN: lazy_("cannot be told yet"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule with its verdict."""

    rule: EligibilityRule
    verdict: Verdict


def judge(rules: Iterable[EligibilityRule], filled: FilledForm) -> list[Judged]:
    """Every rule, in its order. A rule of which something is not known yet says neither yes nor no, unless it holds."""
    return [Judged(rule, _verdict(rule, filled)) for rule in rules]


def _verdict(rule: EligibilityRule, filled: FilledForm) -> Verdict:
    if holds(rule.when, filled.comparable, filled.facts):
        return Verdict.MET
    missing = [key for key in questions_in(rule.when) if filled.comparable(key) is None]
    missing += [name for name in facts_in(rule.when) if filled.facts.get(name) is None]
    return Verdict.UNKNOWN if missing else Verdict.NOT_MET


def takes(design: CallDesign, kind: str | None, form: str | None) -> Verdict:
    """Whether the call is for applicants of this kind and legal form."""
    if not kind or not form:
        return Verdict.UNKNOWN
    return Verdict.NOT_MET if design.rule_for(kind, form) is None else Verdict.MET


@dataclass(frozen=True, slots=True)
class Duty:
    """What the rule of an applicant asks of its people and organisations; no verdict where only the list can tell."""

    words: object
    verdict: Verdict | None


def duties(rule: ApplicantRule, facts: Facts) -> list[Duty]:
    """How many people and organisations, judged by what was told; ages, which are looked at in the application."""
    found: list[Duty] = []
    if rule.minimum_members is not None:
        found.append(Duty(members_duty(rule.minimum_members), _at_least(facts.get(MEMBERS), rule.minimum_members)))
    if rule.minimum_organisations is not None:
        words = organisations_duty(rule.minimum_organisations)
        found.append(Duty(words, _at_least(facts.get(ORGANISATIONS), rule.minimum_organisations)))
    if rule.ages_of is not None:
        found.append(Duty(age_duty(rule.ages_of, rule), None))
    return found


def _at_least(told: object, least: int) -> Verdict:
    if not isinstance(told, int):
        return Verdict.UNKNOWN
    return Verdict.MET if told >= least else Verdict.NOT_MET
