"""Forms of an authority: its particulars, its look, its privacy notice, its identity providers."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import EmailField, IntegerField, PasswordField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp
from wtforms.widgets import HiddenInput

from portal.access.forms.fields import line
from portal.access.labels import PAYMENT_EXPORTERS
from portal.access.rules.authorities import LONGEST_NOTICE
from portal.core.i18n import lazy_
from portal.core.text import REPLACEMENT, clean_text

kept = Regexp(f"^[^{REPLACEMENT}]*$", message=lazy_("The name holds a character that cannot be kept. Write it again."))
like_an_address = Regexp(
    r"^[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+$",
    message=lazy_("This is not an e-mail address. Write it like name@example.it."),
)


class VersionedForm(FlaskForm):  # type: ignore[misc]
    """A form that says which version of the row was on the screen."""

    version = IntegerField(lazy_("Version"), validators=[InputRequired()], widget=HiddenInput())

    def take_version(self, version: int) -> None:
        """Go on from the version that is stored now: whoever sends again has been told."""
        self.version.data, self.version.raw_data = version, None


class ParticularsForm(VersionedForm):
    """What an authority is called and where it answers."""

    name = StringField(
        lazy_("Name of the authority"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the name of the authority.")), Length(max=200), kept],
        description=lazy_("It heads every page of its calls, and its agreements."),
    )
    office = StringField(
        lazy_("Office"),
        filters=[line],
        validators=[Length(max=300), kept, Optional()],
        description=lazy_("Who answers for the calls; a call may name another one."),
    )
    rup = StringField(
        lazy_("Officer responsible (RUP)"),
        filters=[line],
        validators=[Length(max=200), kept, Optional()],
        description=lazy_("Shown where a call names nobody."),
    )
    email = EmailField(
        lazy_("E-mail address"), filters=[line], validators=[Optional(), Length(max=320), like_an_address]
    )
    pec = EmailField(
        lazy_("Certified e-mail (PEC)"), filters=[line], validators=[Optional(), Length(max=320), like_an_address]
    )
    register_code = StringField(
        lazy_("Code of the register (AOO)"),
        filters=[line],
        validators=[Optional(), Length(max=16)],
        description=lazy_("As in the IPA index; it stands in the register's mark."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    payment_exporter = SelectField(
        lazy_("How payments leave the portal"),
        choices=[SelectChoice(kind.value, label) for kind, label in PAYMENT_EXPORTERS.items()],
        validators=[InputRequired(lazy_("Choose how payments leave the portal."))],
    )


class ColourForm(VersionedForm):
    """The colour of the head of the page."""

    colour = StringField(
        lazy_("Colour"),
        filters=[line],
        validators=[Length(max=20)],
        description=lazy_("As # and six digits or letters, for example #12392e. Empty: the colour of the portal."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class LogoForm(VersionedForm):
    """The picture beside the name."""

    logo = FileField(
        lazy_("Picture"),
        description=lazy_("PNG or JPG, at most 256 kB; it is shown 32 pixels high, on white."),
        render_kw={"accept": ".png,.jpg,.jpeg"},
    )


class VersionForm(VersionedForm):
    """One button on what was on the screen."""


def _notice(label: object) -> Any:
    return TextAreaField(
        label,
        filters=[lambda text: clean_text(text or "")],
        validators=[Length(max=LONGEST_NOTICE)],
        description=lazy_("Titles with ##, lists with -, links as [words](https://…)."),
    )


class NoticeForm(VersionedForm):
    """The authority's own privacy notice."""

    notice_it = _notice(lazy_("In Italian"))
    notice_en = _notice(lazy_("In English"))

    def notice(self) -> dict[str, str]:
        """Both languages."""
        return {"it": self.notice_it.data or "", "en": self.notice_en.data or ""}


class ProviderForm(VersionedForm):
    """Where people may sign in with SPID or CIE."""

    key = StringField(
        lazy_("Short name"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the short name, for example spid.")), Length(max=32)],
        description=lazy_("Stands in the address: small letters, digits and hyphens, for example spid."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        lazy_("Words on the button"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the words on the button, for example SPID.")), Length(max=100), kept],
    )
    issuer = StringField(
        lazy_("Issuer"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the address of the issuer.")), Length(max=300)],
        description=lazy_("The https address exactly as the provider's discovery document names it."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    client_id = StringField(
        lazy_("Client identifier"),
        filters=[line],
        validators=[DataRequired(lazy_("Write the identifier that the provider gave you.")), Length(max=200)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    secret = PasswordField(
        lazy_("Client secret"),
        validators=[Length(max=200)],
        description=lazy_("Kept sealed and never shown again. On a change, leave it empty to keep the present one."),
        render_kw={"autocomplete": "off"},
    )
    acr_values = StringField(
        lazy_("Levels to ask for (acr_values)"),
        filters=[line],
        validators=[Length(max=300)],
        description=lazy_("Separated by blanks, for example https://www.spid.gov.it/SpidL2. Empty: any level."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    strong_acr = StringField(
        lazy_("Levels that count as a second factor"),
        filters=[line],
        validators=[Length(max=300)],
        description=lazy_("Separated by blanks. Empty: none does."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    fiscal_claim = StringField(
        lazy_("Claim with the codice fiscale"),
        filters=[line],
        default="fiscal_number",
        validators=[DataRequired(lazy_("Write the name of the claim.")), Length(max=100)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
