"""The shape of what coaches, teams and officers type; the rules are with the operations."""

from portal.coaching.forms.answers import DisputeForm, WithdrawForm
from portal.coaching.forms.choices import MultiCheckboxField
from portal.coaching.forms.log import SessionForm, values_of

__all__ = ["DisputeForm", "MultiCheckboxField", "SessionForm", "WithdrawForm", "values_of"]
