"""The form that adds money to a budget line."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from portal.calls.forms import ReasonedActForm
from portal.core.i18n import lazy_


class BudgetForm(ReasonedActForm):
    """Which line, how much, by which act and why."""

    line = SelectField(lazy_("Budget line"), validators=[InputRequired(lazy_("Choose a budget line of this call."))])
    amount = StringField(
        lazy_("Money to add (EUR)"),
        validators=[InputRequired(lazy_("Write the amount, for example 50.000,00."))],
        description=lazy_("For example 50.000,00. It comes from the fund of the call."),
    )
