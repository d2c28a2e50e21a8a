"""Awards, legal entities, agreements, accounts, coaching: what the first teams of the ranking live through."""

from datetime import timedelta

from portal.access.operations.bank_details import propose_bank_details, verify_bank_details
from portal.access.queries.consortia import leads_of
from portal.coaching.models import Engagement
from portal.coaching.operations import confirm_session, engage_coach, log_session
from portal.coaching.rules import SessionMode
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.grants.agreements.operations import prepare_agreement
from portal.grants.models import Grant
from portal.grants.operations import (
    award_all,
    confirm_incorporation,
    publish_grant,
    record_cup,
    record_incorporation,
)
from portal.grants.rules import GrantStatus
from portal.rehearsal.cast import entity_form
from portal.rehearsal.codes import cup_code, iban_code
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.rules import AWARDED_AFTER, SIGNED_AFTER
from portal.rehearsal.steps import checking
from portal.rehearsal.steps.ranked import must_be_ranked
from portal.rehearsal.steps.signing import sign_by_both
from portal.rehearsal.words import SENTENCES, steady

SESSION_MINUTES = 120
MOST_SESSIONS = 12


def award(play: Play) -> None:
    """Every funded application by one act; accepted and checked, groups become legal entities."""
    now = play.days.at(AWARDED_AFTER)
    ranking = must_be_ranked(play, play.phase)
    refusal = play.attempt(
        award_all, ranking_id=ranking.id, act_number="PROVA/5", act_date=play.days.day(AWARDED_AFTER - 1),
        actor=play.actor("officer", now), now=now,
    )  # fmt: skip
    if refusal is not None:
        play.impossible(refusal.message, place="budget_lines")
        raise CannotGoOn
    for grant in play.grants:
        euro = format_cents(grant.awarded_cents)
        play.done(
            lazy_("%(reference)s: € %(euro)s awarded to %(name)s.", reference=grant.reference, euro=euro,
                  name=grant.organisation.name),
            path=f"/grants/{grant.id}",
        )  # fmt: skip
    checking.draw(play, now)
    for grant in play.grants:
        _make_ready(play, grant)


def _make_ready(play: Play, grant: Grant) -> None:
    checking.answer(play, grant, play.days.at(AWARDED_AFTER + 5))
    if grant.status is GrantStatus.INCORPORATING:
        _incorporate(play, grant)
    checking.check(play, grant, play.days.at(AWARDED_AFTER + 19))


def _incorporate(play: Play, grant: Grant) -> None:
    now, then = play.days.at(AWARDED_AFTER + 15), play.days.at(AWARDED_AFTER + 18)
    key = play.troupe.key_of(grant.organisation_id)
    name = f"{grant.organisation.name} APS"
    checking.take_steps(play, grant, now)
    record_incorporation(
        play.session, grant_id=grant.id, name=name, legal_form=entity_form(play.design),
        fiscal_code=play.troupe.fiscal_code(key), incorporated_on=play.days.day(AWARDED_AFTER + 12),
        people_joined=0, people_left=0,
        deed=play.paper("Atto costitutivo", name), actor=play.owner_of(grant.organisation_id, now), now=now,
    )  # fmt: skip
    confirm_incorporation(play.session, grant_id=grant.id, actor=play.actor("officer", then), now=then)
    play.done(lazy_("%(reference)s: the group became %(name)s.", reference=grant.reference, name=name),
              path=f"/grants/{grant.id}")  # fmt: skip


def sign(play: Play) -> None:
    """CUP, agreement signed by both, award published, account proposed by one and verified by another."""
    for number, grant in enumerate(play.grants):
        _sign(play, grant)
        _open_account(play, grant, number)
        play.done(
            lazy_("%(reference)s: agreement signed by both, award published, account verified.",
                  reference=grant.reference),
            path=f"/grants/{grant.id}",
        )  # fmt: skip


def _sign(play: Play, grant: Grant) -> None:
    session = play.session
    start = play.days.at(SIGNED_AFTER - 3)
    officer = play.actor("officer", start)
    record_cup(session, grant_id=grant.id, cup=cup_code(steady(str(grant.id), 10**6)), actor=officer, now=start)
    prepare_agreement(session, grant_id=grant.id, actor=officer, now=start + timedelta(days=1))
    signed = start + timedelta(days=2)
    sign_by_both(play, grant, officer=officer, signed=signed, countersigned=start + timedelta(days=3))
    publish_grant(session, grant_id=grant.id, actor=officer, now=start + timedelta(days=4))


def _open_account(play: Play, grant: Grant, number: int) -> None:
    """Of a consortium the account is that of the organisation that leads it."""
    lead = leads_of(play.session, [grant.organisation]).get(grant.organisation_id)
    payee = lead.organisation_id if lead else grant.organisation_id
    now, then = play.days.at(SIGNED_AFTER + 2), play.days.at(SIGNED_AFTER + 3)
    details = propose_bank_details(
        play.session, organisation_id=payee, holder=grant.organisation.name, iban=iban_code(number + 1),
        actor=play.owner_of(payee, now), now=now,
    )  # fmt: skip
    verify_bank_details(
        play.session, organisation_id=payee, bank_details_id=details.id, actor=play.actor("approver", then), now=then
    )


def accompany(play: Play) -> None:
    """One coach for every team: sessions until the least minutes are confirmed, each confirmed by the team."""
    allowed = play.design.coaching
    wanted = min(allowed.allowance_minutes, max(allowed.minimum_confirmed_minutes, SESSION_MINUTES))
    if wanted <= 0:
        play.done(lazy_("The call gives no coaching."))
        return
    coach = play.troupe.person("coach")
    for number, grant in enumerate(play.grants):
        now = play.days.at(SIGNED_AFTER + 4)
        engagement = engage_coach(
            play.session, application_id=grant.application_id, coach_id=coach.id,
            actor=play.actor("officer", now), now=now,
        )  # fmt: skip
        held = _meet(play, grant, engagement, wanted, number)
        play.done(
            lazy_("%(reference)s: %(minutes)s minutes of coaching held and confirmed by the team.",
                  reference=grant.reference, minutes=held),
            path=f"/engagements/{engagement.id}",
        )  # fmt: skip


def _meet(play: Play, grant: Grant, engagement: Engagement, wanted: int, number: int) -> int:
    each = min(max(wanted // MOST_SESSIONS + 1, SESSION_MINUTES), 8 * 60)
    count = -(-wanted // each)
    for place in range(count):
        minutes = max(wanted * (place + 1) // count - wanted * place // count, 15)
        starts = play.days.at(SIGNED_AFTER + 5 + place * len(play.grants) + number, 9)
        logged = starts + timedelta(minutes=minutes + 20)
        session = log_session(
            play.session, engagement_id=engagement.id, starts_at=starts, minutes=minutes, mode=SessionMode.IN_PERSON,
            attendees=grant.organisation.name, summary=SENTENCES[place % len(SENTENCES)],
            actor=play.actor("coach", logged), now=logged,
        )  # fmt: skip
        then = logged + timedelta(hours=3)
        confirm_session(play.session, session_id=session.id, actor=play.owner_of(grant.organisation_id, then), now=then)
    return wanted
