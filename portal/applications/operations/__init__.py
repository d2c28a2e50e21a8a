"""The use cases of applications: one public function each, called by views, commands and the demonstration."""

from portal.applications.operations.admissibility import decide_admissibility, keep_checklist
from portal.applications.operations.annul import annul_registration
from portal.applications.operations.answer_files import answer_rules, attach_answer_files, detach_answer_file
from portal.applications.operations.attach import attach_file, attach_verified, document_rules, remove_file
from portal.applications.operations.integration import ask_integration, extend_integration
from portal.applications.operations.integration_reply import (
    answer_item,
    item_rules,
    note_refused_reply,
    send_integration,
)
from portal.applications.operations.invite import invite_application, note_attendance
from portal.applications.operations.leave import keep_registered_version, reopen_application, withdraw_application
from portal.applications.operations.objections import notice_rejection, send_observations
from portal.applications.operations.refusals import AlreadyApplied, NotAdmitted, NotEligible, NotReady, PhaseClosed
from portal.applications.operations.renounce import exclude_application, renounce_place
from portal.applications.operations.reserves import decide_reserve
from portal.applications.operations.restore import restore_version
from portal.applications.operations.reuse import reuse_answers
from portal.applications.operations.set_aside import set_aside_blocked_file
from portal.applications.operations.sign_off import ask_sign_off, sign_off
from portal.applications.operations.start import start_application
from portal.applications.operations.submit import note_refused_attempt, submit_application
from portal.applications.operations.whole import submit_with_everything
from portal.applications.operations.write import save_answers

__all__ = [
    "AlreadyApplied",
    "NotAdmitted",
    "NotEligible",
    "NotReady",
    "PhaseClosed",
    "annul_registration",
    "answer_item",
    "answer_rules",
    "ask_integration",
    "ask_sign_off",
    "attach_answer_files",
    "attach_file",
    "attach_verified",
    "decide_admissibility",
    "decide_reserve",
    "detach_answer_file",
    "document_rules",
    "exclude_application",
    "extend_integration",
    "invite_application",
    "item_rules",
    "keep_checklist",
    "keep_registered_version",
    "note_attendance",
    "note_refused_attempt",
    "note_refused_reply",
    "notice_rejection",
    "remove_file",
    "renounce_place",
    "reopen_application",
    "restore_version",
    "reuse_answers",
    "save_answers",
    "send_integration",
    "send_observations",
    "set_aside_blocked_file",
    "sign_off",
    "start_application",
    "submit_application",
    "submit_with_everything",
    "withdraw_application",
]
