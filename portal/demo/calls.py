"""The three calls, at dates relative to today: weekdays and hours stay, so that terms read as they were."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.access.models import Authority
from portal.calls.models import Call
from portal.calls.operations import approve_call, import_call, publish_call
from portal.calls.rules import Act, CallDesign, Deadline, PhaseDesign
from portal.core.actor import SYSTEM
from portal.demo import texts
from portal.demo.around import publish_papers
from portal.demo.counting import counting
from portal.demo.growing import FOLLOW_UP, MATURITY
from portal.demo.library import AGREEMENT
from portal.demo.securing import secured
from portal.demo.stage import Stage

CLOSES = {"bari-urbis": -372, "venezia-welfare-comunita": -46, "torino-prossimita-2026": 2}
"""Days from today to the last deadline of each call as published, before rounding to whole weeks."""

COMPOSED = {"bari-urbis"}
"""Calls whose agreements are composed from the library of their office, whose teams are rated as they grow, and whose
payments are secured."""
COLOURS = {"bari": "#9b1c31", "torino": "#1f4e8c", "venezia": "#7a1f3d"}
PAYS_FROM = {"bari": ("IT60X0542811101000000123456", "BPBAIT3BXXX"), "venezia": ("IT60X0542811101000000123456", None)}


def design_for_today(slug: str, today: date) -> CallDesign:
    """The shipped design moved by whole weeks."""
    design = texts.design(slug)
    last = design.phases[-1].deadlines[-1].closes.date()
    weeks = round((today + timedelta(days=CLOSES[slug]) - last).days / 7)
    shift = timedelta(weeks=weeks)
    return replace(
        design,
        acts=[_act(act, shift) for act in design.acts],
        phases=[_phase(phase, shift) for phase in design.phases],
    )


def _phase(phase: PhaseDesign, shift: timedelta) -> PhaseDesign:
    return replace(
        phase, opens=phase.opens + shift, deadlines=[_deadline(deadline, shift) for deadline in phase.deadlines]
    )


def _deadline(deadline: Deadline, shift: timedelta) -> Deadline:
    act = _act(deadline.act, shift) if deadline.act else None
    return replace(deadline, closes=deadline.closes + shift, act=act)


def _act(act: Act, shift: timedelta) -> Act:
    return replace(act, date=act.date + shift)


def write_calls(stage: Stage) -> dict[str, Call]:
    """Import the calls; their authorities come with them."""
    made = {}
    for slug in CLOSES:
        design = design_for_today(slug, stage.day(0))
        if slug in COMPOSED:
            design = replace(secured(design), agreement=AGREEMENT, maturity=MATURITY, follow_up=FOLLOW_UP,
                             milestones=counting(design.milestones))  # fmt: skip
        made[slug] = import_call(stage.session, design=design, actor=SYSTEM, now=stage.at(-500))
    for authority in stage.session.scalars(select(Authority)):
        stage.authorities[authority.code] = authority
        authority.iban, authority.bic = PAYS_FROM.get(authority.code, (None, None))
        authority.colour = COLOURS.get(authority.code)
        authority.register_code = f"AOO-{authority.code}"
    return made


def open_calls(stage: Stage, calls: dict[str, Call]) -> None:
    """Approve and publish each call a little before it opens."""
    for call in calls.values():
        opens: datetime = call.phases[0].opens_at
        officer = stage.actor("officer")
        approve_call(stage.session, call_id=call.id, actor=officer, now=opens - timedelta(days=9))
        published = opens - timedelta(days=5)
        publish_papers(stage, call, published)
        act = call.design.acts[0] if call.design.acts else None
        publish_call(
            stage.session, call_id=call.id, act_number=act.number if act else "DD 1/2026",
            act_date=min(published.date(), act.date) if act else (opens - timedelta(days=7)).date(), actor=officer,
            now=published,
        )  # fmt: skip
