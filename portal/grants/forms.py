"""The shape of what is typed on the pages of grants; the rules are with the operations."""

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.access.rules import ENTITY_FORMS
from portal.core.errors import NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.grants.labels import LEGAL_FORMS

ACCEPT = {"accept": ".pdf,.p7m"}


def tidy(text: Any) -> Any:
    """One line without what nobody can see."""
    return clean_line(text) if isinstance(text, str) else text


class AwardForm(FlaskForm):  # type: ignore[misc]
    """The act by which every funded application of a ranking gets its grant."""

    ranking_id = HiddenField()
    act_number = StringField(
        lazy_("Number of the act of award"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)],
    )
    act_date = DateField(
        lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act, day month year."))]
    )

    def ranking(self) -> UUID:
        """The ranking whose effect was shown; NotFound for anything else."""
        try:
            return UUID(self.ranking_id.data or "")
        except ValueError:
            raise NotFound from None


class VerificationForm(FlaskForm):  # type: ignore[misc]
    """What the office has checked before the agreement."""

    declarations = BooleanField(
        lazy_("The declarations of the application were checked (art. 71 of DPR 445/2000)"),
        validators=[InputRequired(lazy_("Tick it once the declarations are checked."))],
    )
    state_aid = BooleanField(
        lazy_("The register of State aid was consulted"),
        validators=[InputRequired(lazy_("Tick it once the register was consulted."))],
    )
    exclusions = BooleanField(
        lazy_("No ground for exclusion was found"),
        validators=[InputRequired(lazy_("Tick it once no ground for exclusion is left."))],
    )

    def ticked(self) -> tuple[str, ...]:
        """The names of the checks made."""
        return tuple(name for name in ("declarations", "state_aid", "exclusions") if self[name].data)


class IncorporationForm(FlaskForm):  # type: ignore[misc]
    """The legal entity that the group has become."""

    name = StringField(
        lazy_("Name of the entity, as in the deed"),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the name of the entity.")), Length(max=200)],
    )
    legal_form = SelectField(
        lazy_("Legal form"),
        choices=[SelectChoice(form.value, LEGAL_FORMS[form]) for form in ENTITY_FORMS],
        coerce=str,
    )
    fiscal_code = StringField(
        lazy_("Fiscal code of the entity"),
        description=lazy_("11 digits, on the certificate of the revenue agency."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the fiscal code of the entity.")), Length(max=20)],
    )
    incorporated_on = DateField(
        lazy_("Date of the deed"), validators=[InputRequired(lazy_("Write the date of the deed, day month year."))]
    )
    deed = FileField(
        lazy_("Deed of incorporation with the statute"),
        description=lazy_("PDF or signed PDF (p7m), at most 10 MB."),
        render_kw=ACCEPT,
    )


class CupForm(FlaskForm):  # type: ignore[misc]
    """The CUP."""

    cup = StringField(
        lazy_("CUP"),
        description=lazy_("15 characters, for example F79D19000030007."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the CUP.")), Length(max=30)],
        render_kw={"autocomplete": "off"},
    )


class SignForm(FlaskForm):  # type: ignore[misc]
    """The copy of the agreement signed by the legal representative."""

    signed_copy = FileField(
        lazy_("Signed copy of the agreement"),
        description=lazy_(
            "The PDF above, signed by hand and scanned, or signed digitally (PDF or p7m), at most 10 MB."
        ),
        render_kw=ACCEPT,
    )
