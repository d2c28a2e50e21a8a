"""The form of whoever comes with SPID or CIE for the first time."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from portal.access.forms.fields import line
from portal.core.i18n import lazy_


class NameForm(FlaskForm):  # type: ignore[misc]
    """What they are called, where the provider did not say."""

    name = StringField(
        lazy_("Name and surname"),
        filters=[line],
        validators=[Length(max=200, message=lazy_("Write a name of at most 200 characters."))],
        render_kw={"autocomplete": "name"},
    )
