"""What is done with forms and answers: one function a use case."""

from portal.questionnaires.operations.rebasing import rebase_sheet
from portal.questionnaires.operations.restoring import ChangedSince, restore_answer
from portal.questionnaires.operations.saving import save_section
from portal.questionnaires.operations.sheets import create_sheet, publish_form
from portal.questionnaires.pen import FormChanged

__all__ = [
    "ChangedSince",
    "FormChanged",
    "create_sheet",
    "publish_form",
    "rebase_sheet",
    "restore_answer",
    "save_section",
]
