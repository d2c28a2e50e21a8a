"""Forms of second factors: giving one, setting one up."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.access.forms.fields import line
from portal.core.i18n import lazy_

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autocapitalize": "off"}
RECOVERY = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
SHORT = Length(max=100, message=lazy_("Write at most 100 characters."))


class ProofForm(FlaskForm):  # type: ignore[misc]
    """A code of the app, or a recovery code, or what a passkey answered.

    The names begin with `proof_`: these fields travel with those of any other form, and are no part of what it says.
    """

    proof_code = StringField(
        lazy_("Code of six digits"),
        filters=[line],
        validators=[SHORT],
        description=lazy_("The app on your telephone shows it, and a new one every thirty seconds."),
        render_kw=CODE,
    )
    proof_recovery = StringField(
        lazy_("Recovery code"),
        filters=[line],
        validators=[SHORT],
        description=lazy_("One of those that you printed or kept when you set up the second factor."),
        render_kw=RECOVERY,
    )
    proof_passkey = HiddenField()

    @property
    def was_given(self) -> bool:
        """Whether the form that was sent holds a second factor, right or wrong."""
        return any(field.raw_data for field in (self.proof_code, self.proof_recovery, self.proof_passkey))


class AddressCodeForm(FlaskForm):  # type: ignore[misc]
    """The code that was sent to the address of the account."""

    sealed = HiddenField()
    code = StringField(
        lazy_("Code of eight digits"),
        filters=[line],
        validators=[InputRequired(lazy_("Write the code of the message.")), SHORT],
        render_kw=CODE,
    )
    next = HiddenField()


class AppForm(FlaskForm):  # type: ignore[misc]
    """The first code of an app that was just set up; the password too when signing in was long ago."""

    sealed = HiddenField()
    code = StringField(
        lazy_("Code of six digits"),
        filters=[line],
        validators=[InputRequired(lazy_("Write the code that the app shows.")), SHORT],
        render_kw=CODE,
    )
    current = PasswordField(
        lazy_("Your password"), validators=[Length(max=500)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasskeyForm(FlaskForm):  # type: ignore[misc]
    """A name for a passkey, and what the browser made."""

    name = StringField(
        lazy_("Name of the passkey"),
        filters=[line],
        validators=[InputRequired(lazy_("Give it a name that tells it from others.")), SHORT],
        description=lazy_("For example the device that holds it: “office laptop”."),
        render_kw={"autocomplete": "off"},
    )
    answer = HiddenField()
    current = PasswordField(
        lazy_("Your password"), validators=[Length(max=500)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()
