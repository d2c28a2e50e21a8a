"""Forms of the office: publishing a call and extending a deadline, each by an act."""

from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_


class ActForm(FlaskForm):  # type: ignore[misc]
    """The act that decides."""

    act_number = StringField(
        lazy_("Number of the act"),
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
        description=lazy_("As it is registered, for example 2026/210/00145."),
    )
    act_date = DateField(lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act."))])


class ExtensionForm(ActForm):
    """A later deadline, with the reason that the public will read."""

    closes_at = DateTimeLocalField(
        lazy_("New deadline"),
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
        validators=[InputRequired(lazy_("Write the day and the hour of the new deadline."))],
    )
    reason_it = TextAreaField(
        lazy_("Reason, in Italian"),
        validators=[InputRequired(lazy_("Write the reason: it is published with the act.")), Length(max=1000)],
    )
    reason_en = TextAreaField(
        lazy_("Reason, in English"),
        validators=[InputRequired(lazy_("Write the reason in English too.")), Length(max=1000)],
    )
