"""What a version of a ranking changed against the one whose place it took, in words."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.core.i18n import lazy_, locale
from portal.core.money import format_cents
from portal.evaluation.labels import outcome_labels
from portal.evaluation.lists import NAMED
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.points import total_text
from portal.evaluation.ranking import Outcome


@dataclass(frozen=True, slots=True)
class Change:
    """One application whose result is another now."""

    row: RankingRow
    words: list[object]


def changes_of(session: Session, ranking: Ranking) -> list[Change]:
    """Every application with another place, points, outcome or grant than in the version before, in order."""
    if ranking.follows_id is None:
        return []
    before = {row.application_id: row for row in _rows(session, ranking.follows_id)}
    pairs = [(before[row.application_id], row) for row in _rows(session, ranking.id) if row.application_id in before]
    return [Change(row, words) for old, row in pairs if (words := _in_words(ranking, old, row))]


def _rows(session: Session, ranking_id: UUID) -> list[RankingRow]:
    query = select(RankingRow).where(RankingRow.ranking_id == ranking_id).options(joinedload(RankingRow.application))
    return list(session.scalars(query.order_by(RankingRow.line_number)))


def _in_words(ranking: Ranking, old: RankingRow, new: RankingRow) -> list[object]:
    labels, language = outcome_labels(selects=ranking.selects), locale()
    found: list[object] = []
    if old.total_hundredths != new.total_hundredths and {old.outcome, new.outcome} <= NAMED:
        found.append(lazy_("points %(old)s → %(new)s", old=total_text(old.total_hundredths, language) or "–",
                           new=total_text(new.total_hundredths, language) or "–"))  # fmt: skip
    if old.position != new.position:
        found.append(lazy_("place %(old)s → %(new)s", old=old.position or "–", new=new.position or "–"))
    if old.outcome != new.outcome:
        one, other = (labels[Outcome(each.outcome)][0] for each in (old, new))
        found.append(lazy_("%(old)s → %(new)s", old=one, new=other))
    if old.awarded_cents != new.awarded_cents:
        found.append(lazy_("grant EUR %(old)s → %(new)s", old=format_cents(old.awarded_cents, language),
                           new=format_cents(new.awarded_cents, language)))  # fmt: skip
    return found
