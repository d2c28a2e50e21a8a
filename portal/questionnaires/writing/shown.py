"""A sheet open on a page, and what just happened to a section of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.core.errors import Refusal
from portal.core.web.errors import status_of
from portal.questionnaires.forms import RowAct
from portal.questionnaires.models import Answer
from portal.questionnaires.rules import FilledForm, SectionSaved, Typed, rows_of


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet as its writer has it open: the form filled in, its answers, what keeps each from being sent."""

    filled: FilledForm
    answers: Mapping[str, Answer]
    missing: Mapping[str, object] = field(default_factory=dict)
    notes: Mapping[str, object | None] = field(default_factory=dict)

    def rows(self, key: str) -> int:
        """How many rows an answer has."""
        answer = self.answers.get(key)
        return len(rows_of(answer.value)) if answer else 0


@dataclass(frozen=True, slots=True)
class SectionShown:
    """What just happened to a page of a section: saved, refused, or only opened."""

    number: int = 1
    saved: SectionSaved | None = None
    typed: Mapping[str, Typed] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    """The questions that the sender's page showed, each with its version."""
    act: RowAct | None = None
    files: Mapping[str, object] = field(default_factory=dict)
    """What was wrong with files, by question."""
    refusal: Refusal | None = None
    everything: bool = False
    longer: str | None = None

    @property
    def grows(self) -> str | None:
        """The question that is to show one blank row more."""
        return self.longer or (self.act.key if self.act and self.act.verb == "add" else None)

    @property
    def unchanged(self) -> set[str]:
        """The questions whose controls stay as they are on the sender's page."""
        return set(self.seen) - ({self.act.key} if self.act else set())

    @property
    def not_kept(self) -> dict[str, Typed]:
        """What was typed and is not in the sheet: everything after a refusal, else what was too long to be kept."""
        kept = set(self.typed) if self.refusal else set(self.saved.refused) if self.saved else set()
        return {name: text for name, text in self.typed.items() if name in kept}

    @property
    def is_lost(self) -> bool:
        """Whether some of what was typed is in the page alone."""
        return bool(self.saved and (self.saved.conflicts or self.saved.refused))

    def code(self, filled: FilledForm) -> int | None:
        """The status of the answer; None when nothing that the writer sees has to be mended."""
        if self.refusal is not None:
            return status_of(self.refusal)
        if self.saved is None:
            return None
        if self.saved.conflicts:
            return 409
        wrong = [key for key in self.saved.faults if (each := filled.form.question(key)) and filled.is_visible(each)]
        return 422 if wrong or self.saved.refused or self.files else None
