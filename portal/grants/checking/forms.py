"""The shape of a finding on a check, and of the seed of a sample."""

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.calls.rules import GrantCheck
from portal.core.i18n import lazy_
from portal.documents.operations import Arrived
from portal.grants.checking.labels import OUTCOMES
from portal.grants.checking.operations import LONGEST_NOTE, LONGEST_REFERENCE, CheckTyped
from portal.grants.checking.rules import READ, CheckOutcome
from portal.grants.forms import tidy


class CheckForm(FlaskForm):  # type: ignore[misc]
    """What was found on one check."""

    outcome = RadioField(
        lazy_("What was found"),
        choices=[SelectChoice(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(lazy_("Say what was found."))],
    )
    issued_on = DateField(
        lazy_("Date of what was looked at"),
        description=lazy_("The date of the document, or the day on which a register was consulted."),
        validators=[InputRequired(lazy_("Write the date, day month year."))],
    )
    reference = StringField(
        lazy_("Where it was looked at"),
        description=lazy_("For example the number of a document, or the name of a register."),
        filters=[tidy],
        validators=[Optional(), Length(max=LONGEST_REFERENCE)],
    )
    valid_until = DateField(
        lazy_("Last day of validity, if the document says one"),
        description=lazy_("Empty: the days that the call declares, or no expiry."),
        validators=[Optional()],
    )
    note = TextAreaField(
        lazy_("Reason or note"),
        description=lazy_("Needed where the check is negative, or not due."),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )
    file = FileField(
        lazy_("File"),
        description=lazy_("PDF, signed PDF (p7m) or picture, at most 10 MB."),
        render_kw={"accept": ".pdf,.p7m,.png,.jpg"},
    )

    def fit(self, check: GrantCheck) -> "CheckForm":
        """Offer what this check admits: of a fact that is read elsewhere only why it is not due."""
        if check.kind in READ:
            only = CheckOutcome.NOT_DUE
            self.outcome.choices = [SelectChoice(only.value, OUTCOMES[only])]
        return self

    def typed(self, file: Arrived | None) -> CheckTyped:
        """What was typed."""
        given: dict[str, Any] = {name: self[name].data or "" for name in ("reference", "note")}
        outcome = CheckOutcome(self.outcome.data)
        return CheckTyped(outcome, self.issued_on.data, valid_until=self.valid_until.data, file=file, **given)


class SampleForm(FlaskForm):  # type: ignore[misc]
    """The seed of a draw."""

    seed = StringField(
        lazy_("Seed"),
        description=lazy_("Better the outcome of a public draw, such as a lottery: then anybody repeats it."),
        filters=[tidy],
        validators=[InputRequired(lazy_("Write the seed.")), Length(max=200)],
    )
