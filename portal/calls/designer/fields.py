"""The form of a part as its template writes it: worked out here from the fields, what the part says, what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.calls.describe import row_of
from portal.calls.designer.choices import words_of
from portal.calls.designer.conditions import BLANK_ROWS, COMBINATORS, COMPARISONS, subjects, typed_of
from portal.calls.designer.outlines import written_outline
from portal.calls.designer.reading import MOST_ROWS, Around, zone_of
from portal.calls.designer.references import Choices, choices_of
from portal.calls.designer.shapes import APART, Kind, Shape, shapes_of
from portal.calls.rules.design import Criterion, CriterionSource
from portal.core.money import format_cents
from portal.questionnaires.rules.design import CHOSEN, NUMERIC, ROWS, WRITTEN, Question, QuestionType

Typed = Mapping[str, Sequence[str]]
SPARE_ROWS = 2

OF_QUESTIONS: tuple[tuple[frozenset[QuestionType], frozenset[str]], ...] = (
    (WRITTEN, frozenset({"advised_chars", "max_chars"})),
    (NUMERIC, frozenset({"minimum", "maximum", "formula", "total"})),
    (NUMERIC - {QuestionType.MONEY}, frozenset({"decimals"})),
    (frozenset({QuestionType.DATE}), frozenset({"earliest", "latest"})),
    (CHOSEN, frozenset({"options"})),
    (frozenset({QuestionType.CHOICES}), frozenset({"min_choices", "max_choices"})),
    (ROWS, frozenset({"questions", "min_rows", "max_rows"})),
    (frozenset({QuestionType.FISCAL_CODE}), frozenset({"holder"})),
    (frozenset({QuestionType.PLACE}), frozenset({"inside_areas"})),
    (frozenset({QuestionType.FILES}), frozenset({"accept", "max_mb", "max_files", "strip_metadata"})),
)
OF_CRITERIA: tuple[tuple[frozenset[CriterionSource], frozenset[str]], ...] = (
    (frozenset({CriterionSource.EVALUATORS}), frozenset({"scale", "levels", "reason_required", "questions"})),
    (frozenset({CriterionSource.FORMULA}), frozenset({"formula"})),
    (frozenset({CriterionSource.INTERPOLATION}), frozenset({"tag", "better"})),
    (frozenset({CriterionSource.BONUS}), frozenset({"when", "per_cent"})),
)
VARIANTS: dict[type, tuple[str, tuple[tuple[frozenset[Any], frozenset[str]], ...]]] = {
    Question: ("type", OF_QUESTIONS),
    Criterion: ("source", OF_CRITERIA),
}
"""Parts whose fields depend on one of them: which field, and what belongs to which of its values."""


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A condition to be written: the combinator, its rows, the tree as YAML where it is nested."""

    how: str
    rows: list[tuple[str, str, str]]
    yaml: str
    subjects: Choices
    combinators: Choices
    comparisons: Choices


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field: its name in the form, how it is typed, its words, what is in it, what is wrong with it."""

    name: str
    kind: Kind
    label: str
    hint: str
    text: str = ""
    languages: tuple[tuple[str, str], ...] = ()
    chosen: frozenset[str] = frozenset()
    options: tuple[tuple[str, str], ...] = ()
    is_optional: bool = False
    is_long: bool = False
    is_fixed: bool = False
    is_frozen: bool = False
    zone: str = ""
    error: object | None = None
    condition: ConditionShown | None = None
    rows: tuple[tuple["FieldShown", ...], ...] = ()

    @property
    def id(self) -> str:
        """The id of its control, or of the first one."""
        return f"d-{self.name}"


def typed_fields(owner: type) -> tuple[Shape, ...]:
    """The fields that are typed in the form of a part, whatever its type."""
    return tuple(shape for shape in shapes_of(owner) if shape.kind not in APART)


def deciding_field(owner: type) -> str:
    """The field on which the others depend: the type of a question, the source of a criterion; else ""."""
    return VARIANTS[owner][0] if owner in VARIANTS else ""


def fits(shape: Shape, says: Mapping[str, Any]) -> bool:
    """Whether a field has a meaning for the part as it is."""
    name, rules = VARIANTS.get(shape.owner, ("", ()))
    bound = [values for values, names in rules if shape.name in names]
    return not bound or any(says.get(name) in values for values in bound)


def without_what_does_not_fit(owner: type, values: dict[str, Any], says: Mapping[str, Any]) -> dict[str, Any]:
    """What is saved: where the type of a question or the source of a criterion changed, the rest falls to nothing."""
    now = {**says, **values}
    if owner not in VARIANTS:
        return values
    gone = [shape for shape in shapes_of(owner) if not fits(shape, now)]
    return {**values, **{shape.name: None for shape in gone if shape.name in now}}


def typed_from(shapes: Sequence[Shape], says: Mapping[str, Any], prefix: str = "") -> dict[str, list[str]]:
    """What a form holds when nobody has typed yet."""
    typed: dict[str, list[str]] = {}
    for shape in shapes:
        name, value = f"{prefix}{shape.name}", says.get(shape.name)
        if shape.kind is Kind.CONDITION:
            typed |= {f"{name}-{key}": text for key, text in typed_of(value).items()}
        elif value is None:
            continue
        elif shape.kind is Kind.TEXT:
            typed |= {f"{name}-{language}": [value.get(language, "")] for language in ("it", "en")}
        elif shape.kind is Kind.ROWS:
            for index, row in enumerate(value):
                typed |= typed_from(shapes_of(shape.item), row, f"{name}-{index}-")
        else:
            typed[name] = _typed(shape, value)
    return typed


def _typed(shape: Shape, value: Any) -> list[str]:
    match shape.kind:
        case Kind.SEVERAL:
            return [str(each) for each in value]
        case Kind.LINES:
            return ["\n".join(value)]
        case Kind.OUTLINE:
            return [written_outline(value)]
        case Kind.YES_NO:
            return ["yes"] if value else []
        case Kind.MONEY:
            return [format_cents(int(Decimal(value) * 100))]
        case Kind.NUMBER | Kind.DEGREES:
            return [plain_number(value)]
        case Kind.MOMENT:
            return [datetime.fromisoformat(value).strftime("%Y-%m-%dT%H:%M")]
        case _:
            return [str(value)]


def plain_number(value: Any) -> str:
    """A number as it is written in Italy, without needless zeros."""
    text = f"{Decimal(str(value)):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def shown_fields(
    shapes: Sequence[Shape], typed: Typed, around: Around, errors: Mapping[str, object], prefix: str = ""
) -> list[FieldShown]:
    """The fields of a form, filled with what was typed."""
    return [_shown(shape, typed, around, errors, prefix) for shape in shapes]


def _shown(
    shape: Shape, typed: Typed, around: Around, errors: Mapping[str, object], prefix: str
) -> FieldShown:  # fmt: skip
    name, row = f"{prefix}{shape.name}", row_of(shape.owner, shape.name)
    given = [each for each in typed.get(name, ()) if each]
    shown = FieldShown(
        name=name, kind=shape.kind, label=str(row.label), hint=str(row.help), text=given[0] if given else "",
        chosen=frozenset(given), options=tuple(_options(shape, around, given)), is_optional=shape.is_optional,
        is_long=shape.is_long, is_fixed=shape.is_fixed, error=errors.get(name),
    )  # fmt: skip
    match shape.kind:
        case Kind.TEXT:
            texts = tuple((code, (typed.get(f"{name}-{code}") or [""])[0]) for code in ("it", "en"))
            return replace(shown, languages=texts)
        case Kind.MOMENT:
            return replace(shown, zone=zone_of(around, typed), text=shown.text)
        case Kind.CONDITION:
            return replace(shown, condition=_condition(name, typed, around))
        case Kind.ROWS:
            return replace(shown, rows=_rows(shape, name, typed, around, errors))
        case _:
            return shown


def _options(shape: Shape, around: Around, given: Sequence[str]) -> Choices:
    """What is offered; a choice that is offered no more stays visible, so that a save does not lose it."""
    if shape.kind not in (Kind.ONE, Kind.SEVERAL):
        return []
    if shape.item is not None:
        offered = [(each.value, str(words_of(each))) for each in shape.item]
    else:
        offered = choices_of(shape, around.document, around.place)
    known = {key for key, _words in offered}
    return offered + [(key, key) for key in given if key not in known]


def _condition(name: str, typed: Typed, around: Around) -> ConditionShown:
    def one(key: str) -> str:
        return (typed.get(f"{name}-{key}") or [""])[0]

    rows: list[tuple[str, str, str]] = []
    while typed.get(f"{name}-{len(rows)}-subject"):
        rows.append((one(f"{len(rows)}-subject"), one(f"{len(rows)}-compare"), one(f"{len(rows)}-value")))
    said = [row for row in rows if row[0]]
    return ConditionShown(
        one("how") or "always",
        said + [("", "equals", "")] * BLANK_ROWS,
        one("yaml"),
        subjects(around.document, around.place),
        [(key, str(words)) for key, words in COMBINATORS],
        [(key, str(words)) for key, words in COMPARISONS],
    )


def _rows(
    shape: Shape, name: str, typed: Typed, around: Around, errors: Mapping[str, object]
) -> tuple[tuple[FieldShown, ...], ...]:
    """The rows that say something, and some that are blank."""
    numbers = {int(key.split("-")[1]) for key in typed if key.startswith(f"{name}-") and key.split("-")[1].isdigit()}
    count = min(max(numbers, default=-1) + 1 + SPARE_ROWS, MOST_ROWS)
    columns = shapes_of(shape.item)
    return tuple(
        tuple(shown_fields(columns, typed, around, errors, f"{name}-{index}-")) for index in range(count)
    )  # fmt: skip


def in_words(shape: Shape, value: Any, around: Around) -> str:
    """A value of a field as it is read: for parts that are shown only, for comparisons, for conflicts."""
    if value is None or value in ("", [], {}):
        return ""
    typed = typed_from([shape], {shape.name: value})
    shown = _shown(shape, typed, around, {}, "")
    options = dict(shown.options)
    match shape.kind:
        case Kind.TEXT:
            return " / ".join(text for _code, text in shown.languages if text)
        case Kind.ONE | Kind.SEVERAL:
            return ", ".join(options.get(key, key) for key in typed.get(shape.name, ()))
        case Kind.MOMENT:
            return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M}"
        case Kind.DAY:
            return f"{date.fromisoformat(value):%d/%m/%Y}"
        case Kind.YES_NO:
            return "✓" if value else "✗"
        case _:
            return shown.text or str(value)
