"""What a call is, as data, how its publication moves, and when a declared wall time is.

The parts of a design are named once, in `design`; they are offered here too.
"""

from portal.calls.rules import design
from portal.calls.rules.design import *  # noqa: F403
from portal.calls.rules.status import (
    APPROVE,
    CANCEL,
    CONCLUDE,
    CONCLUDE_PHASE,
    EVALUATE,
    PUBLISH,
    RUN,
    CallExtended,
    CallStatus,
    PhaseStatus,
)
from portal.questionnaires.rules import Section, Text

__all__ = [
    "APPROVE",
    "CANCEL",
    "CONCLUDE",
    "CONCLUDE_PHASE",
    "EVALUATE",
    "PUBLISH",
    "RUN",
    "CallExtended",
    "CallStatus",
    "PhaseStatus",
    "Section",
    "Text",
]
__all__ += design.__all__
