"""Forms of sending: declarations and stamp, the confirmation, the annulment of an entry; the call says which parts."""

from collections.abc import Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.access.models import Person
from portal.applications.sending import DAY, NUMBER, STAMP, STAMPED, Given
from portal.calls.rules import Declaration, SendingRules, StampExemption
from portal.core.i18n import _, in_language, lazy_


class DeclaredField(SelectMultipleField):  # type: ignore[misc]
    """Declarations, accepted one by one."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SendForm(FlaskForm):  # type: ignore[misc]
    """What goes with the press of "send", where the call asks for it; `seen` is the draft that the page showed."""

    seen = HiddenField()
    declared = DeclaredField(lazy_("Declarations"))
    stamp = RadioField(lazy_("Stamp duty"), validate_choice=False)
    stamp_number = StringField(
        lazy_("Identifier of the stamp"), description=lazy_("Only where there is one: 14 digits, printed on the stamp.")
    )
    stamp_day = DateField(lazy_("Day of the stamp"), description=lazy_("Printed on it."), validators=[Optional()])

    @property
    def given(self) -> Given:
        """As the operation receives it."""
        declared, stamp, number, day = (
            field.data if field is not None else None
            for field in (self.declared, self.stamp, self.stamp_number, self.stamp_day)
        )
        return Given(frozenset(declared or ()), stamp or "", number or "", day, self.seen.data or "")


def send_form(rules: SendingRules, formdata: Any = None, *, declared_already: bool = False) -> SendForm:
    """The form of a call: what it does not ask for is not there."""
    form = SendForm(formdata)
    form.declared.choices = [SelectChoice(each.key, _declaration(each)) for each in rules.declarations]
    if not rules.declarations or declared_already:
        del form.declared
    if rules.stamp_duty is None:
        for name in (STAMP, NUMBER, DAY):
            del form[name]
        return form
    amount = f"{rules.stamp_duty.amount:.2f}".replace(".", ",")
    stamped = SelectChoice(STAMPED, lazy_("A stamp (marca da bollo) of € %(amount)s", amount=amount))
    form.stamp.choices = [stamped, *(SelectChoice(each.key, _exempt(each)) for each in rules.stamp_duty.exemptions)]
    return form


def _declaration(each: Declaration) -> str:
    return f"{in_language(each.text)} ({each.article})"


def _exempt(each: StampExemption) -> str:
    return str(_("Exempt: %(who)s (%(article)s)", who=in_language(each.name), article=each.article))


class SignOffForm(FlaskForm):  # type: ignore[misc]
    """What somebody confirms: the draft that the page showed, and its declarations."""

    seen = HiddenField()
    declared = DeclaredField(lazy_("Declarations"))


def sign_off_form(rules: SendingRules, formdata: Any = None) -> SignOffForm:
    """The form of a call."""
    form = SignOffForm(formdata)
    form.declared.choices = [SelectChoice(each.key, _declaration(each)) for each in rules.declarations]
    if not rules.declarations:
        del form.declared
    return form


class AskSignOffForm(FlaskForm):  # type: ignore[misc]
    """Who is asked to confirm."""

    person = RadioField(lazy_("Who confirms?"), validators=[InputRequired(lazy_("Choose who confirms."))])

    def offer(self, people: Sequence[Person]) -> "AskSignOffForm":
        """Those who represent the applicant; the only one is chosen already."""
        self.person.choices = [SelectChoice(str(each.id), each.name) for each in people]
        if len(people) == 1 and not self.person.data:
            self.person.data = str(people[0].id)
        return self


class AnnulmentForm(FlaskForm):  # type: ignore[misc]
    """By which act an entry of the register is annulled, and why."""

    act_number = StringField(
        lazy_("Number of the act"), validators=[InputRequired(lazy_("Write the number of the act.")), Length(max=80)]
    )
    act_date = DateField(lazy_("Date of the act"), validators=[InputRequired(lazy_("Write the date of the act."))])
    reason = TextAreaField(
        lazy_("Reason"),
        description=lazy_("It stays in the register beside the entry."),
        validators=[InputRequired(lazy_("Write the reason: it stays in the register.")), Length(max=2000)],
    )
