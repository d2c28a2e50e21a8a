"""Grants that change on the way: a partner that came, a later end that is asked for, proceedings to reply to, one that
its recipient renounced.
"""

from portal.demo.granting import Team
from portal.demo.stage import Stage
from portal.grants.changes.operations import (
    ActTyped,
    ask_amendment,
    declare_renunciation,
    end_grant,
    grant_amendment,
    open_proceeding,
)
from portal.grants.changes.rules import EndKind, Extension, Ground, Partner, PartnerChange
from portal.grants.queries import money_of
from portal.grants.rules import GrantStatus, local_day, months_after


def change(stage: Stage, teams: list[Team]) -> None:
    """Four of the grants under way; nothing was paid yet of the one that ends."""
    active = [team for team in teams if team.grant.status is GrantStatus.ACTIVE and team.grant.ends_on is not None]
    for act, team in zip((_partner, _extension, _proceedings), active, strict=False):
        act(stage, team)
    unpaid = [team for team in active if not money_of(stage.session, [team.grant.id])[team.grant.id].released]
    for team in unpaid[-1:]:
        _renounced(stage, team)


def _partner(stage: Stage, team: Team) -> None:
    """Asked for by the recipient, granted by the office."""
    comes = PartnerChange("", Partner("Circolo ricreativo La Darsena"))
    row = ask_amendment(
        stage.session, grant_id=team.grant.id, change=comes, actor=stage.actor(team.owner), now=stage.at(-30),
        reason="Il circolo mette a disposizione la sala grande tre pomeriggi la settimana, senza costi.",
    )  # fmt: skip
    grant_amendment(
        stage.session, grant_id=team.grant.id, amendment_id=row.id, actor=stage.actor("officer"), now=stage.at(-24),
        words="Coerente con gli obiettivi del progetto.",
    )  # fmt: skip


def _extension(stage: Stage, team: Team) -> None:
    """Waits for the office."""
    if team.grant.ends_on is None:
        return
    ask_amendment(
        stage.session, grant_id=team.grant.id, change=Extension(months_after(team.grant.ends_on, 3)),
        actor=stage.actor(team.owner), now=stage.at(-6),
        reason="I lavori nella sede sono finiti con sei settimane di ritardo: il laboratorio slitta a settembre.",
    )  # fmt: skip


def _proceedings(stage: Stage, team: Team) -> None:
    """The recipient has still to reply."""
    open_proceeding(
        stage.session, grant_id=team.grant.id, kind=EndKind.PARTIAL_REVOCATION, ground=Ground.NOT_CARRIED_OUT,
        cents=200_000, actor=stage.actor("officer"), now=stage.at(-4),
        reason="Lo sportello del sabato, previsto dal piano approvato, non è stato attivato.",
    )  # fmt: skip


def _renounced(stage: Stage, team: Team) -> None:
    """The office took note by an act: the money is free for whoever comes next in the ranking."""
    declare_renunciation(
        stage.session, grant_id=team.grant.id, actor=stage.actor(team.owner), now=stage.at(-12),
        reason="La sede che ci ospitava è stata venduta e non ne abbiamo trovata un'altra nel quartiere.",
    )  # fmt: skip
    act = ActTyped("DD 2026/210/00412", local_day(stage.at(-8)), "Si prende atto della rinuncia.")
    end_grant(stage.session, grant_id=team.grant.id, act=act, actor=stage.actor("officer"), now=stage.at(-8))
