"""Reading grants, and the legal entities that groups became."""

from portal.grants.queries.awarding import (
    Awarding,
    AwardPlan,
    BudgetEffect,
    effect_of,
    effects_on,
    has_open_reserve,
    money_and_lines,
    plan_of_award,
    reserved_among,
    rows_to_award,
    waiting_rows,
)
from portal.grants.queries.due import between_phases
from portal.grants.queries.entities import (
    deed_of,
    group_of,
    incorporation_of,
    must_become_entity,
    organisation_with_fiscal_code,
)
from portal.grants.queries.grants import (
    GrantMoney,
    budget_line,
    call_by_slug,
    file_of_grant,
    grant_of_application,
    grant_to_change,
    grant_to_read,
    grants_of_call,
    is_of_the_team,
    money_of,
    money_of_call,
    people_of,
    ranking_row,
)
from portal.grants.queries.publications import publications_of
from portal.grants.queries.stepping import StepState, step_file, steps_of
from portal.grants.queries.steps import ACTION_OF, asks, due_steps
from portal.grants.queries.terms import missed_terms

__all__ = [
    "ACTION_OF",
    "AwardPlan",
    "Awarding",
    "BudgetEffect",
    "GrantMoney",
    "StepState",
    "asks",
    "between_phases",
    "budget_line",
    "call_by_slug",
    "deed_of",
    "due_steps",
    "effect_of",
    "effects_on",
    "file_of_grant",
    "grant_of_application",
    "grant_to_change",
    "grant_to_read",
    "grants_of_call",
    "group_of",
    "has_open_reserve",
    "incorporation_of",
    "is_of_the_team",
    "missed_terms",
    "money_and_lines",
    "money_of",
    "money_of_call",
    "must_become_entity",
    "organisation_with_fiscal_code",
    "people_of",
    "plan_of_award",
    "publications_of",
    "ranking_row",
    "reserved_among",
    "rows_to_award",
    "step_file",
    "steps_of",
    "waiting_rows",
]
