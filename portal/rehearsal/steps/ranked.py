"""What a final ranking says, row by row, with the places or the money that it hands down."""

from portal.calls.models import Phase
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.evaluation.labels import outcome_labels
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.points import total_text
from portal.evaluation.queries.rankings import RankingPage, ranking_page
from portal.evaluation.ranking import WON, Outcome
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.saying import Said


def must_be_ranked(play: Play, phase: Phase) -> Ranking:
    """The newest version of the ranking of a phase; without one nothing can follow."""
    ranking = play.ranking_of(phase)
    if ranking is None:
        play.impossible(lazy_("There is no ranking."), place=play.place("criteria"))
        raise CannotGoOn
    return ranking


def tell_ranking(play: Play, ranking: Ranking) -> None:
    """Every row, then what was handed down."""
    path = f"/rankings/{ranking.id}"
    shown = ranking_page(play.session, play.actor("chair", play.now), ranking.id)
    play.done(lazy_("The ranking was computed, published as provisional, then for good."), path=path)
    for row in shown.all_rows:
        tell = play.done if Outcome(row.outcome) in WON else play.held
        tell(_row(row, selects=ranking.selects), path=path)
    _places(play, shown, path)
    if not ranking.selects:
        _money(play, shown, path)


def _row(row: RankingRow, *, selects: bool) -> object:
    told = {
        "place": f"{row.position}." if row.position else "–", "reference": row.application.reference,
        "name": row.organisation_name, "points": total_text(row.total_hundredths) or "–",
        "outcome": outcome_labels(selects=selects)[Outcome(row.outcome)][0],
    }  # fmt: skip
    if selects:
        words: object = lazy_("%(place)s %(reference)s, %(name)s: %(points)s points – %(outcome)s", **told)
        return words
    return lazy_(
        "%(place)s %(reference)s, %(name)s: %(points)s points – %(outcome)s, € %(euro)s of € %(asked)s",
        euro=format_cents(row.awarded_cents), asked=format_cents(row.requested_cents), **told,
    )  # fmt: skip


def _places(play: Play, shown: RankingPage, path: str) -> None:
    for quota in shown.quotas:
        play.done(lazy_("%(taken)s of %(count)s places are taken.", taken=quota["taken"], count=quota["count"]),
                  path=path)  # fmt: skip


def _money(play: Play, shown: RankingPage, path: str) -> None:
    names = {line.key: line.name for line in play.design.budget_lines}
    for line in shown.lines:
        play.done(
            lazy_("Line “%(line)s”: € %(given)s of € %(budget)s assigned, € %(left)s left.",
                  line=Said(names[line.key]) if line.key in names else line.key, given=format_cents(line.awarded_cents),
                  budget=format_cents(line.budget_cents), left=format_cents(line.left_cents)),
            path=path,
        )  # fmt: skip
