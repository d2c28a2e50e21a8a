"""The path of a question that an evaluator has for an applicant. Pure."""

from enum import StrEnum

from portal.core.moves import Move

LONGEST_QUESTION = 2000


class ClarificationStatus(StrEnum):
    """Asked by an evaluator, passed on by the office in its own name or not, answered once the office hands it over."""

    ASKED = "asked"
    PASSED_ON = "passed_on"
    NOT_PASSED_ON = "not_passed_on"
    ANSWERED = "answered"


C = ClarificationStatus
PASS_ON = Move("pass_on", frozenset({C.ASKED}), C.PASSED_ON)
NOT_PASS_ON = Move("not_pass_on", frozenset({C.ASKED}), C.NOT_PASSED_ON)
ANSWER = Move("answer", frozenset({C.PASSED_ON}), C.ANSWERED)
OPEN = (C.ASKED, C.PASSED_ON)
