"""What whoever sends an application has to declare, pay and have signed."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class SignOff(StrEnum):
    """Whether somebody confirms an application before it is sent."""

    NOT_ASKED = "not_asked"
    REPRESENTATIVE = "representative"


@dataclass(frozen=True)
class Declaration(Exact):
    """A declaration in lieu of a certificate or of a sworn statement (DPR 445/2000), accepted as it stands."""

    key: str
    text: Text
    article: str


@dataclass(frozen=True)
class StampExemption(Exact):
    """Who pays no stamp duty, and by which article."""

    key: str
    name: Text
    article: str


def known_exemptions() -> list[StampExemption]:
    """Those that most calls name; a call that writes its own list replaces them."""
    return [
        StampExemption(
            "third_sector", {"it": "Ente del Terzo settore", "en": "Third-sector entity"},
            "art. 82, c. 5, D.Lgs. 117/2017",
        ),
        StampExemption("onlus", {"it": "ONLUS", "en": "ONLUS"}, "art. 27-bis, Tab. B, DPR 642/1972"),
    ]  # fmt: skip


@dataclass(frozen=True)
class StampDuty(Exact):
    """The stamp (marca da bollo) of this amount in euro, or a reason for which none is owed."""

    amount: Decimal = Decimal("16.00")
    exemptions: list[StampExemption] = field(default_factory=known_exemptions)


@dataclass(frozen=True)
class SendingRules(Exact):
    """What an application needs besides its answers and files, at the moment it is sent."""

    declarations: list[Declaration] = field(default_factory=list)
    stamp_duty: StampDuty | None = None
    sign_off: SignOff = SignOff.NOT_ASKED
