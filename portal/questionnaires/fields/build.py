"""From questions and their answers to what a page writes down: one pass, everything decided here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.core.i18n import in_language
from portal.core.municipalities import municipalities
from portal.core.text import storable
from portal.questionnaires.fields.read import answer_read
from portal.questionnaires.fields.rows import (
    Grid,
    columns_of,
    derived_shown,
    pricing_of_page,
    rows_shown,
    sums_of,
)
from portal.questionnaires.fields.shapes import LOOKS, AnswerRead, Control, Field, Look, Setting, State
from portal.questionnaires.fields.words import PART_LABELS, option_pairs, where_words
from portal.questionnaires.labels import answer_in_words, is_short
from portal.questionnaires.models import Answer
from portal.questionnaires.rules import (
    Conflicting,
    FilledForm,
    Question,
    QuestionType,
    Stored,
    Typed,
    advice_of,
    fault_of,
    rows_of,
    typed_of,
)

YES, NO = "yes", "no"
KINDS = {
    QuestionType.YES_NO: "radios",
    QuestionType.CHOICES: "boxes",
    QuestionType.DECLARATION: "tick",
    QuestionType.ADDRESS: "address",
    QuestionType.PLACE: "place",
    QuestionType.FILES: "files",
    QuestionType.TABLE: "grid",
    QuestionType.PEOPLE: "cards",
    QuestionType.GROUP: "cards",
}
PLAIN = Look()
BOX = Look(style="v-short", mode="decimal")
SHORT = Look(style="v-short")


def as_seen(filled: FilledForm, state: State) -> FilledForm:
    """The form as its reader sees it: where two people wrote, with the reader's own text."""
    if not state.conflicts:
        return filled
    mine = {key: conflict.mine for key, conflict in state.conflicts.items()}
    return filled.with_answers(mine)


def fields_of(
    filled: FilledForm,
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    setting: Setting | None = None,
    state: State | None = None,
) -> list[Field]:
    """What each question looks like now; those that a condition hides are empty places."""
    given = state or State()
    drawing = _Drawing(as_seen(filled, given), answers, setting or Setting(), given)
    return [drawing.field(question) for question in questions]


@dataclass(frozen=True, slots=True)
class _Drawing:
    filled: FilledForm
    answers: Mapping[str, Answer]
    setting: Setting
    state: State

    def field(self, question: Question) -> Field:
        """One question."""
        conflict = self.state.conflicts.get(question.key)
        if conflict is None and question.key not in self.state.typed and not self.filled.is_visible(question):
            return Field(question, "hidden", is_visible=False)
        answer = self.answers.get(question.key)
        stored = conflict.mine if conflict else (answer.value if answer else None)
        if conflict is None and question.key in self.state.brief:
            return self._brief(question, stored)
        typed = self.state.typed.get(question.key)
        version = conflict.their_version if conflict else (answer.version if answer else 0)
        kind = _kind_of(question)
        told: dict[str, Any] = {
            "label": in_language(question.label),
            "hint": in_language(question.help) if question.help else None,
            "message": self._message(question, stored),
            "advice": self._advice(question, stored),
            "is_watched": question.key in self.state.notes,
            "conflict": conflict,
            "theirs": self._theirs(question, conflict) if conflict else None,
            "version": version,
            "described": _described(question),
            "source": self.setting.sources.get(question.key),
            "asides": self.setting.asides.get(question.key, ()),
        }
        told |= PARTS[kind](self, question, typed_of(question, stored) if typed is None else typed, stored, told)
        return Field(question, kind, **told)

    def _brief(self, question: Question, stored: Stored | None) -> Field:
        """What is said of a question whose control stays as it is; a result is written anew."""
        return Field(
            question,
            _kind_of(question),
            label=in_language(question.label),
            message=self._message(question, stored),
            advice=self._advice(question, stored),
            is_watched=question.key in self.state.notes,
            where=where_words(stored, self.setting) if question.type is QuestionType.PLACE else None,
            result=answer_in_words(question, self.filled.stored(question)) if question.is_computed else "",
            source=self.setting.sources.get(question.key),
        )

    def _theirs(self, question: Question, conflict: Conflicting) -> AnswerRead:
        """What the other one wrote, to be read beside the reader's own."""
        filled = self.filled.with_answers({question.key: conflict.theirs})
        return answer_read(filled, question, filled.stored(question) or conflict.theirs, self.setting)

    def _advice(self, question: Question, stored: Stored | None) -> object | None:
        found = self.state.notes.get(question.key)
        return found if found is not None else advice_of(question, stored)

    def _message(self, question: Question, stored: Stored | None) -> object | None:
        found = self.state.faults.get(question.key)
        return found if found is not None else fault_of(question, stored)


def _kind_of(question: Question) -> str:
    if question.is_computed:
        return "result"
    if question.type is QuestionType.CHOICE and is_short(question):
        return "radios"
    return KINDS.get(question.type, "simple")


def _described(question: Question) -> str:
    name = f"q-{question.key}"
    ids = [f"{name}-hint"] if question.help else []
    return " ".join([*ids, f"{name}-says", *([f"{name}-counter"] if question.limit else [])])


def _simple(drawing: _Drawing, question: Question, typed: Typed, _stored: Stored | None, told: Any) -> dict[str, Any]:
    look = LOOKS.get(question.type, PLAIN)
    is_wrong = told["message"] is not None
    if look.kind == "date" and is_wrong:
        look = SHORT  # a date that could not be read is shown as it was typed
    control = Control(
        id=f"q-{question.key}",
        name=question.key,
        look=Look("list") if question.type is QuestionType.CHOICE else look,
        text=_text(typed),
        described=told["described"],
        is_wrong=is_wrong,
        is_required=question.required,
        options=option_pairs(question, drawing.setting.areas, _text(typed)),
        lines=_lines(question),
        has_counter=question.limit is not None,
    )
    return {"control": control}


def _lines(question: Question) -> int:
    limit = question.limit or 0
    return 12 if limit > 1500 else 8 if limit > 600 else 5


def _text(typed: Typed | None) -> str:
    return storable(typed) if isinstance(typed, str) else ""


def _chosen(drawing: _Drawing, question: Question, typed: Typed, _stored: Stored | None, _told: Any) -> dict[str, Any]:
    chosen = frozenset([typed] if isinstance(typed, str) else [str(each) for each in typed])
    return {"chosen": chosen, "options": option_pairs(question, drawing.setting.areas, "")}


def _parts(drawing: _Drawing, question: Question, typed: Typed, stored: Stored | None, told: Any) -> dict[str, Any]:
    """The boxes of an address or of a point."""
    given = typed if isinstance(typed, dict) else {}
    controls = [
        (label, _part(question, name, str(given.get(name, "")), told))
        for name, label in PART_LABELS[question.type].items()
    ]
    where = None
    if question.type is QuestionType.PLACE:
        where = where_words(stored, drawing.setting)
    return {"parts": controls, "where": where, "map_url": drawing.setting.map_url}


def _part(question: Question, name: str, text: str, told: Any) -> Control:
    is_town = name == "municipality"
    return Control(
        id=f"q-{question.key}-{name}",
        name=f"{question.key}.{name}",
        look=BOX if question.type is QuestionType.PLACE else SHORT if name in ("number", "postcode") else PLAIN,
        text=_town(text) if is_town else storable(text),
        described=told["described"],
        is_wrong=told["message"] is not None,
        is_required=question.required and name != "number",
        towns=f"q-{question.key}-towns" if is_town else None,
    )


def _town(text: str) -> str:
    """The name of a municipality whose code is stored; what was typed otherwise."""
    found = municipalities().get(text)
    return found.label if found else storable(text)


def _files(drawing: _Drawing, question: Question, typed: Typed, _stored: Stored | None, _told: Any) -> dict[str, Any]:
    listed = drawing.setting.files
    files = [
        listed.get(each["id"]) or {"name": each.get("name", ""), "url": None, "size": int(each.get("size") or 0)}
        for each in typed
        if isinstance(each, dict) and each.get("id")
    ]
    ids = [each["id"] for each in typed if isinstance(each, dict) and each.get("id")]
    return {
        "files": [{**file, "id": identity} for file, identity in zip(files, ids, strict=True)],
        "accept": ",".join(f".{each}" for each in question.accept),
    }


def _rows(drawing: _Drawing, question: Question, typed: Typed, stored: Stored | None, _told: Any) -> dict[str, Any]:
    pricing = drawing.filled.pricing.get(question.key)
    grid = Grid(question, typed if isinstance(typed, list) else [], stored, drawing.state, drawing.setting, pricing)
    is_stored = question.key not in drawing.state.typed
    done = drawing.filled.rows(question) if is_stored and rows_of(stored) else []
    totals = drawing.filled.totals(question)
    words = {key: _result_words(question.column(key), value) for key, value in totals.items()}
    return {
        "rows": rows_shown(grid, done),
        "columns": columns_of(question),
        "totals": words,
        "sums": sums_of(question),
        "derived": derived_shown(grid, drawing.filled.derived(question)),
        "pricing": pricing_of_page(question, pricing),
    }


def _result_words(column: Question | None, value: object) -> str:
    return answer_in_words(column, {"value": value}) if column is not None and value is not None else "–"


def _result(drawing: _Drawing, question: Question, _typed: Typed, _stored: Stored | None, _told: Any) -> dict[str, Any]:
    return {"result": answer_in_words(question, drawing.filled.stored(question))}


PARTS: dict[str, Callable[[_Drawing, Question, Typed, Stored | None, Any], dict[str, Any]]] = {
    "simple": _simple,
    "tick": _simple,
    "radios": _chosen,
    "boxes": _chosen,
    "address": _parts,
    "place": _parts,
    "files": _files,
    "grid": _rows,
    "cards": _rows,
    "result": _result,
}
