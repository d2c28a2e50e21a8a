"""The shape of what is typed after a ranking: observations, replies, departures, new versions, access to documents."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.evaluation.afterwards import DepartureCause, DisclosureStatus, ObservationKind
from portal.evaluation.forms import tidy

WRITE = InputRequired(lazy_("Write it: it stays on record."))
CHOOSE = InputRequired(lazy_("Choose one."))
KINDS = (
    SelectChoice(ObservationKind.OBSERVATION.value, lazy_("Observations")),
    SelectChoice(ObservationKind.REVIEW.value, lazy_("Request for review (istanza di riesame)")),
)
CAUSES = (
    SelectChoice(DepartureCause.RENUNCIATION.value, lazy_("renunciation")),
    SelectChoice(DepartureCause.FORFEITURE.value, lazy_("forfeiture")),
    SelectChoice(DepartureCause.REVOCATION.value, lazy_("revocation")),
)
DECISIONS = (
    SelectChoice(DisclosureStatus.GRANTED.value, lazy_("Grant: release the documents")),
    SelectChoice(DisclosureStatus.GRANTED_PARTLY.value, lazy_("Grant in part, with the limits of the reason")),
    SelectChoice(DisclosureStatus.REFUSED.value, lazy_("Refuse")),
)


def _area(label: object, description: object = "", **more: Any) -> TextAreaField:
    return TextAreaField(label, description=description, validators=[WRITE, Length(max=10_000)], **more)


class ObservationForm(FlaskForm):  # type: ignore[misc]
    """What an applicant writes on its provisional result."""

    kind = RadioField(
        lazy_("What it is"), choices=KINDS, default=ObservationKind.OBSERVATION.value, validators=[CHOOSE]
    )
    text = _area(lazy_("Text"), lazy_("What is wrong in your view, and why. It is registered; the office replies."))


class ReplyForm(FlaskForm):  # type: ignore[misc]
    """What the office replies."""

    decision = RadioField(
        lazy_("Decision"),
        choices=[
            SelectChoice("yes", lazy_("Accepted: the ranking is computed anew")),
            SelectChoice("no", lazy_("Not accepted")),
        ],
        validators=[CHOOSE],
    )
    text = _area(lazy_("Reasons"), lazy_("The applicant reads them."))


class DepartureForm(FlaskForm):  # type: ignore[misc]
    """Who leaves the final ranking, by which act."""

    reference = SelectField(lazy_("Application"), validators=[CHOOSE])
    cause = SelectField(lazy_("Cause"), choices=CAUSES, validators=[CHOOSE])
    reason = _area(lazy_("Reason"))
    act_number = StringField(
        lazy_("Number of the act"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
    )  # fmt: skip
    act_date = DateField(
        lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act, day month year."))]
    )


class ScrollForm(FlaskForm):  # type: ignore[misc]
    """Why the ranking is run down again."""

    why = _area(lazy_("What made it necessary"), lazy_("Everybody reads it on the page of the ranking."))


class RescoreForm(FlaskForm):  # type: ignore[misc]
    """The judgment that a version carries out."""

    judgment = StringField(
        lazy_("Judgment"), description=lazy_("Court, number and year."), filters=[tidy],
        validators=[InputRequired(lazy_("Write which judgment.")), Length(max=200)],
    )  # fmt: skip
    rescored_why = _area(lazy_("What it ordered"), lazy_("Everybody reads it on the page of the ranking."))


class RectifiedForm(FlaskForm):  # type: ignore[misc]
    """The act of a version after the final one; beside a form for another act."""

    rectified_act_number = StringField(
        lazy_("Number of the act"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
    )  # fmt: skip
    rectified_act_date = DateField(
        lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act, day month year."))]
    )


class RequestForm(FlaskForm):  # type: ignore[misc]
    """Which documents, and why."""

    wants = _area(lazy_("Which documents"), lazy_("For example the score sheets, the minutes, the ranking's data."))
    interest = _area(
        lazy_("Why you need them"), lazy_("Your direct, concrete and current interest (art. 22 L. 241/1990).")
    )


class TellForm(FlaskForm):  # type: ignore[misc]
    """Another applicant whom the documents concern."""

    told_reference = StringField(
        lazy_("Number of the application"), filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the application.")), Length(max=20)],
    )  # fmt: skip


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What is decided on a request."""

    decision = RadioField(lazy_("Decision"), choices=DECISIONS, validators=[CHOOSE])
    reason = _area(lazy_("Reasons"), lazy_("The applicant reads them."))


class ObjectionForm(FlaskForm):  # type: ignore[misc]
    """Why a counter-interested applicant objects."""

    text = _area(lazy_("Why you object"))
