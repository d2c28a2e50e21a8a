"""What is typed on a sheet of maturity, and the answer of the office to a warning."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from portal.coaching.maturity.rules import LONGEST_NOTE
from portal.core.i18n import lazy_

LEVEL, WORDS = "level-", "words-"
NONE_OF_THEM = 0
"""What a level is that is no number: the operation refuses it by its field."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A sheet as it was typed: levels and words by dimension, and the version it was written on."""

    levels: Mapping[str, int]
    words: Mapping[str, str]
    version: int


def typed(form: Mapping[str, str]) -> Typed:
    """The sheet in a form, nothing checked yet."""
    return Typed(
        levels={name.removeprefix(LEVEL): _whole(text) for name, text in form.items() if name.startswith(LEVEL)},
        words={name.removeprefix(WORDS): text for name, text in form.items() if name.startswith(WORDS)},
        version=_whole(form.get("version", "")),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else NONE_OF_THEM


class NoteForm(FlaskForm):  # type: ignore[misc]
    """A warning was seen; what is done about it, if anything."""

    note = TextAreaField(
        lazy_("What you do about it"),
        description=lazy_("The office alone reads it."),
        validators=[Length(max=LONGEST_NOTE)],
    )
