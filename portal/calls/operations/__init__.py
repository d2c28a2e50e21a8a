"""The use cases of calls, from a file to the end: one public function each."""

from portal.calls.operations.adding_budget import add_budget
from portal.calls.operations.approval import WrittenByYou, approve_call, return_to_draft, withdraw_approval
from portal.calls.operations.deadlines import EvaluationBegun, extend_deadline
from portal.calls.operations.documents import attach_document, document_rules, remove_document
from portal.calls.operations.ending import CallOver, StillRunning, cancel_call, conclude_call
from portal.calls.operations.evaluation import DeadlineNotPassed, begin_evaluation
from portal.calls.operations.following import follow, stop_by_link, stop_following
from portal.calls.operations.importing import AlreadyPublished, import_call
from portal.calls.operations.publication import NotComplete, plan_publication, publish_call, publish_when_due
from portal.calls.operations.questions import (
    QuestionsClosed,
    answer_question,
    ask_question,
    declare_last_questions,
    set_aside_question,
)
from portal.calls.operations.rectification import Frozen, NothingChanged, rectify_call

__all__ = [
    "AlreadyPublished",
    "CallOver",
    "DeadlineNotPassed",
    "EvaluationBegun",
    "Frozen",
    "NotComplete",
    "NothingChanged",
    "QuestionsClosed",
    "StillRunning",
    "WrittenByYou",
    "add_budget",
    "answer_question",
    "approve_call",
    "ask_question",
    "attach_document",
    "begin_evaluation",
    "cancel_call",
    "conclude_call",
    "declare_last_questions",
    "document_rules",
    "extend_deadline",
    "follow",
    "import_call",
    "plan_publication",
    "publish_call",
    "publish_when_due",
    "rectify_call",
    "remove_document",
    "return_to_draft",
    "set_aside_question",
    "stop_by_link",
    "stop_following",
    "withdraw_approval",
]
