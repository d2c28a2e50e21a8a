"""Forms of one's own account: address, name, passwords."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp

from portal.access.forms.fields import line
from portal.access.rules import is_address
from portal.core.i18n import lazy_
from portal.core.text import REPLACEMENT

LONGEST_PASSWORD = Length(max=500, message=lazy_("Write a password of at most 500 characters."))
SHOW = {"data-text-show": lazy_("Show the password"), "data-text-hide": lazy_("Hide the password")}
NEW = {"autocomplete": "new-password", "spellcheck": "false", "autocapitalize": "off", **SHOW}
CURRENT = {"autocomplete": "current-password", "spellcheck": "false", "autocapitalize": "off", **SHOW}


def one_plain_address(_form: Any, field: Any) -> None:
    """A validator for the address of an account."""
    if field.data and not is_address(field.data):
        raise ValidationError(lazy_("This is not an e-mail address. Write it like name@example.it."))


def _address(label: object, **render: object) -> EmailField:
    return EmailField(
        label,
        filters=[line],
        validators=[DataRequired(lazy_("Write an e-mail address.")), one_plain_address],
        render_kw={"spellcheck": "false", **render},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        lazy_("New password"),
        validators=[InputRequired(lazy_("Write the new password.")), LONGEST_PASSWORD],
        description=lazy_("At least 12 characters, of any kind: three or four words are easy to remember."),
        render_kw=NEW,
    )


def _current_password() -> PasswordField:
    return PasswordField(
        lazy_("Current password"),
        validators=[InputRequired(lazy_("Write the password of your account.")), LONGEST_PASSWORD],
        render_kw=CURRENT,
    )


def _name() -> StringField:
    return StringField(
        lazy_("Name and surname"),
        filters=[line],
        validators=[
            DataRequired(lazy_("Write your name and surname.")),
            Length(max=200, message=lazy_("Write a name of at most 200 characters.")),
            Regexp(
                f"^[^{REPLACEMENT}]*$", message=lazy_("The name holds a character that cannot be kept. Write it again.")
            ),
        ],
        render_kw={"autocomplete": "name"},
    )


class AddressForm(FlaskForm):  # type: ignore[misc]
    """To which address a link is sent."""

    email = _address(lazy_("E-mail address"), autocomplete="email")
    next = HiddenField()


class RegistrationForm(FlaskForm):  # type: ignore[misc]
    """Who opens an account."""

    name = _name()
    password = _new_password()
    next = HiddenField()


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password in place of one that was forgotten."""

    password = _new_password()


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """Name, and language of pages and messages."""

    name = _name()
    locale = SelectField(
        lazy_("Language"),
        choices=[SelectChoice("it", "Italiano"), SelectChoice("en", "English")],
        description=lazy_("Of the pages, and of the messages that the portal sends."),
    )


class EmailForm(FlaskForm):  # type: ignore[misc]
    """Another address, asked by whoever knows the password."""

    email = _address(lazy_("New e-mail address"), autocomplete="email")
    current = _current_password()


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """Another password, chosen by whoever knows the one before."""

    current = _current_password()
    password = _new_password()


class ClosingForm(FlaskForm):  # type: ignore[misc]
    """Closing the account, by whoever knows its password."""

    current = _current_password()
