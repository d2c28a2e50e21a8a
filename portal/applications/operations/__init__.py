"""The use cases of applications: one public function each, called by views, commands and the demonstration."""

from portal.applications.operations.admissibility import decide_admissibility
from portal.applications.operations.answer_files import attach_answer_files, detach_answer_file
from portal.applications.operations.attach import attach_file, attach_verified, remove_file
from portal.applications.operations.leave import keep_registered_version, reopen_application, withdraw_application
from portal.applications.operations.refusals import AlreadyApplied, NotEligible, NotReady, PhaseClosed
from portal.applications.operations.start import start_application
from portal.applications.operations.submit import note_refused_attempt, submit_application
from portal.applications.operations.write import save_answers

__all__ = [
    "AlreadyApplied",
    "NotEligible",
    "NotReady",
    "PhaseClosed",
    "attach_answer_files",
    "attach_file",
    "attach_verified",
    "decide_admissibility",
    "detach_answer_file",
    "keep_registered_version",
    "note_refused_attempt",
    "remove_file",
    "reopen_application",
    "save_answers",
    "start_application",
    "submit_application",
    "withdraw_application",
]
