"""The shape of what is typed of commissions after their appointment: seats that change, sessions, minutes."""

from collections.abc import Sequence
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Person
from portal.core.i18n import lazy_
from portal.evaluation.forms import ActForm, person_key, tidy
from portal.evaluation.labels import SEAT_LABELS
from portal.evaluation.models import CommissionMember
from portal.evaluation.rules import Seat
from portal.evaluation.sittings import LONGEST_PLACE, LONGEST_TEXT

LONGEST_REASON = 2000


class SeatForm(ActForm):
    """A seat given by a further act."""

    person = SelectField(lazy_("Who"), coerce=person_key, validators=[InputRequired(lazy_("Choose who."))])
    seat = SelectField(
        lazy_("Seat"),
        choices=[SelectChoice(each.value, words) for each, words in SEAT_LABELS.items()],
        validators=[InputRequired(lazy_("Choose the seat."))],
    )

    def offer(self, people: Sequence[Person]) -> "SeatForm":
        """Offer everybody who might have a seat; the operation knows which."""
        choices = [SelectChoice(person.id, person.name) for person in people]
        self.person.choices = [SelectChoice("", lazy_("Choose…")), *choices]
        return self

    @property
    def wanted(self) -> Seat:
        """The seat that was chosen."""
        return Seat(self.seat.data)


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """Who leaves the commission, and why."""

    member = SelectField(lazy_("Who leaves"), coerce=person_key, validators=[InputRequired(lazy_("Choose who."))])
    reason = TextAreaField(
        lazy_("Why"),
        description=lazy_("Everybody who reads the commission reads it: name no application."),
        validators=[InputRequired(lazy_("Write why the seat is left.")), Length(max=LONGEST_REASON)],
    )

    def offer(self, seats: Sequence[CommissionMember]) -> "LeaveForm":
        """Offer who has a seat."""
        choices = [SelectChoice(each.id, each.person.name) for each in seats if each.seat_now]
        self.member.choices = [SelectChoice("", lazy_("Choose…")), *choices]
        return self


class ConveneForm(FlaskForm):  # type: ignore[misc]
    """When and where the commission sits, and for what."""

    starts_at = DateTimeLocalField(
        lazy_("Day and hour"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(lazy_("Write day and hour."))],
    )
    place = StringField(
        lazy_("Place, or link"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the place or the link.")), Length(max=LONGEST_PLACE)],
    )
    agenda = TextAreaField(
        lazy_("Agenda"), validators=[InputRequired(lazy_("Write the agenda.")), Length(max=LONGEST_TEXT)]
    )
    is_public = BooleanField(
        lazy_("Public session"),
        description=lazy_("Day, hour and place are then shown on the public page of the call, not the agenda."),
    )


class PresenceForm(FlaskForm):  # type: ignore[misc]
    """Who is there."""

    present = SelectMultipleField(
        lazy_("Who is there"),
        coerce=person_key,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, seats: Sequence[CommissionMember]) -> "PresenceForm":
        """Offer who may be there, with their seats."""
        self.present.choices = [
            SelectChoice(each.id, lazy_("%(name)s, %(seat)s", name=each.person.name, seat=SEAT_LABELS[each.seat_now]))
            for each in seats
            if each.seat_now
        ]
        return self

    @property
    def ticked(self) -> set[UUID]:
        """The seats that were ticked."""
        return set(self.present.data or ())


class OpenForm(PresenceForm):
    """Who is there when the session opens, or why it is held without somebody."""

    missing_reason = TextAreaField(
        lazy_("Why it is held although somebody who votes is missing"),
        description=lazy_("Only then. It is written in the minutes."),
        validators=[Length(max=LONGEST_TEXT)],
    )


class RemarkForm(FlaskForm):  # type: ignore[misc]
    """Something to be noted in the minutes; or what further minutes correct."""

    text = TextAreaField(
        lazy_("Note for the minutes"),
        validators=[InputRequired(lazy_("Write what is to be noted.")), Length(max=LONGEST_TEXT)],
    )
    reference = StringField(
        lazy_("Application it is about"),
        description=lazy_(
            "Its number (VIV-…), only if the note is about one application: whoever is in conflict with it does not"
            " read the note."
        ),
        filters=[tidy],
        validators=[Length(max=40)],
    )


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Why somebody does not sign."""

    reason = TextAreaField(
        lazy_("Why you do not sign"),
        description=lazy_("Whoever reads the minutes reads it: name no application."),
        validators=[InputRequired(lazy_("Write why you do not sign.")), Length(max=LONGEST_REASON)],
    )


class SignForm(FlaskForm):  # type: ignore[misc]
    """The file that was shown."""

    sha256 = HiddenField(validators=[InputRequired()])
