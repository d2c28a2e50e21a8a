"""Since when a result stands as it is: from there its terms run, whatever later versions changed for others."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evaluation.models import Ranking, RankingRow


def final_since(session: Session, ranking: Ranking, row: RankingRow) -> datetime | None:
    """When the first of the final versions was published that gave this result without a break; None before any.

    A version that repeats a result confirms it: who did not challenge the first one has no new term.
    """
    if ranking.final_at is None:
        return None
    if not ranking.is_rectifying:
        return ranking.final_at
    query = (
        select(Ranking.final_at, RankingRow.outcome, RankingRow.total_hundredths, RankingRow.awarded_cents)
        .join(RankingRow, RankingRow.ranking_id == Ranking.id)
        .where(Ranking.phase_id == ranking.phase_id, Ranking.final_at.is_not(None))
        .where(Ranking.version < ranking.version, RankingRow.application_id == row.application_id)
        .order_by(Ranking.version.desc())
    )
    since, same = ranking.final_at, (row.outcome, row.total_hundredths, row.awarded_cents)
    for at, *given in session.execute(query):
        if tuple(given) != same or at is None:
            break
        since = at
    return since
