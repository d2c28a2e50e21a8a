"""Rehearsals for tests: a draft from a shipped file, played step by step as the worker would."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.calls.callfile import design_from_json, design_to_json, read_call_file
from portal.calls.models import Call
from portal.calls.operations import import_call
from portal.calls.rules import CallDesign, GateName
from portal.core.actor import SYSTEM, Actor
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.operations import begin_rehearsal, play_step
from portal.rehearsal.rules import FAIL
from tests.factories.base import CALLS
from tests.factories.technical import TECHNICAL


def shipped(slug: str) -> CallDesign:
    """A call as it is shipped."""
    return read_call_file((CALLS / f"{slug}.yaml").read_text(encoding="utf-8"))


def waiting_for_reports() -> CallDesign:
    """Venice's call, whose second tranche waits for a report and whose last one for four fifths of what was paid."""
    design = shipped("venezia-welfare-comunita")
    first, second, last = design.tranches
    second = replace(second, gates=[*second.gates, GateName.REPORT_APPROVED])
    last = replace(last, gates=[*last.gates, GateName.SPENDING_JUSTIFIED], minimum_spent=Decimal(80))
    document = design_to_json(replace(design, tranches=[first, second, last]))
    document["reporting"] |= TECHNICAL
    return design_from_json(document)


def draft_of(session: Session, design: CallDesign, *, now: datetime, authority: Authority | None = None) -> Call:
    """A draft of a design; for an authority that is there already, with its code."""
    if authority is not None:
        info = replace(design.authority, code=authority.code, name=authority.name)
        design = replace(design, authority=info, slug=f"{design.slug}-bozza")
    return import_call(session, design=design, actor=SYSTEM, now=now)


def rehearse(session: Session, call: Call, *, now: datetime, actor: Actor = SYSTEM) -> Rehearsal:
    """Begin and play to the end, or to where it stops."""
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=actor, now=now, in_background=False)
    while rehearsal.is_under_way:
        play_step(session, rehearsal_id=rehearsal.id, now=now)
    return rehearsal


def told(rehearsal: Rehearsal) -> list[str]:
    """Every line of the report, in English, with its level."""
    return [f"{line['level']}: {line['text']['en']} {line['place']}".strip() for step in rehearsal.steps
            for line in step.lines]  # fmt: skip


def name_rehearsal(session: Session, call: Call, *, now: datetime) -> dict[str, Any]:
    """A rehearsal that is over: by parameter of an address."""
    rehearsal = begin_rehearsal(session, call_id=call.id, actor=SYSTEM, now=now, in_background=False)
    rehearsal.make(FAIL, at=now)
    session.flush()
    return {"rehearsal_id": rehearsal.id}
