"""Files that came with the form of a section, whichever button brought them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.core.errors import Conflict, Invalid, TooLarge
from portal.questionnaires.rules import Question, QuestionType

OF_FILES = ".file"


def uploads_of(questions: Iterable[Question], given: MultiDict[str, Any]) -> dict[str, list[Any]]:
    """The files of each question that asks for some; fields that nobody asked for are ignored."""
    found = {
        each.key: [file for file in given.getlist(each.key + OF_FILES) if file.filename]
        for each in questions if each.type is QuestionType.FILES
    }  # fmt: skip
    return {key: uploads for key, uploads in found.items() if uploads}


def keep_files(uploads: Mapping[str, Sequence[Any]], attach: Callable[[str, Sequence[Any]], None]) -> dict[str, object]:
    """Let each question have its files; what is wrong with some, by question."""
    wrong: dict[str, object] = {}
    for key, files in uploads.items():
        try:
            attach(key, files)
        except (Invalid, TooLarge, Conflict) as refusal:
            wrong[key] = refusal.message
    return wrong
