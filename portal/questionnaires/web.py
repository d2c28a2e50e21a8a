"""What the templates of questions and answers need."""

from collections.abc import Iterable
from typing import Protocol

from flask import Flask

from portal.core.text import storable
from portal.questionnaires.labels import answer_in_words, field_id, field_text, is_short


def init_questionnaires(app: Flask) -> None:
    """Install the words of answers for the macros in templates/questionnaires."""
    app.jinja_env.globals.update(
        answer_in_words=answer_in_words,
        field_text=field_text,
        field_id=field_id,
        has_few_options=is_short,
        area_names=area_names,
        storable=storable,
    )


class _Area(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


def area_names(areas: Iterable[_Area]) -> dict[str, str]:
    """The names of a call's areas, by key."""
    return {area.key: area.name for area in areas}
