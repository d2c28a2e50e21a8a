"""The shape of what is typed on the pages of grants; the rules are with the operations."""

from typing import Any
from uuid import UUID

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

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
    people_joined = IntegerField(
        lazy_("Founders of the deed who were not of the group"), validators=[Optional(), NumberRange(min=0, max=99)]
    )
    people_left = IntegerField(
        lazy_("People of the group who are not among the founders"),
        validators=[Optional(), NumberRange(min=0, max=99)],
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


class StepForm(FlaskForm):  # type: ignore[misc]
    """A step to the legal entity, with its evidence."""

    note = StringField(
        lazy_("What was done"), description=lazy_("In a sentence."), filters=[tidy], validators=[Length(max=500)]
    )
    file = FileField(
        lazy_("File"),
        description=lazy_("PDF, signed PDF (p7m) or picture, at most 10 MB."),
        render_kw={"accept": ".pdf,.p7m,.png,.jpg"},
    )


class PublicationForm(FlaskForm):  # type: ignore[misc]
    """What is published of a grant beside what stands on it."""

    legal_basis = StringField(
        lazy_("Legal basis"),
        description=lazy_("The law or the act on which the grant stands."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the law or the act on which the grant stands.")), Length(max=300)],
    )
    summary = TextAreaField(
        lazy_("The project in a few words"),
        description=lazy_("Everybody reads it: write nothing about persons."),
        validators=[InputRequired(lazy_("Write what the project is.")), Length(max=2000)],
    )
    cv_url = StringField(
        lazy_("Address of the curriculum of who was engaged"),
        description=lazy_("Only where the grant engages somebody: where their curriculum is published (https://…)."),
        filters=[tidy],
        validators=[Length(max=300)],
    )
    is_withheld = BooleanField(
        lazy_("Leave out the name of the group: from it one could infer people in distress (art. 26, c. 4)")
    )
