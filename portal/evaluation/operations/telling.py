"""Telling every applicant its own result: a notice to the team, a message to its owners, a letter once it is final."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Tie
from portal.access.queries import MEMBER_TIES, people_by_object
from portal.calls.models import Phase
from portal.core.i18n import in_language
from portal.core.jobs import enqueue
from portal.core.mail import send_mail
from portal.evaluation.labels import outcome_labels
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.points import total_text
from portal.evaluation.ranking import Outcome
from portal.evaluation.rules import RankingStatus
from portal.notices.operations import notify

Team = list[tuple[Person, bool]]
LETTER_JOB = "evaluation.letter"


def tell_applicants(
    session: Session, *, ranking: Ranking, phase: Phase, rows: Sequence[RankingRow], now: datetime
) -> None:
    """A version was published: nobody hears of anybody else's result."""
    teams = _teams_of(session, [row.application.organisation_id for row in rows], now)
    for row in rows:
        _tell(session, ranking, phase, row, teams[row.application.organisation_id], now)
        if ranking.is_final:
            enqueue(session, LETTER_JOB, now=now, ranking_id=ranking.id, application_id=row.application_id)


def _teams_of(session: Session, organisations: Sequence[UUID], now: datetime) -> dict[UUID, Team]:
    """The people of each organisation, and whether they own it."""
    found: dict[UUID, Team] = defaultdict(list)
    for organisation, how, person in people_by_object(session, organisations, MEMBER_TIES, now):
        found[organisation].append((person, how is Tie.OWNER))
    return found


def _tell(session: Session, ranking: Ranking, phase: Phase, row: RankingRow, team: Team, now: datetime) -> None:
    path = f"/applications/{row.application_id}/outcome"
    is_final = ranking.status is RankingStatus.FINAL
    title = phase.call.title
    text = {
        "it": f"Graduatoria {'definitiva' if is_final else 'provvisoria'}: {in_language(title, 'it')}. Ecco l'esito.",
        "en": f"{'Final' if is_final else 'Provisional'} ranking: {in_language(title, 'en')}. See your outcome.",
    }
    notify(session, people=[person.id for person, _ in team], text=text, path=path, now=now)
    for person, is_owner in team:
        if is_owner:
            label, _tone = outcome_labels(selects=ranking.selects)[Outcome(row.outcome)]
            send_mail(
                session, to=person.email, template="evaluation/outcome", locale=person.locale, now=now,
                person=person.name, row=row, ranking=ranking, is_final=is_final,
                call=in_language(title, person.locale), path=path, outcome=label,
                points=total_text(row.total_hundredths, person.locale),
            )  # fmt: skip
