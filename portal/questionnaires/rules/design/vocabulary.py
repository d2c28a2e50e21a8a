"""The words of a form: types of question, limits, and how data read from a file is kept strict."""

import re
from enum import StrEnum
from typing import ClassVar

Text = dict[str, str]

Typed = str | list[str] | list[dict[str, str]] | dict[str, str]
"""What was typed for one question, as the browser's form gives it:

- a text for every simple type (`"yes"` for a declaration that is ticked);
- a list of option keys for `choices`;
- a list of rows, each {column key: text}, for `table`, `people` and `group` (blank rows are dropped);
- a mapping for `address` (street, number, postcode, municipality) and `place` (lat, lon);
- for `files` a list of {id, name, media_type, size}: written by the room that stored them, never read from a form.
"""


class Exact:
    """Data that may be read from a file: a key that nobody knows is refused, not dropped."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}


VERSION_PREFIX = "v-"
"""The field `v-<key>` carries the version of the answer that the sender saw."""
RESERVED_KEYS = frozenset({"csrf_token", "idempotency_key", "stay"})
KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
TAG = re.compile(r"[a-z][a-z0-9_]{0,31}(\.[a-z][a-z0-9_]{0,31}){1,3}")
"""A semantic tag: two to four words joined by dots, such as `budget.total`."""
MOST_KEPT = 50_000
"""Characters of one text that are kept at all, even in a draft: beyond them it is refused."""
MOST_KEPT_IN_ROWS = 200_000
"""Characters of all the rows of one answer together that are kept at all."""
MOST_ROWS = 200
"""Rows of one answer, whatever its question says."""
MOST_DECIMALS = 6


class QuestionType(StrEnum):
    """How a question is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    CHOICE = "choice"
    AREA = "area"
    DATE = "date"
    DECLARATION = "declaration"
    PERCENTAGE = "percentage"
    CHOICES = "choices"
    FISCAL_CODE = "fiscal_code"
    VAT_NUMBER = "vat_number"
    IBAN = "iban"
    CUP = "cup"
    ADDRESS = "address"
    PLACE = "place"
    FILES = "files"
    TABLE = "table"
    PEOPLE = "people"
    GROUP = "group"


class CodeHolder(StrEnum):
    """Whose codice fiscale is asked: a person's has 16 characters, an organisation's 11 digits."""

    PERSON = "person"
    ENTITY = "entity"


LIMITS = {QuestionType.TEXT: 300, QuestionType.LONG_TEXT: 10_000}
"""The most characters where the question says nothing."""
WRITTEN = frozenset(LIMITS)
NUMERIC = frozenset({QuestionType.NUMBER, QuestionType.MONEY, QuestionType.PERCENTAGE})
"""Types that formulas count with."""
CHOSEN = frozenset({QuestionType.CHOICE, QuestionType.CHOICES})
"""Types with options."""
ROWS = frozenset({QuestionType.TABLE, QuestionType.PEOPLE, QuestionType.GROUP})
"""Types whose answer is a list of rows."""
IN_ROWS = frozenset(QuestionType) - ROWS - {
    QuestionType.CHOICES, QuestionType.ADDRESS, QuestionType.PLACE, QuestionType.FILES, QuestionType.DECLARATION,
}  # fmt: skip
"""Types that a column may have: those answered with one text."""
FILE_KINDS = frozenset({"pdf", "p7m", "docx", "odt", "xlsx", "ods", "jpg", "png", "zip"})
"""Endings that a question for files may accept."""
LARGEST_MB = 20
MOST_FILES = 20
