"""What the office checks of a registered application, with what the portal can compute of each point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.applications.assessment import few_organisations
from portal.applications.duties import day_of_term, people_faults, people_in
from portal.applications.eligibility import Verdict
from portal.applications.facts import members_counted, told
from portal.applications.given import by_tag, given_in
from portal.applications.models import Application, Submission
from portal.applications.rules import (
    REQUESTED,
    AdmissibilityPoint,
    Amounts,
    Euro,
    has_own_share,
    is_within_limits,
    own_share_needed,
)
from portal.applications.spending import SOURCE, cost_breaches, own_share_breaches, spent_by_category
from portal.calls.rules import ApplicantRule, CallDesign, TwoConsortia
from portal.core.i18n import in_language, lazy_
from portal.core.instants import Instant


@dataclass(frozen=True, slots=True)
class OtherConsortium:
    """Another consortium in which an organisation of this one stands, with the reference of its application."""

    organisation: str
    consortium: str
    reference: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what was computed (met or not), and of which figures."""

    key: AdmissibilityPoint
    is_met: bool
    detail: object


def suggested_points(application: Application, others: Sequence[OtherConsortium] = ()) -> list[Point]:
    """The points that the design of the call asks for, in the order of the checklist.

    `others`: where the organisations of a consortium stand besides, if the call minds (`queries.elsewhere.points_of`).
    """
    submission = application.submission
    if submission is None:
        return []
    design, content = application.design, submission.content
    applicant = content["organisation"]
    rule = application.rule
    points = [_in_time(application, submission), _applicant(rule, applicant)]
    if design.areas:
        points.append(_area(design, content))
    if any(applicant["kind"] in request.required_for for request in design.documents_requested):
        points.append(_documents(design, content))
    if content.get("eligibility"):
        points.append(_eligibility(content["eligibility"]))
    if rule is None:
        return points
    money = _money(rule, content) if _asks_for_money(content) else []
    return [*points, *money, *_duties(Standing(application, rule, content, others))]


def _in_time(application: Application, submission: Submission) -> Point:
    deadline = application.phase.deadline
    return Point(
        AdmissibilityPoint.IN_TIME,
        submission.received_at <= deadline.last_instant,
        lazy_(
            "received on %(came)s, term %(closes)s",
            came=Instant(submission.received_at, deadline.zone),
            closes=Instant(deadline.closes_at, deadline.zone),
        ),
    )


def _applicant(rule: ApplicantRule | None, applicant: Mapping[str, Any]) -> Point:
    detail = lazy_("its kind and legal form are among those of the call")
    if rule is None:
        detail = lazy_("its kind and legal form are not among those of the call")
    return Point(AdmissibilityPoint.APPLICANT, rule is not None, detail)


def _area(design: CallDesign, content: Mapping[str, Any]) -> Point:
    area = content["area"]
    is_target = area is not None and area["key"] in {each.key for each in design.areas}
    return Point(AdmissibilityPoint.AREA, is_target, area["name"] if area else lazy_("no area was given"))


def _documents(design: CallDesign, content: Mapping[str, Any]) -> Point:
    kind, attached = content["organisation"]["kind"], {file["document"] for file in content["files"]}
    needed = [request for request in design.documents_requested if kind in request.required_for]
    there = [request for request in needed if request.key in attached]
    return Point(
        AdmissibilityPoint.DOCUMENTS,
        len(there) == len(needed),
        lazy_("%(there)s of %(needed)s required documents attached", there=len(there), needed=len(needed)),
    )


def _eligibility(judged: Sequence[Mapping[str, Any]]) -> Point:
    """The rules as they were judged when it was sent; those that could not be told are for the office to check."""
    unmet = [each["text"] for each in judged if each["verdict"] == Verdict.NOT_MET]
    untold = [each["text"] for each in judged if each["verdict"] == Verdict.UNKNOWN]
    if not unmet and not untold:
        return Point(AdmissibilityPoint.ELIGIBILITY, True, lazy_("all %(count)s rules are met", count=len(judged)))
    detail = lazy_("not met: %(unmet)s · to be checked by hand: %(untold)s", unmet=_Texts(unmet), untold=_Texts(untold))
    return Point(AdmissibilityPoint.ELIGIBILITY, False, detail)


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts of the call, in the reader's language only when they are read."""

    texts: Sequence[Mapping[str, str]]

    def __str__(self) -> str:
        return "; ".join(in_language(text) for text in self.texts) or "–"


def _asks_for_money(content: Mapping[str, Any]) -> bool:
    """The form of an idea may say nothing of money: there is no amount to judge yet."""
    return any(REQUESTED in (each.tag, *each.tags.values()) for each in given_in(content))


def _money(rule: ApplicantRule, content: Mapping[str, Any]) -> list[Point]:
    amounts = Amounts(content["amounts"]["requested_cents"], content["amounts"]["total_cents"])
    return [
        Point(
            AdmissibilityPoint.AMOUNTS,
            is_within_limits(rule, amounts),
            lazy_("%(requested)s requested", requested=Euro(amounts.requested)),
        ),
        Point(
            AdmissibilityPoint.COFINANCING,
            has_own_share(rule, amounts),
            lazy_(
                "%(own)s of its own, at least %(needed)s needed",
                own=Euro(amounts.own),
                needed=Euro(own_share_needed(rule, amounts.total)),
            ),
        ),
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the points of people, consortia and costs are computed from: the frozen content alone, and the others."""

    application: Application
    rule: ApplicantRule
    content: Mapping[str, Any]
    others: Sequence[OtherConsortium]

    @property
    def design(self) -> CallDesign:
        """The call as the phase has it."""
        return self.application.design


def _duties(standing: Standing) -> list[Point]:
    rule, design = standing.rule, standing.design
    points = []
    if rule.minimum_members or rule.ages_of:
        points.append(_people(standing))
    if rule.minimum_organisations or (
        standing.content["organisation"].get("partners")
        and design.participation.two_consortia is not TwoConsortia.ALLOWED
    ):
        points.append(_consortium(standing))
    given = given_in(standing.content)
    if spent_by_category(given) or design.own_share.in_kind_most is not None or SOURCE in by_tag(given):
        points.append(_costs(standing))
    return points


def _people(standing: Standing) -> Point:
    """The ages are those of the day of the term that is in force now."""
    given, deadline = given_in(standing.content), standing.application.phase.deadline
    people = people_in(given)
    number = len(people) if people is not None else members_counted(told(standing.content.get("facts", {})))
    day = day_of_term(deadline.closes_at, deadline.zone)
    found = people_faults(standing.rule, people, day, counted=number)
    return _point(AdmissibilityPoint.PEOPLE, found, lazy_("%(number)s people", number=number or "–"))


def _consortium(standing: Standing) -> Point:
    partners, least = standing.content["organisation"].get("partners", []), standing.rule.minimum_organisations
    found: list[object] = []
    if least is not None and len(partners) < least:
        found.append(few_organisations(len(partners), least))
    found += [
        lazy_("%(organisation)s stands in %(consortium)s too (%(reference)s)", organisation=each.organisation,
              consortium=each.consortium, reference=each.reference)
        for each in standing.others
    ]  # fmt: skip
    return _point(AdmissibilityPoint.CONSORTIUM, found, lazy_("%(number)s organisations", number=len(partners)))


def _costs(standing: Standing) -> Point:
    money, given = standing.content["amounts"], given_in(standing.content)
    amounts = Amounts(money["requested_cents"], money["total_cents"])
    breaches = [
        *cost_breaches(standing.design, given, amounts.total),
        *own_share_breaches(standing.design.own_share, given, amounts),
    ]
    found = [breach.message for breach in breaches]
    return _point(AdmissibilityPoint.COSTS, found, lazy_("%(total)s in all", total=Euro(amounts.total)))


def _point(key: AdmissibilityPoint, found: Sequence[object], otherwise: object) -> Point:
    return Point(key, not found, _Several(found) if found else otherwise)


@dataclass(frozen=True, slots=True)
class _Several:
    """Messages one after the other, in the reader's language only when they are read."""

    messages: Sequence[object]

    def __str__(self) -> str:
        return " · ".join(map(str, self.messages))
