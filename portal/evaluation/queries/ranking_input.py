"""What a ranking starts from, gathered from the call, its applications, and the finalised sheets.

Columns rather than entities, one statement a table: thousands of applications have tens of thousands of sheets.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Select, String, and_, cast, select
from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.applications.models import AdmissibilityReserve, Application, ReserveOutcome, Submission
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Phase
from portal.calls.queries import remaining_budget
from portal.calls.rules import CallDesign
from portal.core.money import WHOLE
from portal.evaluation.agreeing import AgreementStatus
from portal.evaluation.declared import other_lines_for, ranking_for, scheme_of
from portal.evaluation.models import AgreedMark, Assignment, ScoreSheet
from portal.evaluation.points import HUNDRED, scored
from portal.evaluation.queries.answers import facts_of_applications
from portal.evaluation.queries.draws import draws_held
from portal.evaluation.queries.keys import Keys, raw, rows
from portal.evaluation.queries.sheets import is_last
from portal.evaluation.ranking import NO_FACTS, Agreed, Candidate, Facts, Line, RankingInput, Recusal, Sheet
from portal.evaluation.ranking import Assignment as Seat
from portal.evaluation.rules import AssignmentStatus
from portal.register.models import ProtocolEntry

RANKED = UNDER_EVALUATION | {ApplicationStatus.INADMISSIBLE}


class Applied(NamedTuple):
    """What a ranking wants to know of one application."""

    id: str
    reference: str
    status: ApplicationStatus
    kind: str
    area: str | None
    requested_cents: int
    total_cents: int
    reserved: bool


class Place(NamedTuple):
    """Who was to score what, by the names that the engine knows them by, and the final sheet."""

    application: str
    person: str
    status: AssignmentStatus
    points: tuple[Decimal | None, ...] | None


def ranking_input(session: Session, phase: Phase) -> RankingInput:
    """The whole input of a ranking of this phase; the same data give the same bytes."""
    keys, design = Keys(), phase.design
    applications = _applications(session, phase, keys)
    facts = facts_of_applications(session, phase, keys, UNDER_EVALUATION)
    order = _protocol_order(session, phase, keys, applications)
    standing = lru_cache(lambda kind, area: _standing(design, kind, area))
    seats = _seats(session, phase, keys, design)
    return RankingInput(
        scheme=scheme_of(design, phase.key),
        lines=tuple(Line(each.line.key, each.remaining_cents) for each in remaining_budget(session, phase.call)),
        candidates=tuple(
            _candidate(each, order[each.id], standing(each.kind, each.area), facts.get(each.id, NO_FACTS))
            for each in applications
        ),
        assignments=tuple(Seat(each.application, each.person) for each in seats),
        scores=(),
        sheets=tuple(Sheet(each.application, each.person, each.points) for each in seats if each.points is not None),
        recusals=tuple(
            Recusal(each.application, each.person) for each in seats if each.status is AssignmentStatus.RECUSED
        ),
        draws=draws_held(session, phase.id),
        agreed=tuple(_agreed(session, phase, keys, design)),
    )


def _applications(session: Session, phase: Phase, keys: Keys) -> list[Applied]:
    """Those that are ranked, by reference."""
    query = (
        select(raw(Application.id), Application.reference, Application.status, Application.entered_kind,
               Organisation.kind, Application.area, Application.requested_cents, Application.total_cents)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.phase_id == phase.id, Application.status.in_(RANKED))
        .order_by(Application.reference)
    )  # fmt: skip
    open_ones = _reserved(session, phase, keys)
    return [
        Applied(keys[key], reference, status, entered or kind.value, area, requested, total, keys[key] in open_ones)
        for key, reference, status, entered, kind, area, requested, total in rows(session, query)
    ]


def _reserved(session: Session, phase: Phase, keys: Keys) -> set[str]:
    """Those admitted with a reserve that nobody decided yet."""
    query = (
        select(raw(AdmissibilityReserve.application_id))
        .join(Application, Application.id == AdmissibilityReserve.application_id)
        .outerjoin(ReserveOutcome, ReserveOutcome.reserve_id == AdmissibilityReserve.id)
        .where(Application.phase_id == phase.id, ReserveOutcome.id.is_(None))
        .order_by(AdmissibilityReserve.id)
    )
    return {keys[application] for application in session.scalars(query)}


def _protocol_order(session: Session, phase: Phase, keys: Keys, applications: list[Applied]) -> dict[str, int]:
    """Places by protocol number of the submission that counts; references decide where there is none."""
    query = (
        select(raw(Submission.application_id), ProtocolEntry.year, ProtocolEntry.number)
        .join(ProtocolEntry, ProtocolEntry.id == Submission.protocol_entry_id)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.phase_id == phase.id, Application.status.in_(RANKED))
        .order_by(ProtocolEntry.year, ProtocolEntry.number)
    )
    numbers = {keys[application]: (year, number) for application, year, number in rows(session, query)}
    none = (9999, 0)
    ordered = sorted(applications, key=lambda each: (numbers.get(each.id, none), each.reference))
    return {each.id: place for place, each in enumerate(ordered, 1)}


def _standing(design: CallDesign, kind: str, area: str | None) -> dict[str, Any]:
    """The line that serves an application, the others that may, and the ranking it stands in."""
    line = design.line_for(kind, area)
    return {
        "line": line.key,
        "kind": kind if design.allocation.places else None,
        "listed_in": ranking_for(design, line, kind, area),
        "other_lines": other_lines_for(design, line, kind, area),
    }


def _candidate(application: Applied, order: int, standing: Mapping[str, Any], facts: Facts) -> Candidate:
    total, own = application.total_cents, application.total_cents - application.requested_cents
    return Candidate(
        id=application.id,
        reference=application.reference,
        requested_cents=application.requested_cents,
        cofinancing_bp=max(0, own) * WHOLE // total if total else 0,
        received_order=order,
        area=application.area,
        admissible=application.status in UNDER_EVALUATION,
        facts=facts,
        reserved=application.reserved,
        **standing,
    )


def _seats(session: Session, phase: Phase, keys: Keys, design: CallDesign) -> list[Place]:
    """Every assignment of the admitted applications, recused ones too, with what the final sheets give."""
    exact, criteria = _Exact({None: None}), [each.key for each in scored(design)]
    return [
        Place(
            keys[application],
            keys[person],
            status,
            _points(given, criteria, exact) if given and status is not AssignmentStatus.REOPENED else None,
        )
        for application, person, status, given in rows(session, _sheets(phase))
    ]


def _points(given: str, criteria: Sequence[str], exact: "_Exact") -> tuple[Decimal | None, ...]:
    found = orjson.loads(given).get
    return tuple([exact[found(key)] for key in criteria])


def _sheets(phase: Phase) -> Select[*tuple[Any, ...]]:
    """What was given alone: the reasons, which may be long, stay where they are."""
    return (
        select(raw(Assignment.application_id), raw(Assignment.person_id), Assignment.status,
               cast(ScoreSheet.given, String))
        .join(Application, Application.id == Assignment.application_id)
        .outerjoin(ScoreSheet, and_(ScoreSheet.assignment_id == Assignment.id, is_last()))
        .where(Application.phase_id == phase.id, Application.status.in_(UNDER_EVALUATION))
        .order_by(Assignment.application_id, Assignment.id)
    )  # fmt: skip


def _agreed(session: Session, phase: Phase, keys: Keys, design: CallDesign) -> list[Agreed]:
    """The marks that the commission agreed on: each stands in place of a mean."""
    query = (
        select(raw(AgreedMark.application_id), AgreedMark.criterion, AgreedMark.given_hundredths)
        .join(Application, Application.id == AgreedMark.application_id)
        .where(Application.phase_id == phase.id, Application.status.in_(UNDER_EVALUATION))
        .where(AgreedMark.status == AgreementStatus.AGREED)
        .order_by(AgreedMark.application_id, AgreedMark.criterion)
    )
    known = {each.key for each in scored(design)}
    return [
        Agreed(keys[application], criterion, Decimal(given) / HUNDRED)
        for application, criterion, given in session.execute(query)
        if criterion in known
    ]


class _Exact(dict[int | None, Decimal | None]):
    """Points by their hundredths, each worked out once."""

    def __missing__(self, hundredths: int) -> Decimal:
        self[hundredths] = found = Decimal(hundredths) / HUNDRED
        return found
