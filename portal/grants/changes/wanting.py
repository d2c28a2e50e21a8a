"""The shape of each kind of request: what is typed, and the change that it makes."""

from typing import Any

from wtforms import DateField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from portal.core.counts import format_count, parse_count
from portal.core.errors import Invalid
from portal.core.i18n import in_language, lazy_
from portal.core.instants import format_day
from portal.core.money import format_cents, format_money
from portal.core.text import clean_line
from portal.grants.changes.forms import DAY, NEEDED, WithReason, cents_of
from portal.grants.changes.rules import (
    AmendmentKind,
    BudgetShift,
    Change,
    Extension,
    MilestoneChange,
    Partner,
    PartnerChange,
    Plan,
)


class ShiftForm(WithReason):
    """From one category to another."""

    source = SelectField(lazy_("From the category"))
    target = SelectField(lazy_("To the category"))
    cents = StringField(lazy_("Amount (euro)"), validators=[InputRequired(NEEDED)])

    def offer(self, plan: Plan) -> None:
        """The categories of the budget, with what each holds."""
        choices = [
            SelectChoice(each.key, f"{in_language(each.name)} ({format_money(each.cents)})") for each in plan.budget
        ]
        self.source.choices = self.target.choices = choices

    def change(self) -> Change:
        """What is asked. Raises Invalid for an amount that is none."""
        try:
            return BudgetShift(self.source.data, self.target.data, cents_of(self.cents.data))
        except Invalid as fault:
            raise Invalid(fault.message, "cents") from fault

    def show(self, change: Change) -> None:
        """What was asked before."""
        if isinstance(change, BudgetShift):
            self.source.data, self.target.data = change.source, change.target
            self.cents.data = format_cents(change.cents)


class ExtensionForm(WithReason):
    """A later end."""

    ends_on = DateField(lazy_("New end of the project"), validators=DAY)

    def offer(self, plan: Plan) -> None:
        """The end in force."""
        if plan.ends_on:
            self.ends_on.description = lazy_("Now: %(day)s.", day=format_day(plan.ends_on))

    def change(self) -> Change:
        """What is asked."""
        return Extension(self.ends_on.data)

    def show(self, change: Change) -> None:
        """What was asked before."""
        if isinstance(change, Extension):
            self.ends_on.data = change.ends_on


class PartnerForm(WithReason):
    """Who leaves, who comes."""

    leaves = SelectField(lazy_("Partner that leaves"), validators=[Optional()])
    enters_name = StringField(lazy_("Partner that comes: name"), validators=[Optional(), Length(max=200)])
    enters_code = StringField(lazy_("Partner that comes: fiscal code"), validators=[Optional(), Length(max=16)])

    def offer(self, plan: Plan) -> None:
        """The partners of the plan."""
        names = [SelectChoice(each.name, each.name) for each in plan.partners]
        self.leaves.choices = [SelectChoice("", lazy_("none")), *names]

    def change(self) -> Change:
        """What is asked."""
        name, code = clean_line(self.enters_name.data or ""), clean_line(self.enters_code.data or "")
        return PartnerChange(self.leaves.data or "", Partner(name, code) if name else None)

    def show(self, change: Change) -> None:
        """What was asked before."""
        if isinstance(change, PartnerChange):
            self.leaves.data = change.leaves
            enters = change.enters or Partner("")
            self.enters_name.data, self.enters_code.data = enters.name, enters.fiscal_code


class MilestoneForm(WithReason):
    """Another title, another day, another target of one indicator."""

    key = SelectField(lazy_("Milestone"))
    title = StringField(lazy_("Title"), validators=[InputRequired(NEEDED), Length(max=200)])
    due_on = DateField(lazy_("By when"), validators=DAY)
    target_of = SelectField(
        lazy_("Indicator whose target changes"),
        description=lazy_("One of the milestone chosen above; one a request."),
        validators=[Optional()],
    )
    target = StringField(lazy_("New target"), validators=[Optional(), Length(max=30)])

    def offer(self, plan: Plan) -> None:
        """The milestones of the plan, and what each counts."""
        told = ((each.key, f"{each.title} ({format_day(each.due_on)})") for each in plan.milestones)
        self.key.choices = [SelectChoice(key, words) for key, words in told]
        self.target_of.choices = [SelectChoice("", lazy_("none")), *(
            SelectChoice(f"{each.key}.{target.key}",
                         f"{each.title}: {in_language(target.name)} ({format_count(target.hundredths)})")
            for each in plan.milestones for target in each.targets
        )]  # fmt: skip
        if len(self.target_of.choices) == 1:
            del self.target_of, self.target

    def change(self) -> Change:
        """What is asked. Raises Invalid for a target that is no number, or of another milestone."""
        return MilestoneChange(self.key.data, clean_line(self.title.data), self.due_on.data, self._targets())

    def _targets(self) -> tuple[tuple[str, int], ...]:
        chosen = self.target_of.data if self.target_of else ""
        if not chosen:
            return ()
        milestone, _dot, key = chosen.partition(".")
        if milestone != self.key.data:
            raise Invalid(lazy_("Choose an indicator of this milestone."), "target_of")
        return ((key, parse_count(self.target.data or "", "target")),)

    def show(self, change: Change) -> None:
        """What was asked before."""
        if isinstance(change, MilestoneChange):
            self.key.data, self.title.data, self.due_on.data = change.key, change.title, change.due_on
            for key, hundredths in change.targets if self.target_of else ():
                self.target_of.data, self.target.data = f"{change.key}.{key}", format_count(hundredths)


FORMS: dict[AmendmentKind, Any] = {
    AmendmentKind.BUDGET_SHIFT: ShiftForm,
    AmendmentKind.EXTENSION: ExtensionForm,
    AmendmentKind.PARTNER: PartnerForm,
    AmendmentKind.MILESTONE: MilestoneForm,
}
TYPED = {
    AmendmentKind.BUDGET_SHIFT: ("source", "target", "cents"),
    AmendmentKind.EXTENSION: ("ends_on",),
    AmendmentKind.PARTNER: ("leaves", "enters_name", "enters_code"),
    AmendmentKind.MILESTONE: ("key", "title", "due_on", "target_of", "target"),
}
"""The fields of each form that say what changes."""


def typed_names(form: Any, kind: AmendmentKind) -> tuple[str, ...]:
    """Those of them that the form of this plan has: where nothing is counted, no target is asked."""
    return tuple(name for name in TYPED[kind] if name in form)
