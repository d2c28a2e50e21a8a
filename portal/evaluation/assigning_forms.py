"""What is typed about who scores what: a limit for the plan, the terms of an evaluator, one application by hand."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Person
from portal.core.i18n import in_language, lazy_
from portal.evaluation.forms import tidy
from portal.questionnaires.rules.design import Text

WHOLE = lazy_("Write a whole number, or leave it empty.")


class PlanForm(FlaskForm):  # type: ignore[misc]
    """The limit of a plan."""

    together = IntegerField(
        lazy_("Two evaluators share at most"),
        description=lazy_("Applications that the same two people both score. Empty: no limit, the quickest."),
        validators=[Optional(), NumberRange(min=1, message=WHOLE)],
    )


class TermsForm(FlaskForm):  # type: ignore[misc]
    """How many applications somebody takes, and what they know."""

    most = IntegerField(
        lazy_("At most"), description=lazy_("Applications in all; empty: no cap."),
        validators=[Optional(), NumberRange(min=0, message=WHOLE)],
    )  # fmt: skip
    topics = SelectMultipleField(
        lazy_("Knows"), description=lazy_("Each application is given, if possible, to somebody who knows its area."),
        widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(),
    )  # fmt: skip

    def offer(self, topics: Sequence[tuple[str, str | Text]]) -> "TermsForm":
        """The areas and lines of the call."""
        self.topics.choices = [(key, name if isinstance(name, str) else in_language(name)) for key, name in topics]
        return self


class OneForm(FlaskForm):  # type: ignore[misc]
    """One application for one evaluator."""

    reference = StringField(
        lazy_("Number of the application"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the application."))],
    )  # fmt: skip
    person = SelectField(
        lazy_("Evaluator"), coerce=lambda value: UUID(str(value)) if value else None,
        validators=[InputRequired(lazy_("Choose who scores it."))],
    )  # fmt: skip

    def offer(self, people: Sequence[Person]) -> "OneForm":
        """Those who vote."""
        self.person.choices = [("", ""), *((str(each.id), each.name) for each in people)]
        return self
