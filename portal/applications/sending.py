"""What whoever sends adds to the draft: declarations accepted, the stamp or the exemption from it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.calls.rules import CallDesign, Declaration, StampDuty, StampExemption
from portal.core.i18n import lazy_

DIGITS = 14
STAMPED = "mark"
"""The choice of a stamp, beside the keys of the exemptions."""
DECLARED, STAMP, NUMBER, DAY = "declared", "stamp", "stamp_number", "stamp_day"
"""The fields of the form of sending."""


@dataclass(frozen=True, slots=True)
class Given:
    """What came with the press of "send"; `seen` is the digest of the draft that the sender's page showed."""

    declared: frozenset[str] = frozenset()
    stamp: str = ""
    number: str = ""
    day: date | None = None
    seen: str = ""

    @property
    def digits(self) -> str:
        """The number of the stamp without the blanks people write in it."""
        return "".join(self.number.split())


@dataclass(frozen=True, slots=True)
class Formalities:
    """What is frozen beside the answers: each part as plain JSON, None or empty where the call asks for nothing."""

    declarations: list[dict[str, Any]] = field(default_factory=list)
    stamp_duty: dict[str, Any] | None = None
    sign_off: dict[str, Any] | None = None

    @property
    def content(self) -> dict[str, Any]:
        """As it enters the frozen content."""
        return {"declarations": self.declarations, "stamp_duty": self.stamp_duty, "sign_off": self.sign_off}


def everything(design: CallDesign, *, number: str, day: date, exempt: str = "") -> Given:
    """All declarations of a call and a stamp of this number, or this exemption: what a rehearsed applicant gives."""
    duty = design.sending.stamp_duty
    stamp = "" if duty is None else exempt if exempt in {each.key for each in duty.exemptions} else STAMPED
    return Given(frozenset(each.key for each in design.sending.declarations), stamp, number, day)


def faults_of(design: CallDesign, given: Given, today: date, *, before: Iterable[str] = ()) -> dict[str, object]:
    """What is missing or wrong of declarations and stamp, by field; `before` came with a confirmation."""
    found: dict[str, object] = {}
    if declaration_missing(design, given.declared | set(before)):
        found[DECLARED] = lazy_("Accept every declaration: without them the application cannot be sent.")
    duty = design.sending.stamp_duty
    return found | (_stamp_faults(duty, given, today) if duty is not None else {})


def declaration_missing(design: CallDesign, accepted: Iterable[str]) -> bool:
    """Whether a declaration of the call was not accepted."""
    return not {each.key for each in design.sending.declarations} <= set(accepted)


def _stamp_faults(duty: StampDuty, given: Given, today: date) -> dict[str, object]:
    if exemption_of(duty, given) is not None:
        return {}
    if given.stamp != STAMPED:
        return {STAMP: lazy_("Give the number of the stamp, or choose why none is owed.")}
    found: dict[str, object] = {}
    if not (len(given.digits) == DIGITS and given.digits.isascii() and given.digits.isdigit()):
        found[NUMBER] = lazy_("Write the 14 digits of the identifier that is printed on the stamp.")
    if given.day is None or given.day > today:
        found[DAY] = lazy_("Write the day that is printed on the stamp, today or before.")
    return found


def exemption_of(duty: StampDuty, given: Given) -> StampExemption | None:
    """The exemption that was chosen."""
    return next((each for each in duty.exemptions if each.key == given.stamp), None)


def stamp_content(duty: StampDuty, given: Given) -> dict[str, Any]:
    """The stamp, or the exemption with its article, as they are frozen."""
    exempt = exemption_of(duty, given)
    if exempt is not None:
        return {"exemption": exempt.key, "name": dict(exempt.name), "article": exempt.article}
    day = given.day.isoformat() if given.day else None
    return {"number": given.digits, "day": day, "amount": f"{duty.amount:.2f}"}


def declarations_content(
    declarations: Iterable[Declaration], *, person_id: UUID | None, name: str, at: datetime
) -> list[dict[str, Any]]:
    """Each declaration word by word, with who accepted it and when."""
    by = {"id": str(person_id) if person_id else None, "name": name}
    return [
        {"key": each.key, "text": dict(each.text), "article": each.article, "accepted_by": by, "accepted_at": told(at)}
        for each in declarations
    ]


def told(instant: datetime) -> str:
    """An instant as it stands in a frozen content."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
