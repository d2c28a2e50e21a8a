"""Forms of final accounts."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.i18n import lazy_
from portal.grants.forms import tidy
from portal.payments.closing.operations import ActTyped
from portal.payments.closing.rules import LONGEST_NOTE
from portal.payments.forms import Day


class PrepareForm(FlaskForm):  # type: ignore[misc]
    """The account, bound to the figures that were shown."""

    seen = HiddenField()
    note = TextAreaField(
        lazy_("Note"), description=lazy_("The recipient reads it in the letter."),
        validators=[Optional(), Length(max=LONGEST_NOTE)],
    )  # fmt: skip


class ApproveForm(FlaskForm):  # type: ignore[misc]
    """The act."""

    version = HiddenField()
    act_number = StringField(
        lazy_("Number of the act"), filters=[tidy], validators=[InputRequired(lazy_("Write the number of the act."))]
    )
    act_date = Day(lazy_("Day of the act"), validators=[InputRequired(lazy_("Write the day of the act."))])

    def typed(self) -> ActTyped:
        """What was typed; a version that is none is one that no account has."""
        text = self.version.data or ""
        version = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
        return ActTyped(self.act_number.data, self.act_date.data, version)


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why it is taken back."""

    reason = TextAreaField(
        lazy_("Reason"),
        validators=[InputRequired(lazy_("Write why it is taken back.")), Length(max=LONGEST_NOTE)],
    )
