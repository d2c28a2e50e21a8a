"""What follows the award in a rehearsal: the answer of the recipient, and the checks before signing."""

from datetime import datetime

from portal.calls.rules import GrantCheck
from portal.grants.checking.operations import CheckTyped
from portal.grants.checking.rules import READ, CheckOutcome, checks_of
from portal.grants.models import Grant
from portal.grants.operations import accept_grant, close_checks, draw_sample, record_check, take_step
from portal.grants.rules import GrantStatus
from portal.rehearsal.play import Play

NOT_HERE = "Nella prova non ci sono registri da consultare."
SEED = "prova"


def answer(play: Play, grant: Grant, now: datetime) -> None:
    """The recipient accepts, where the call asks for an answer."""
    if grant.status is GrantStatus.PROPOSED:
        accept_grant(
            play.session, grant_id=grant.id, actor=play.owner_of(grant.organisation_id, now), now=now
        )  # fmt: skip


def draw(play: Play, now: datetime) -> None:
    """Draw the sample of every check that is made by sample."""
    officer = play.actor("officer", now)
    for check in play.design.award.checks if play.grants else ():
        if check.sample is not None:
            draw_sample(play.session, slug=play.grants[0].call.slug, key=check.key, seed=SEED, actor=officer, now=now)


def check(play: Play, grant: Grant, now: datetime) -> None:
    """Record every check and close the list; what is read from registers is not due in a rehearsal."""
    if grant.status is not GrantStatus.VERIFYING:
        return
    officer = play.actor("officer", now)
    for each in checks_of(grant.application.design.award, was_group=grant.incorporation is not None):
        record_check(
            play.session, grant_id=grant.id, key=each.key, typed=_typed(play, each, now), actor=officer, now=now
        )
    close_checks(play.session, grant_id=grant.id, actor=officer, now=now)


def _typed(play: Play, check: GrantCheck, now: datetime) -> CheckTyped:
    if check.kind in READ:
        return CheckTyped(CheckOutcome.NOT_DUE, now.date(), note=NOT_HERE)
    file = play.paper("Verifica", check.key) if check.needs_file else None
    return CheckTyped(CheckOutcome.POSITIVE, now.date(), reference="PROVA/6", file=file)


def take_steps(play: Play, grant: Grant, now: datetime) -> None:
    """The group shows every step to its legal entity that the call declares."""
    for each in play.design.award.incorporation_steps:
        take_step(
            play.session, grant_id=grant.id, key=each.key, note="Fatto.", file=play.paper("Passo", each.key),
            actor=play.owner_of(grant.organisation_id, now), now=now,
        )  # fmt: skip
