"""From the final ranking to standing organisations: awards, incorporations, agreements, coaching, milestones."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from uuid import UUID

from sqlalchemy import select

from portal.access.operations.bank_details import propose_bank_details, verify_bank_details
from portal.access.operations.facts import FactSeen, record_fact
from portal.access.rules import FactKind, LegalForm
from portal.calls.rules import AidRegime
from portal.coaching.models import NextStep
from portal.coaching.next_steps.operations import StepAsked, tick_off
from portal.coaching.operations import confirm_session, dispute_session, engage_coach, log_session
from portal.coaching.rules import SessionMode
from portal.coaching.topics import Topic
from portal.demo import texts
from portal.demo.counting import expect_later, reached
from portal.demo.people import SIGN_IN_OF
from portal.demo.stage import Stage
from portal.demo.texts import Row, steady
from portal.evaluation.models import Ranking
from portal.grants.agreements.operations import (
    accept_agreement,
    countersign_agreement,
    prepare_agreement,
    sign_agreement,
)
from portal.grants.aid.operations import AidTyped, record_aid
from portal.grants.checking.operations import CheckTyped
from portal.grants.checking.rules import STANDARD, CheckOutcome
from portal.grants.models import Grant
from portal.grants.operations import (
    award_all,
    close_checks,
    confirm_incorporation,
    publish_grant,
    record_check,
    record_cup,
    record_incorporation,
)
from portal.grants.rules import GrantStatus
from portal.milestones.models import Milestone
from portal.milestones.operations import accept_report, return_report, submit_report

AWARDED, VERIFIED, SIGNED = -296, -286, -262
"""Days from today: the award, the checks, the agreements."""

REFERENCES = ("Verbale di controllo PG/2020/0118", "Visura RNA del giorno", "Casellario, nulla a carico")
"""Where each check of always was looked at."""
AID = ((-700, 4_500_000, "Regione Puglia", "8812345"), (-1500, 1_200_000, "Camera di Commercio di Bari", ""))
"""De minimis aid of one recipient: days from today, cents, who granted it, code of the register."""


@dataclass
class Team:
    """One recipient on stage: its grant, its key, and its texts."""

    grant: Grant
    key: str
    organisation: Row

    @property
    def owner(self) -> str:
        """Who represents it."""
        return f"{self.key}:0"


def award(stage: Stage, ranking: Ranking) -> list[Team]:
    """Award every funded application, in the order of the ranking."""
    act_date = stage.day(AWARDED - 1)
    grants = award_all(
        stage.session, ranking_id=ranking.id, act_number="DD 2019/210/00871", act_date=act_date,
        actor=stage.actor("officer"), now=stage.at(AWARDED),
    )  # fmt: skip
    keys = {identity: key for key, identity in stage.organisations.items()}
    return [Team(grant, keys[grant.organisation_id], texts.organisations()[keys[grant.organisation_id]])
            for grant in grants]  # fmt: skip


def settle_entities(stage: Stage, teams: list[Team]) -> None:
    """Entities are checked; groups incorporate, but for the last two, who still have to."""
    groups = [team for team in teams if team.grant.status is GrantStatus.INCORPORATING]
    groups.sort(key=lambda team: team.key in SIGN_IN_OF)
    for team in teams:
        if team.grant.status is GrantStatus.VERIFYING:
            _check(stage, team)
    _declare_aid(stage, next(team for team in teams if team.grant.status is GrantStatus.READY))
    for place, team in enumerate(groups[: len(groups) - 1]):
        _incorporate(stage, team, confirmed=place < len(groups) - 2)


def _check(stage: Stage, team: Team) -> None:
    officer, now = stage.actor("officer"), stage.at(VERIFIED)
    for number, check in enumerate(STANDARD):
        found = CheckTyped(CheckOutcome.POSITIVE, stage.day(VERIFIED), REFERENCES[number])
        record_check(stage.session, grant_id=team.grant.id, key=check.key, typed=found, actor=officer, now=now)
    close_checks(stage.session, grant_id=team.grant.id, actor=officer, now=now)


def _declare_aid(stage: Stage, team: Team) -> None:
    """What others granted to one recipient: some of it no longer counts."""
    for days, cents, granted_by, cor in AID:
        record_aid(
            stage.session, organisation_id=team.grant.organisation_id,
            typed=AidTyped(AidRegime.DE_MINIMIS, stage.day(days), cents, granted_by, cor=cor),
            actor=stage.actor("officer"), now=stage.at(VERIFIED),
        )  # fmt: skip


def _incorporate(stage: Stage, team: Team, *, confirmed: bool) -> None:
    entity = team.organisation["incorporation"]
    deed = stage.pdf(f"Atto costitutivo {entity['name']}", "Sottoscritto dai soci fondatori.")
    record_incorporation(
        stage.session, grant_id=team.grant.id, name=entity["name"], legal_form=LegalForm(entity["legal_form"]),
        fiscal_code=entity["fiscal_code"], incorporated_on=stage.day(AWARDED + 25), deed=deed,
        actor=stage.actor(team.owner), now=stage.at(AWARDED + 28),
    )  # fmt: skip
    if confirmed:
        confirm_incorporation(
            stage.session, grant_id=team.grant.id, actor=stage.actor("officer"), now=stage.at(AWARDED + 31)
        )


def sign(stage: Stage, team: Team, *, number: int) -> None:
    """CUP, agreement signed by both, publication, account verified by two people, DURC."""
    session, officer = stage.session, stage.actor("officer")
    cup = f"J{(number % 89) + 10}H{number + 18000050001:011d}"
    record_cup(session, grant_id=team.grant.id, cup=cup, actor=officer, now=stage.at(SIGNED - 3))
    prepare_agreement(session, grant_id=team.grant.id, actor=officer, now=stage.at(SIGNED - 2))
    _sign_as_recipient(stage, team, on_the_portal=number % 3 == 1)
    countersign_agreement(session, grant_id=team.grant.id, actor=officer, now=stage.at(SIGNED, 12))
    publish_grant(session, grant_id=team.grant.id, actor=officer, now=stage.at(SIGNED + 1))
    open_account(stage, team)


def _sign_as_recipient(stage: Stage, team: Team, *, on_the_portal: bool) -> None:
    """On the portal with a second factor, or by hand on a copy that is scanned."""
    owner, now, agreement = stage.actor(team.owner), stage.at(SIGNED - 1), team.grant.agreement
    if on_the_portal and agreement is not None:
        accept_agreement(stage.session, grant_id=team.grant.id, seen_sha256=agreement.file.sha256, actor=owner, now=now)
        return
    scan = stage.pdf(f"Convenzione firmata {team.grant.reference}", "Copia firmata dal rappresentante legale.")
    sign_agreement(stage.session, grant_id=team.grant.id, upload=scan, actor=owner, now=now)


def open_account(stage: Stage, team: Team) -> None:
    """The account to be paid, proposed by the recipient and verified by finance; a DURC that is still valid."""
    entity = team.organisation.get("incorporation") or {}
    details = propose_bank_details(
        stage.session, organisation_id=team.grant.organisation_id,
        holder=entity.get("name") or team.organisation["name"],
        iban=team.organisation["iban"] or entity["iban"], actor=stage.actor(team.owner), now=stage.at(SIGNED + 2),
    )  # fmt: skip
    verify_bank_details(
        stage.session, organisation_id=details.organisation_id, bank_details_id=details.id,
        actor=stage.actor("finance-approver"), now=stage.at(SIGNED + 3),
    )  # fmt: skip
    for days in (SIGNED + 2, -40):
        source = f"INAIL_{steady(team.key, 89999) + 10000}"
        record_fact(
            stage.session, organisation_id=team.grant.organisation_id, actor=stage.actor("officer"),
            now=stage.at(days, 11), seen=FactSeen(FactKind.DURC, stage.day(days), source),
        )  # fmt: skip


def coach(stage: Stage, team: Team, *, number: int, meetings: int) -> None:
    """A coach, and the sessions: most confirmed, some that wait, one disputed here and there."""
    name = ("coach", "coach-2")[number % 2]
    engagement = engage_coach(
        stage.session, application_id=team.grant.application_id, coach_id=stage.people[name].id,
        actor=stage.actor("officer"), now=stage.at(SIGNED + 4),
    )  # fmt: skip
    notes = [note for note in texts.work()["sessions"] if note["organisation"] == team.key]
    others = [note for note in texts.work()["sessions"] if note["organisation"] != team.key]
    start = steady(team.key, len(others))
    chosen = [*notes, *others[start:], *others[:start]][:meetings]
    for place, note in enumerate(chosen):
        recent = place == len(chosen) - 1 and number % 3 == 0
        _session(
            stage, team, engagement.id, note, name, days=-3 - number // 3 if recent else -235 + place * 31 + number * 3,
            hour=9 + (number * 2 + place) % 9, place=place, number=number,
        )  # fmt: skip


def _session(
    stage: Stage, team: Team, engagement_id: UUID, note: Row, coach_key: str, *, days: int, hour: int, place: int,
    number: int,
) -> None:  # fmt: skip
    starts = stage.at(days, hour)
    logged = starts + timedelta(minutes=note["minutes"] + 20)
    step = (note.get("next_steps") or [None])[0]
    held = log_session(
        stage.session, engagement_id=engagement_id, starts_at=starts, minutes=note["minutes"],
        mode=SessionMode.IN_PERSON if note["mode"] == "in_person" else SessionMode.REMOTE,
        attendees=", ".join(member["name"] for member in team.organisation["members"][:2]), summary=note["note"],
        topics=list(Topic)[(place + number) % len(Topic) :][:2], steps=_steps(stage, team, step, coach_key, days),
        actor=stage.actor(coach_key), now=logged,
    )  # fmt: skip
    owner = stage.actor(team.owner)
    if days > -7:
        return
    for each in stage.session.scalars(select(NextStep).where(NextStep.session_id == held.id)):
        tick_off(stage.session, next_step_id=each.id, actor=owner, now=logged + timedelta(days=4))
    if number == 4 and place == 0:
        reason = texts.work()["dispute_reasons"][0]
        dispute_session(stage.session, session_id=held.id, reason=reason, actor=owner, now=logged + timedelta(days=1))
    else:
        confirm_session(stage.session, session_id=held.id, actor=owner, now=logged + timedelta(days=1))


def _steps(stage: Stage, team: Team, step: Row | None, coach_key: str, days: int) -> list[StepAsked]:
    """What was agreed: done by now, unless the session is recent."""
    if step is None:
        return []
    owner = stage.people[coach_key if step["owner"] == "coach" else team.owner]
    return [StepAsked(step["what"], owner.id, stage.day(days + step["days"]))]


def report(stage: Stage, team: Team, *, accepted: int, last: str | None = None) -> None:
    """Report milestones: the first `accepted` are accepted; the next one is `reported`, `returned`, or left."""
    query = select(Milestone).where(Milestone.grant_id == team.grant.id).order_by(Milestone.number)
    milestones = list(stage.session.scalars(query))
    for milestone in milestones[: accepted + (last is not None)]:
        done = min(milestone.due_on, stage.day(-6)) - stage.day(0)
        now = stage.at(done.days - 1, 15)
        evidence = stage.pdf(f"Registro attività {team.grant.reference} {milestone.number}", milestone.deliverable)
        submit_report(
            stage.session, milestone_id=milestone.id, narrative=_narrative(team, milestone), uploads=[evidence],
            actor=stage.actor(team.owner), now=now, reached=reached(team.key, milestone),
        )  # fmt: skip
        officer = stage.actor("officer")
        if milestone.number <= accepted:
            accept_report(stage.session, milestone_id=milestone.id, actor=officer, now=now + timedelta(days=2))
        elif last == "returned":
            reasons = texts.work()["return_reasons"]
            reason = reasons[steady(team.key, len(reasons))]
            return_report(
                stage.session, milestone_id=milestone.id, reason=reason, actor=officer, now=now + timedelta(days=2)
            )
    if last is None and accepted in (1, 2):
        expect_later(stage, team.owner, milestones[accepted])


def _narrative(team: Team, milestone: Milestone) -> str:
    reports = texts.work()["reports"]
    mine = [row["text"] for row in reports if row["organisation"] == team.key]
    wanted = [row["text"] for row in reports if row["milestone"] == milestone.number]
    pool = mine or wanted or [row["text"] for row in reports]
    return str(next(islice(cycle(pool), (milestone.number - 1) % len(pool), None)))
