"""The form of sign-in."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.access.forms.fields import line
from portal.core.i18n import lazy_


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = EmailField(
        lazy_("E-mail address"),
        filters=[line],
        validators=[DataRequired(lazy_("Write your e-mail address.")), Length(max=320)],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        lazy_("Password"),
        validators=[InputRequired(lazy_("Write your password.")), Length(max=500)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
