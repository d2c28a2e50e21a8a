"""What the office checks of a registered application, with what the portal can compute of each point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.applications.eligibility import Verdict
from portal.applications.models import Application, Submission
from portal.applications.rules import (
    AdmissibilityPoint,
    Amounts,
    Euro,
    has_own_share,
    is_within_limits,
    own_share_needed,
)
from portal.calls.rules import ApplicantRule, CallDesign
from portal.core.i18n import in_language, lazy_
from portal.core.instants import Instant


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what was computed (met or not), and of which figures."""

    key: AdmissibilityPoint
    is_met: bool
    detail: object


def suggested_points(application: Application) -> list[Point]:
    """The points that the design of the call asks for, in the order of the checklist."""
    submission = application.submission
    if submission is None:
        return []
    design, content = application.call.design, submission.content
    applicant = content["organisation"]
    rule = design.rule_for(applicant["kind"], applicant["legal_form"])
    points = [_in_time(application, submission), _applicant(rule, applicant)]
    if design.areas:
        points.append(_area(design, content))
    if any(applicant["kind"] in request.required_for for request in design.documents_requested):
        points.append(_documents(design, content))
    if content.get("eligibility"):
        points.append(_eligibility(content["eligibility"]))
    return points + (_money(rule, content) if rule else [])


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
