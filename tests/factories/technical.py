"""What a call asks in the technical part of its reports, and how a recipient answers."""

from typing import Any

from portal.milestones.costs.models import CostReport
from portal.milestones.costs.operations import save_technical
from tests.factories.grants import World


def asked(key: str, kind: str, **more: Any) -> dict[str, Any]:
    """A question as a call file writes it."""
    return {"key": key, "type": kind, "label": {"it": f"Domanda {key}", "en": f"Question {key}"}} | more


TECHNICAL: dict[str, Any] = {
    "questionnaire": {
        "sections": [
            {
                "key": "work", "title": {"it": "Che cosa è stato fatto", "en": "What was done"},
                "questions": [
                    asked("done", "long_text", required=True),
                    asked("changed", "yes_no", required=True),
                    asked("why", "long_text", required=True, when={"question": "changed", "equals": True}),
                    asked("photos", "files", accept=["pdf"], max_files=2),
                ],
            },
            {
                "key": "people", "title": {"it": "Le persone", "en": "People"},
                "questions": [asked("reached", "number", required=True, minimum=0)],
            },
        ]
    }
}  # fmt: skip
"""The key `reporting` of a call with a technical part: text, yes or no, a condition, files, a number."""
ANSWERS: dict[str, dict[str, Any]] = {
    "work": {"done": "Aperta la bottega.", "changed": "no"},
    "people": {"reached": "120"},
}
"""Enough for it to be sent."""


def answer(world: World, report: CostReport, key: str, **typed: Any) -> Any:
    """One section, as its recipient types it over whatever stands there."""
    owner = world.leader if report.grant.organisation_id == world.group.id else world.owner
    base = {each: typed.pop(f"v_{each}", 0) for each in list(typed)}
    return save_technical(
        world.session, report_id=report.id, section_key=key, typed=typed, base=base, actor=world.actor(owner),
        now=world.now,
    )  # fmt: skip


def answer_all(world: World, report: CostReport) -> None:
    """Everything that is asked."""
    for key, typed in ANSWERS.items():
        answer(world, report, key, **typed)
