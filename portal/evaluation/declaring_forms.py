"""What is typed to declare: the general declaration, the list of names, a conflict that came up later, a decision."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.evaluation.forms import ActForm
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.conflict_page import Held


def tidy(text: Any) -> Any:
    """One line without what nobody can see."""
    return clean_line(text) if isinstance(text, str) else text


def as_key(value: Any) -> UUID | None:
    """A key as typed; None for what is none."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


class SwearForm(FlaskForm):  # type: ignore[misc]
    """The general declaration, or why it cannot be given; and what the portal may compare."""

    holds = RadioField(
        lazy_("Your declaration"),
        choices=[
            SelectChoice("yes", lazy_("I declare what is written above")),
            SelectChoice("no", lazy_("I cannot declare it: I leave the commission")),
        ],
        validators=[InputRequired(lazy_("Choose one of the two."))],
    )
    reason = TextAreaField(
        lazy_("Why you cannot declare it"),
        description=lazy_("Only in that case. The office alone reads it."),
        validators=[Length(max=LONGEST_REASON)],
    )
    fiscal_code = StringField(lazy_("Your codice fiscale"), filters=[tidy], validators=[Length(max=40)])
    street = StringField(lazy_("Street and number where you live"), filters=[tidy], validators=[Length(max=200)])
    city = StringField(lazy_("City"), filters=[tidy], validators=[Length(max=120)])
    organisations = TextAreaField(
        lazy_("Organisations to which you belong, or belonged in the last five years"),
        description=lazy_("One a line: name or codice fiscale."),
        validators=[Length(max=LONGEST_REASON)],
    )


class StepBackForm(FlaskForm):  # type: ignore[misc]
    """A conflict found while reading."""

    reason = TextAreaField(lazy_("What the conflict is"), validators=[Length(max=LONGEST_REASON)])


class DecideForm(FlaskForm):  # type: ignore[misc]
    """What a person decides on what the portal suggested about somebody and an application."""

    application_id = HiddenField(filters=[as_key], validators=[InputRequired()])
    person_id = HiddenField(filters=[as_key], validators=[InputRequired()])

    is_conflict = RadioField(
        lazy_("Your decision"),
        choices=[SelectChoice("no", lazy_("No conflict")), SelectChoice("yes", lazy_("It is a conflict"))],
        validators=[InputRequired(lazy_("Choose one of the two."))],
    )
    reason = TextAreaField(
        lazy_("Why"),
        validators=[InputRequired(lazy_("Write why you decide so.")), Length(max=LONGEST_REASON)],
    )


class LiftForm(ActForm):
    """The act that lifts a conflict."""

    conflict = SelectField(
        lazy_("Whose conflict, with whom"),
        validators=[InputRequired(lazy_("Choose the conflict."))],
    )
    reason = TextAreaField(
        lazy_("Why it is no conflict"),
        validators=[InputRequired(lazy_("Write why it is lifted.")), Length(max=LONGEST_REASON)],
    )

    def offer(self, held: Sequence[Held]) -> "LiftForm":
        """Offer the conflicts that the reader may lift."""
        choices = [SelectChoice(f"{each.application.id}.{each.person.id}", _told(each)) for each in held]
        self.conflict.choices = [SelectChoice("", lazy_("Choose…")), *choices]
        return self

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The application and the person of the conflict that was chosen."""
        application_id, _dot, person_id = self.conflict.data.partition(".")
        return UUID(application_id), UUID(person_id)


def _told(held: Held) -> str:
    return f"{held.person.name} – {held.application.organisation.name}"


def names_seen(listed: Sequence[str]) -> list[UUID]:
    """The keys of the names that the page showed."""
    return [key for each in listed if (key := as_key(each)) is not None]


def names_ticked(values: Sequence[str], form: Mapping[str, Any]) -> dict[UUID, str]:
    """The reason beside each name that was ticked."""
    return {key: str(form.get(f"why-{key}", "")) for each in values if (key := as_key(each)) is not None}
