"""What a question, an option and a section are."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from portal.questionnaires.rules.design.condition import Condition
from portal.questionnaires.rules.design.vocabulary import (
    LIMITS,
    MOST_KEPT,
    MOST_KEPT_IN_ROWS,
    MOST_ROWS,
    NUMERIC,
    ROWS,
    CodeHolder,
    Exact,
    QuestionType,
    Text,
)


@dataclass(frozen=True)
class Option(Exact):
    """One answer of a choice."""

    key: str
    label: Text


@dataclass(frozen=True)
class Question(Exact):
    """One question, or one column of a table. `tag` tells the code what it means, `key` never changes.

    Limits: `max_chars` may be exceeded in a draft, not in what is sent; `advised_chars` only warns. `minimum` and
    `maximum` are in euro, percentage points or plain numbers; `decimals` is for numbers and percentages.
    `questions` are the columns of a table, a group or a list of people; `formula` makes a number computed, never
    typed: from the columns of its row, or from tags elsewhere. `page` begins a new page, with this title.
    """

    key: str
    type: QuestionType
    label: Text
    help: Text | None = None
    required: bool = False
    max_chars: int | None = None
    tag: str | None = None
    options: list[Option] = field(default_factory=list)
    page: Text | None = None
    when: Condition | None = None
    advised_chars: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    earliest: date | None = None
    latest: date | None = None
    min_choices: int | None = None
    max_choices: int | None = None
    questions: "list[Question]" = field(default_factory=list)
    min_rows: int | None = None
    max_rows: int | None = None
    formula: str | None = None
    total: bool = False
    holder: CodeHolder | None = None
    inside_areas: bool = False
    accept: list[str] = field(default_factory=list)
    max_mb: int | None = None
    max_files: int | None = None
    strip_metadata: bool = False

    @property
    def limit(self) -> int | None:
        """The most characters of a text; None for every other type."""
        return (self.max_chars or LIMITS[self.type]) if self.type in LIMITS else None

    @property
    def most_kept(self) -> int:
        """The characters above which not even a draft keeps the answer."""
        return MOST_KEPT_IN_ROWS if self.has_rows else max(MOST_KEPT, 2 * (self.limit or 0))

    @property
    def has_rows(self) -> bool:
        """Whether the answer is a list of rows."""
        return self.type in ROWS

    @property
    def is_computed(self) -> bool:
        """Whether the answer follows from others and is never typed."""
        return self.formula is not None

    @property
    def columns(self) -> "list[Question]":
        """What each row asks; a list of people asks the usual when nothing is declared."""
        if self.type is QuestionType.PEOPLE and not self.questions:
            return PEOPLE
        return self.questions

    @property
    def most_rows(self) -> int:
        """How many rows may be sent."""
        return min(self.max_rows or MOST_ROWS, MOST_ROWS)

    @property
    def places(self) -> int:
        """Decimals of a number: 2 for money, as declared for numbers (0) and percentages (2 at most)."""
        if self.type is QuestionType.MONEY:
            return 2
        usual = 2 if self.type is QuestionType.PERCENTAGE else 0
        return usual if self.decimals is None or self.type not in NUMERIC else self.decimals

    def column(self, key: str) -> "Question | None":
        """The column with this key, if any."""
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Section(Exact):
    """Questions answered together: one line of the task list. Hidden as a whole while `when` does not hold."""

    key: str
    title: Text
    questions: list[Question]
    intro: Text | None = None
    when: Condition | None = None


def _people() -> list[Question]:
    genders = [
        Option("woman", {"it": "Donna", "en": "Woman"}),
        Option("man", {"it": "Uomo", "en": "Man"}),
        Option("other", {"it": "Altro", "en": "Other"}),
        Option("undisclosed", {"it": "Preferisce non dirlo", "en": "Prefers not to say"}),
    ]
    return [
        Question("name", QuestionType.TEXT, {"it": "Nome e cognome", "en": "Name and surname"}, required=True),
        Question("role", QuestionType.TEXT, {"it": "Ruolo", "en": "Role"}),
        Question("born_on", QuestionType.DATE, {"it": "Data di nascita", "en": "Date of birth"}),
        Question("gender", QuestionType.CHOICE, {"it": "Genere", "en": "Gender"}, options=genders),
    ]


PEOPLE = _people()
"""What a list of people asks when its question declares no columns."""
