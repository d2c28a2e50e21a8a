"""How the costs that recipients report are controlled before they are paid (first-level control, Reg. 2021/1060 74)."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class SampleMethod(StrEnum):
    """Which lines of a cost report are looked at."""

    ALL = "all"
    RANDOM = "random"
    LARGEST = "largest"
    ABOVE = "above"


@dataclass(frozen=True)
class ControlQuestion(Exact):
    """One question of the checklist of a control."""

    key: str
    text: Text


@dataclass(frozen=True)
class ControlRules(Exact):
    """The control of cost reports.

    `share`: per cent of the lines that are drawn, rounded up, `least` of them at least. `above`: lines of more than
    this (euro) are looked at whatever the method. `materiality`: per cent of what would stand that the error found in a
    sample may come to in the lines not looked at; beyond it more of them are. None: it is shown and holds nothing back.
    `answer_days`: to answer a request for clarification. `checklist` stands in place of that of the house.
    """

    method: SampleMethod = SampleMethod.ALL
    share: Decimal = Decimal(10)
    least: int = 1
    above: Decimal | None = None
    materiality: Decimal | None = None
    answer_days: int = 10
    checklist: list[ControlQuestion] = field(default_factory=list)
