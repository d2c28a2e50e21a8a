"""The pieces of a form as its templates write them."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.questionnaires.rules import Conflicting, Ground, Question, QuestionType, Typed


@dataclass(frozen=True, slots=True)
class Look:
    """How one text is typed: the kind of control, of keyboard, and what stands before and after it."""

    kind: str = "line"
    mode: str | None = None
    style: str = ""
    before: str = ""
    after: str = ""
    is_code: bool = False


LOOKS = {
    QuestionType.LONG_TEXT: Look("paragraph"),
    QuestionType.NUMBER: Look(mode="decimal", style="v-short"),
    QuestionType.MONEY: Look(mode="decimal", before="€"),
    QuestionType.PERCENTAGE: Look(mode="decimal", after="%"),
    QuestionType.DATE: Look("date", style="v-short"),
    QuestionType.DECLARATION: Look("tick"),
    QuestionType.AREA: Look("list"),
    QuestionType.FISCAL_CODE: Look(style="v-short", is_code=True),
    QuestionType.VAT_NUMBER: Look(mode="numeric", style="v-short", is_code=True),
    QuestionType.IBAN: Look(style="v-iban", is_code=True),
    QuestionType.CUP: Look(style="v-short", is_code=True),
}
"""How each type that is one text is typed; those that are not here are one plain line."""


@dataclass(frozen=True, slots=True)
class Control:
    """One control: its id, its name in the form, what it holds, what describes it."""

    id: str
    name: str
    look: Look
    text: str = ""
    label: str | None = None
    """The name read aloud, where no visible label belongs to it alone."""
    described: str = ""
    is_wrong: bool = False
    is_required: bool = False
    options: Sequence[tuple[str, str]] = ()
    lines: int = 5
    has_counter: bool = False
    has_focus: bool = False
    is_fixed: bool = False
    """Whether it is shown and not typed: its amount is prescribed."""
    towns: str | None = None
    """The id of the list of municipalities that it is completed from."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: a control, or the result of a formula; with what is wrong in it."""

    column: str
    label: str
    control: Control | None
    result: str = ""
    message: object | None = None
    is_number: bool = False
    is_optional: bool = False
    hint: str | None = None
    how: str | None = None
    """How the amount of the row comes about, beside its kind; None where it is only typed."""
    base: str = ""
    """From which amount it was computed."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row: its place counted from 0, its name, its cells, and where it may be moved."""

    number: int
    name: str
    cells: list[Cell]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """One answer to be read: its question, and either words, or rows under heads (numeric or not), or files."""

    label: str
    words: str = "–"
    heads: Sequence[tuple[str, bool]] = ()
    rows: Sequence[Sequence[str]] = ()
    totals: Sequence[str] = ()
    files: Sequence[Mapping[str, Any]] = ()
    is_number: bool = False
    is_faulty: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One question on a page. A hidden one is an empty place that a save may fill."""

    question: Question
    kind: str
    is_visible: bool = True
    label: str = ""
    hint: str | None = None
    message: object | None = None
    advice: object | None = None
    conflict: Conflicting | None = None
    theirs: AnswerRead | None = None
    version: int | None = 0
    """The version that is shown; None where nothing is ever saved."""
    described: str = ""
    control: Control | None = None
    parts: Sequence[tuple[str, Control]] = ()
    chosen: frozenset[str] = frozenset()
    options: Sequence[tuple[str, str]] = ()
    rows: Sequence[RowShown] = ()
    columns: Sequence[Cell] = ()
    totals: Mapping[str, str] = field(default_factory=dict)
    sums: str = ""
    """Columns and formulas as JSON, for the script that computes while one types."""
    derived: Sequence[RowShown] = ()
    """Rows that follow from others, after those that are typed."""
    pricing: str = ""
    """What fixes cells and makes rows follow, as JSON, for the same script."""
    files: Sequence[Mapping[str, Any]] = ()
    accept: str = ""
    is_watched: bool = False
    """Whether what is said beside it may change with another answer."""
    where: object | None = None
    map_url: str | None = None
    result: str = ""
    source: object | None = None
    """Where the answer came from, as long as nobody has changed it."""
    asides: Sequence[tuple[str, object]] = ()
    """Addresses and words of what is kept beside it: its history, what the team says of it."""

    @property
    def key(self) -> str:
        """The key of the question."""
        return self.question.key

    @property
    def id(self) -> str:
        """The id of the control or of the group of controls."""
        return f"q-{self.question.key}"

    @property
    def anchor(self) -> str:
        """The id of the control to which a summary of errors leads: the first wrong cell, the first box, the field."""
        wrong = (cell.control.id for row in self.rows for cell in row.cells if cell.message and cell.control)
        first = {"radios": f"{self.id}-0", "boxes": f"{self.id}-0"}
        return next(wrong, None) or (self.parts[0][1].id if self.parts else first.get(self.kind, self.id))

    @property
    def may_grow(self) -> bool:
        """Whether one row more may be added."""
        return len(self.rows) < self.question.most_rows


@dataclass(frozen=True, slots=True)
class Setting:
    """What the owner of a sheet lends its questions: target areas by name and on the ground, files, a map."""

    areas: Mapping[str, str] = field(default_factory=dict)
    grounds: Sequence[Ground] = ()
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Stored files by id, as `documents.web.listed` gives them."""
    map_url: str | None = None
    sources: Mapping[str, object] = field(default_factory=dict)
    """Where an answer came from that nobody has changed yet, by question, in words."""
    asides: Mapping[str, Sequence[tuple[str, object]]] = field(default_factory=dict)
    """What is kept beside an answer, by question: addresses and words."""


@dataclass(frozen=True, slots=True)
class State:
    """What just happened to a page: messages, conflicts, text that was not kept, a row asked for."""

    faults: Mapping[str, object] = field(default_factory=dict)
    conflicts: Mapping[str, Conflicting] = field(default_factory=dict)
    typed: Mapping[str, Typed] = field(default_factory=dict)
    longer: str | None = None
    """The question that is to show one blank row more."""
    focus: tuple[str, int] | None = None
    """The question and the row whose first field takes the focus."""
    everything: bool = False
    """Whether what is missing is said too."""
    notes: Mapping[str, object | None] = field(default_factory=dict)
    """What is said beside questions while one writes, whichever answer brings it; None: nothing now."""
    brief: Container[str] = ()
    """Questions whose controls stay as they are on the page: only what is said of them is worked out."""
