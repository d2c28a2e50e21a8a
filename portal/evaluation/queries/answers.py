"""What registered applications say, as far as a ranking computes with it: numbers, bonuses, ages, women."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from portal.applications.given import given_in, team_in
from portal.applications.models import Application, Submission
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import CallDesign, CriterionSource, TieBreakBy
from portal.evaluation.queries.keys import Keys, raw, rows
from portal.evaluation.queries.numbers import NumberReader
from portal.evaluation.ranking import Facts
from portal.evaluation.terms import day_at
from portal.questionnaires.definition import form_from_json
from portal.questionnaires.models import FormRevision
from portal.questionnaires.rules import FACTS, FilledForm, Form, holds
from portal.questionnaires.rules import Facts as FormFacts
from portal.questionnaires.rules.facts import FactType
from portal.questionnaires.rules.formulas import names_in

BORN_ON, GENDER, WOMAN = "born_on", "gender", "woman"
UNDISCLOSED = "undisclosed"
BY_PEOPLE = frozenset({TieBreakBy.YOUNGER, TieBreakBy.GENDER_MAJORITY})


def reads_answers(design: CallDesign) -> bool:
    """Whether anything of a ranking is computed from what applications say."""
    return any(not each.is_scored for each in design.criteria) or any(
        each.by in BY_PEOPLE for each in design.tie_breaks
    )


def facts_of_applications(
    session: Session, phase: Phase, keys: Keys, statuses: Collection[ApplicationStatus]
) -> dict[str, Facts]:
    """The facts of the last registered submission of each application; none where the call computes with none."""
    design = phase.design
    if not reads_answers(design):
        return {}
    by_people = any(each.by in BY_PEOPLE for each in design.tie_breaks)
    day = day_at(phase.closes_at, phase.zone)
    query = (
        select(raw(Submission.application_id), raw(Submission.form_revision_id), cast(Submission.content, String))
        .join(Application, Application.id == Submission.application_id)
        .where(Application.phase_id == phase.id, Application.status.in_(statuses))
        .order_by(Submission.id)
    )
    found = {keys[application]: (keys[form], content) for application, form, content in rows(session, query)}
    last = {key: (form, orjson.loads(content)) for key, (form, content) in found.items()}
    revisions = {UUID(form) for form in {form for form, _content in last.values()}}
    forms = {str(key): form for key, form in _forms(session, revisions).items()}
    readers = {key: NumberReader(form, names_read(design)) for key, form in forms.items()}
    facts = {key: _said(design, readers[form], filled(forms[form], content)) for key, (form, content) in last.items()}
    return {key: _with_people(each, last[key][1], day) for key, each in facts.items()} if by_people else facts


def form_of_submission(session: Session, submission: Submission) -> Form:
    """The form that a submission answered."""
    return _forms(session, {submission.form_revision_id})[submission.form_revision_id]


def filled(form: Form, content: Mapping[str, Any]) -> FilledForm:
    """The form with the answers and the facts that were frozen; hidden questions were left out then."""
    values = {answer["key"]: {"value": answer["value"]} for part in content["sections"] for answer in part["answers"]}
    return FilledForm(form, values, facts_frozen(content.get("facts", {})))


def facts_frozen(told: Mapping[str, str]) -> FormFacts:
    """The facts of the applicant as they were frozen, in words, read back for conditions."""
    known = {name: value for name, value in told.items() if name in FACTS}
    return {name: _fact(FACTS[name].type, value) for name, value in known.items()}


def _fact(kind: FactType, value: str) -> bool | Decimal | str:
    match kind:
        case FactType.YES_NO:
            return value == "True"
        case FactType.NUMBER:
            return Decimal(value)
        case FactType.WORD:
            return value


def _forms(session: Session, revisions: set[UUID]) -> dict[UUID, Form]:
    query = select(FormRevision).where(FormRevision.id.in_(revisions)).order_by(FormRevision.id)
    return {each.id: form_from_json(each.definition) for each in session.scalars(query)}


def names_read(design: CallDesign) -> list[str]:
    """The tags that criteria count with."""
    return sorted({name for each in design.criteria for name in (each.tag, *names_in(each.formula)) if name})


def said_in(design: CallDesign, said: FilledForm, names: Sequence[str] | None = None) -> Facts:
    """The numbers that criteria count with (`names_read`), and the bonuses that are due."""
    given = {name: said.numbers(name) for name in (names_read(design) if names is None else names)}
    return Facts(
        numbers=tuple((name, sum(found, Decimal(0))) for name, found in given.items() if found),
        bonuses=tuple(sorted(bonuses_of(design, said))),
    )


def _said(design: CallDesign, reader: NumberReader, said: FilledForm) -> Facts:
    return Facts(numbers=reader.numbers(said), bonuses=tuple(sorted(bonuses_of(design, said))))


def _with_people(facts: Facts, content: Mapping[str, Any], day: date) -> Facts:
    """The same with the ages of the people on a day, and how many are women."""
    born, genders = _people(content)
    days = sum((day - each).days for each in born)
    return replace(facts, age_days=days, aged=len(born), women=genders.count(WOMAN), gendered=len(genders))


def bonuses_of(design: CallDesign, said: FilledForm) -> set[str]:
    """The bonuses whose condition holds."""
    bonuses = [each for each in design.criteria if each.source is CriterionSource.BONUS]
    return {each.key for each in bonuses if holds(each.when, said.comparable, said.facts)}


def _people(content: Mapping[str, Any]) -> tuple[list[date], list[str]]:
    """Dates of birth and genders of the people of the team, as far as they were given."""
    team = team_in(given_in(content))
    rows = team.rows if team is not None else []
    born = [date.fromisoformat(row[BORN_ON]) for row in rows if row.get(BORN_ON)]
    return born, [row[GENDER] for row in rows if row.get(GENDER) and row[GENDER] != UNDISCLOSED]
