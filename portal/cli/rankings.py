"""`portal ranking explain`: every number of a result, checked against the stored hashes."""

from collections.abc import Iterator
from uuid import UUID

import click
from sqlalchemy.orm import Session

from portal.cli.context import transaction
from portal.evaluation.models import Ranking, RankingDraw
from portal.evaluation.queries.names import evaluator_names, names_of_design
from portal.evaluation.queries.rankings import ranking_named, run_of
from portal.evaluation.ranking import draw_steps
from portal.evaluation.ranking import explain as explain_result


@click.group()
def ranking() -> None:
    """Rankings."""


@ranking.command()
@click.argument("reference")
@click.option("--version", type=int, help="Another version than the newest.")
@click.option("--en", is_flag=True, help="In English.")
def explain(reference: str, version: int | None, en: bool) -> None:
    """Print every number of REFERENCE: an application (VIV-… or its id), or a whole ranking (its id)."""
    with transaction() as session:
        found = ranking_named(session, reference, version)
        if found is None:
            raise click.ClickException(
                f"no ranking holds {reference}: give the reference of an application, its id, or the id of a ranking"
            )
        for line in lines_of(session, *found, "en" if en else "it"):
            click.echo(line)


def lines_of(session: Session, stored: Ranking, application_id: UUID | None, language: str) -> Iterator[str]:
    """The explanation of one application, or of all of them, under the hashes that were checked."""
    run = run_of(stored)
    names = evaluator_names(session, run.given) | names_of_design(stored.phase.design, language)
    yield f"{stored.id} v{stored.version} {stored.status.value}"
    yield f"sha256 {stored.input_sha256} -> {stored.output_sha256}: ok"
    wanted = [str(application_id)] if application_id else [result.candidate for result in run.results]
    for candidate in wanted:
        yield ""
        yield from explain_result(run, candidate, language, names)


@ranking.command()
@click.argument("draw")
def draw(draw: UUID) -> None:
    """Print every step of a DRAW (its id, as on its page), so that anybody can repeat it."""
    with transaction() as session:
        found = session.get(RankingDraw, draw)
        if found is None:
            raise click.ClickException(f"no draw has the id {draw}: it stands in the address of its page")
        for line in steps_of(found):
            click.echo(line)


def steps_of(found: RankingDraw) -> Iterator[str]:
    """The lists with their hashes; once the outcome is known, each number and the order."""
    yield f"{found.source}, {found.held_on:%d/%m/%Y}: {found.seed or 'not known yet'}"
    for each in found.lists:
        yield f"{each['ranking']}, {each['position']}: {each['sha256']}"
    for drawn in found.draws:
        yield ""
        yield from draw_steps(drawn)
