"""The shape of a day that is expected."""

from flask_wtf import FlaskForm
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.core.i18n import lazy_
from portal.milestones.rules import LONGEST_REASON


class ForecastForm(FlaskForm):  # type: ignore[misc]
    """When it will be reached, and why not on its day."""

    expected_on = DateField(
        lazy_("Day on which you expect to reach it"),
        description=lazy_("Write the day of the plan where it will be kept after all."),
        validators=[InputRequired(lazy_("Write the day, day month year."))],
    )
    reason = TextAreaField(
        lazy_("Why"),
        description=lazy_("What happened, and what is being done about it."),
        validators=[InputRequired(lazy_("Write why the day moves: the office reads it.")), Length(max=LONGEST_REASON)],
    )
