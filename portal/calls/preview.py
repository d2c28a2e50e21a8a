"""A draft as an applicant would see it: the public page without rows of the database, a section of its form."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.access.models import Authority
from portal.calls.areas import shapes_on_the_map
from portal.calls.callfile import design_to_json
from portal.calls.designer.places import Place
from portal.calls.models import Call, Phase, PhaseDeadline
from portal.calls.rules import CallDesign, CallStatus, PhaseDesign, PhaseStatus
from portal.calls.rules.design.call import REQUIREMENTS
from portal.calls.rules.pricing import pricing_of
from portal.calls.rules.times import NoSuchTime, instant_of
from portal.questionnaires.fields import Field, fields_of
from portal.questionnaires.fields.shapes import Setting
from portal.questionnaires.rules import FilledForm, Form, Section

PARTS: dict[str, tuple[str, ...]] = {
    "about": ("calls/designer/_preview_head.html", "calls/_who.html"),
    "texts": ("calls/_who.html", "calls/_assessment.html"),
    "who": ("calls/_who.html",),
    "money": ("calls/_who.html",),
    "places": ("calls/designer/_preview_areas.html",),
    "steps": ("calls/_steps.html",),
    "plan": ("calls/_steps.html",),
    "choosing": ("calls/_assessment.html",),
    "granting": ("calls/_assessment.html",),
}
"""Which parts of the public page a section of the designer is seen in; the head for every other."""
HEAD = ("calls/designer/_preview_head.html",)
NOWHERE = (0.0, 0.0)
"""Where a new area stands until somebody writes where it is."""


def call_as_if(call: Call, design: CallDesign, authority: Authority, now: datetime) -> Call:
    """A call that is in no database, as its page would show it."""
    seen = Call(
        slug=call.slug, status=CallStatus.DRAFT, status_at=now, title=design.title, revision=call.revision,
        definition=design_to_json(design),
        budget_cents=sum(int(line.amount * 100) for line in design.budget_lines),
    )  # fmt: skip
    seen.__dict__["authority"] = authority
    seen.phases = [_phase_as_if(phase, number, now) for number, phase in enumerate(design.phases, start=1)]
    return seen


def _phase_as_if(phase: PhaseDesign, position: int, now: datetime) -> Phase:
    seen = Phase(
        key=phase.key, position=position, name=phase.name, status=PhaseStatus.PLANNED, status_at=now,
        opens_at=_instant(phase.opens, phase.zone, now), closes_at=now, zone=phase.zone,
    )  # fmt: skip
    for number, deadline in enumerate(phase.deadlines, start=1):
        closes = _instant(deadline.closes, phase.zone, now)
        seen.closes_at = closes
        seen.deadlines.append(
            PhaseDeadline(sequence=number, closes_at=closes, last_instant=closes + phase.beyond, zone=phase.zone,
                          act_number=deadline.act.number if deadline.act else None,
                          act_date=deadline.act.date if deadline.act else None, reason=deadline.reason)
        )  # fmt: skip
    return seen


def _instant(wall: datetime, zone: str, now: datetime) -> datetime:
    try:
        return instant_of(wall, zone)
    except NoSuchTime:
        return now


def shapes_that_can_be_drawn(design: CallDesign) -> list[dict[str, Any]]:
    """The areas of a draft on a map, but for those that nobody has placed yet."""
    return shapes_on_the_map([area for area in design.areas if (area.lat, area.lon) != NOWHERE])


def section_as_if(design: CallDesign, place: Place) -> tuple[Section, list[Field]] | None:
    """The section of the form that a place belongs to, blank, with every question shown; None for other places."""
    section = _section_at(design, place)
    if section is None:
        return None
    questions = [replace(question, when=None) for question in section.questions]
    form = Form([replace(section, questions=questions, when=None)])
    blank = FilledForm(form, {}, {}, pricing_of(design.costs, form))
    setting = Setting(areas={area.key: area.name for area in design.areas})
    return section, fields_of(blank, questions, {}, setting)


def _section_at(design: CallDesign, place: Place) -> Section | None:
    if place[:1] == ("eligibility",):
        first = design.sections[0] if design.sections else None
        return first if first is not None and first.key == REQUIREMENTS else None
    if "questionnaire" not in place or "sections" not in place:
        return None
    sections = design.questionnaire.sections
    if place[0] == "reporting":
        sections = design.reporting.sections
    elif place[0] == "phases" and isinstance(place[1], int):
        sections = design.at_phase(design.phases[place[1]].key).questionnaire.sections
    at = place.index("sections") + 1
    number = place[at] if len(place) > at else 0
    return sections[number] if isinstance(number, int) and number < len(sections) else None
