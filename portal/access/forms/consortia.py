"""Forms of consortia: their name, and whom to ask."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from portal.access.forms.fields import line
from portal.access.forms.organisations import kept
from portal.core.i18n import lazy_


class ConsortiumForm(FlaskForm):  # type: ignore[misc]
    """What several organisations call themselves together."""

    name = StringField(
        lazy_("Name of the consortium"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the name.")), Length(max=200), kept],
        description=lazy_("For example: ATS Cortili aperti. Its deed may follow, once a grant is awarded."),
    )


class PartnerForm(FlaskForm):  # type: ignore[misc]
    """Which organisation to ask."""

    fiscal_code = StringField(
        lazy_("Codice fiscale of the organisation"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the codice fiscale of the organisation.")), Length(max=40)],
        description=lazy_("11 digits or 16 characters. The organisation has to be registered here."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
