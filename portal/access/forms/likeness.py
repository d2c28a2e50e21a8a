"""The form of a word on two organisations that look alike."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.access.forms.fields import line
from portal.access.labels import LIKENESS
from portal.access.rules import Likeness
from portal.core.i18n import lazy_


class LikenessForm(FlaskForm):  # type: ignore[misc]
    """Same, linked or different, and why."""

    likeness = RadioField(
        lazy_("What are they?"),
        choices=[SelectChoice(each.value, LIKENESS[each]) for each in Likeness],
        validators=[InputRequired(lazy_("Say whether they are the same, linked or different."))],
    )
    note = StringField(
        lazy_("Note"), filters=[line], validators=[Optional(), Length(max=500)],
        description=lazy_("What you checked, for whoever reads this later."),
    )  # fmt: skip
