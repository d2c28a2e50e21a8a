"""What stands between a draft and its publication: what is missing, and what is only worth a thought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.calls.models import Call, CallDocument
from portal.calls.rules import CallDesign
from portal.calls.rules.publication import DocumentKind
from portal.calls.rules.validity import publication_faults
from portal.core.i18n import lazy_


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the checklist. Where it is needed and not met, publication is refused."""

    what: object
    is_met: bool
    is_needed: bool = True
    faults: tuple[str, ...] = ()
    mend: object = ""


def obstacles_of(design: CallDesign) -> list[str]:
    """Every fault that keeps a design from being published."""
    return [str(fault) for fault in publication_faults(design)]


def checklist(call: Call, documents: Sequence[CallDocument], now: datetime) -> list[Item]:
    """What publication needs, then what it is better with, in the order in which an officer would mend it."""
    faults = tuple(obstacles_of(call.design))
    has_act = any(document.kind in (DocumentKind.ACT, DocumentKind.NOTICE) for document in documents)
    return [
        Item(lazy_("The declared parts are complete and agree with each other"), not faults, faults=faults,
             mend=lazy_("Mend the draft, then have it approved again.")),
        Item(lazy_("A second person has approved it"), call.awaits_publication,
             mend=lazy_("Somebody else than who made the last change approves the draft.")),
        Item(lazy_("Every deadline is still to come"), all(phase.closes_at > now for phase in call.phases), False,
             mend=lazy_("A call that is closed already can be published for the record.")),
        Item(lazy_("The notice or its act is there to download"), has_act, False,
             mend=lazy_("Add it under “Documents of the call”.")),
        Item(lazy_("The last day for questions is declared"), call.questions_until is not None, False,
             mend=lazy_("Otherwise questions are taken until the last deadline.")),
    ]  # fmt: skip


def is_ready(items: list[Item]) -> bool:
    """Whether nothing that is needed is missing."""
    return all(item.is_met for item in items if item.is_needed)
