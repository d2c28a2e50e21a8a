"""The shape of what officers and coaches say about who accompanies whom."""

from collections.abc import Iterable, Sequence

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from portal.access.models import Organisation
from portal.coaching.coaches.labels import LANGUAGES
from portal.coaching.coaches.rules import LONGEST_AVAILABILITY, LONGEST_OBJECTIVES, LONGEST_REASON, Suggestion
from portal.coaching.forms.choices import MultiCheckboxField
from portal.coaching.topics import NAMES
from portal.core.i18n import lazy_

CHOOSE = lazy_("Choose a coach from the list.")


class TermsForm(FlaskForm):  # type: ignore[misc]
    """What is agreed with a coach for one team."""

    allowance_minutes = IntegerField(
        lazy_("Allowance, in minutes"),
        validators=[InputRequired(lazy_("Write the minutes that may be used."))],
        render_kw={"inputmode": "numeric", "min": "1"},
    )
    ends_on = DateField(lazy_("Last day"), validators=[Optional()])
    objectives = TextAreaField(lazy_("Objectives"), validators=[Length(max=LONGEST_OBJECTIVES)])


class AssignForm(TermsForm):
    """Which coach accompanies the team, and what is agreed."""

    coach_id = RadioField(lazy_("Coach"), coerce=str, validators=[InputRequired(CHOOSE)])
    starts_on = DateField(lazy_("First day"), validators=[Optional()])

    def offer(self, suggestions: Sequence[Suggestion]) -> "AssignForm":
        """Offer the coaches whom nothing keeps from the team."""
        found = [each.candidate for each in suggestions if not each.is_barred]
        self.coach_id.choices = [SelectChoice(str(each.person_id), each.name) for each in found]
        return self


class ChangeForm(FlaskForm):  # type: ignore[misc]
    """Another coach for the team, and why."""

    coach_id = RadioField(lazy_("New coach"), coerce=str, validators=[InputRequired(CHOOSE)])
    reason = TextAreaField(
        lazy_("Why the coach changes"),
        validators=[InputRequired(lazy_("Write why the coach changes.")), Length(max=LONGEST_REASON)],
    )
    hands_over_notes = BooleanField(lazy_("The new coach also reads what was noted for coach and office"))

    def offer(self, suggestions: Sequence[Suggestion]) -> "ChangeForm":
        """Offer the coaches whom nothing keeps from the team."""
        found = [each.candidate for each in suggestions if not each.is_barred]
        self.coach_id.choices = [SelectChoice(str(each.person_id), each.name) for each in found]
        return self


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What a coach says of themselves."""

    competences = MultiCheckboxField(
        lazy_("What you know"), coerce=str, choices=[SelectChoice(key.value, name) for key, name in NAMES.items()]
    )
    languages = MultiCheckboxField(
        lazy_("Languages"), coerce=str, choices=[SelectChoice(key.value, name) for key, name in LANGUAGES.items()]
    )
    districts = TextAreaField(lazy_("Quarters you know"), validators=[Length(max=2000)])
    availability = StringField(lazy_("When you are available"), validators=[Length(max=LONGEST_AVAILABILITY)])
    away_until = DateField(lazy_("Away until"), validators=[Optional()])
    most_teams = IntegerField(
        lazy_("How many teams at most"),
        default=5,
        validators=[InputRequired(lazy_("Write how many teams you take at most."))],
        render_kw={"inputmode": "numeric", "min": "0"},
    )


class ConflictForm(FlaskForm):  # type: ignore[misc]
    """A team from which a coach stands apart."""

    organisation_id = SelectField(lazy_("Team"), coerce=str)
    reason = TextAreaField(
        lazy_("Why you stand apart"),
        validators=[InputRequired(lazy_("Write why you stand apart.")), Length(max=LONGEST_REASON)],
    )

    def offer(self, teams: Sequence[Organisation]) -> "ConflictForm":
        """Offer the teams that may be accompanied."""
        self.organisation_id.choices = [SelectChoice(str(each.id), each.name) for each in teams]
        return self


def topics_asked(offered: Iterable[str], asked: Sequence[str]) -> frozenset[str]:
    """The topics that the officer ticked, of those that exist."""
    return frozenset(asked) & frozenset(offered)
