"""The shape of what a project tells after its end; the rules are with the operations."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.coaching.followup.labels import SOURCES
from portal.coaching.followup.operations import Given
from portal.coaching.followup.rules import LONGEST_HELPED, IncomeSource
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.money import parse_amount

YES, NO = "yes", "no"


class MoneyField(StringField):  # type: ignore[misc]
    """An amount, as its component shows it."""


class FollowUpForm(FlaskForm):  # type: ignore[misc]
    """Is it alive, with which income, with how many people at work, and what helped."""

    is_alive = RadioField(
        lazy_("Does the project go on?"),
        description=lazy_("Also in another form or place, if it does the same for the same people."),
        choices=[SelectChoice(YES, lazy_("Yes")), SelectChoice(NO, lazy_("No"))],
        validators=[InputRequired(lazy_("Say whether the project goes on."))],
    )
    sales = MoneyField(SOURCES[IncomeSource.SALES])
    public_contracts = MoneyField(SOURCES[IncomeSource.PUBLIC_CONTRACTS])
    grants = MoneyField(SOURCES[IncomeSource.GRANTS])
    donations = MoneyField(SOURCES[IncomeSource.DONATIONS])
    members = MoneyField(SOURCES[IncomeSource.MEMBERS])
    other = MoneyField(SOURCES[IncomeSource.OTHER])
    jobs = IntegerField(
        lazy_("People paid for their work in the project"),
        description=lazy_("On the day you answer, however many hours they work."),
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )
    disadvantaged = IntegerField(
        lazy_("Of them, disadvantaged workers"),
        description=lazy_("A number alone: never write who they are. Small numbers are not published."),
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )
    helped = TextAreaField(
        lazy_("What helped most, or was missing"),
        description=lazy_("Please name nobody."),
        validators=[Length(max=LONGEST_HELPED)],
    )

    def given(self) -> Given:
        """What was typed; Invalid for an amount that cannot be read, with its field."""
        income = {source: self._cents(source) for source in IncomeSource}
        return Given(
            is_alive=self.is_alive.data == YES,
            income=income,
            jobs=self.jobs.data or 0,
            disadvantaged=self.disadvantaged.data or 0,
            helped=self.helped.data or "",
        )

    def _cents(self, source: IncomeSource) -> int:
        text = (self[source.value].data or "").strip()
        if not text:
            return 0
        try:
            return parse_amount(text)
        except Invalid as refusal:
            raise Invalid(refusal.message, source.value) from refusal
