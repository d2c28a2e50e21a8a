"""What a page shows of questions, worked out in Python so that templates only write it down.

Apart from the rest since a form of 150 questions is one page: macros that decide cost more than they write.
"""

from portal.questionnaires.fields.build import fields_of
from portal.questionnaires.fields.pages import PageOfSection, pages_of, shown_pages
from portal.questionnaires.fields.read import answer_read, answers_read
from portal.questionnaires.fields.shapes import AnswerRead, Cell, Control, Field, RowShown, Setting, State

__all__ = [
    "AnswerRead",
    "Cell",
    "Control",
    "Field",
    "PageOfSection",
    "RowShown",
    "Setting",
    "State",
    "answer_read",
    "answers_read",
    "fields_of",
    "pages_of",
    "shown_pages",
]
