"""The form of a limit."""

from collections.abc import Iterable
from uuid import UUID

from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField

from portal.access.models import Person
from portal.core.i18n import lazy_
from portal.payments.amounts import MoneyField

EVERYBODY = ""


class LimitForm(FlaskForm):  # type: ignore[misc]
    """Whose limit, and how much."""

    person = SelectField(
        lazy_("Whose limit"), description=lazy_("A limit of one's own stands before that of everybody.")
    )
    amount = MoneyField(
        lazy_("The most that is released in a day"), description=lazy_("Gross. Empty: no limit; 0: nothing at all.")
    )

    def offer(self, people: Iterable[Person]) -> "LimitForm":
        """The finance approvers of the authority."""
        everybody = SelectChoice(EVERYBODY, lazy_("everybody without a limit of their own"))
        self.person.choices = [everybody, *(SelectChoice(str(each.id), each.name) for each in people)]
        return self

    def person_id(self) -> UUID | None:
        """Who was chosen; None for everybody."""
        return UUID(self.person.data) if self.person.data else None
