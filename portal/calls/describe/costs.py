"""Costs and simplified options, in words."""

from portal.calls.describe.row import KEY, Row, Rows
from portal.calls.rules.design import CostCategory, CostOption, CostRules
from portal.core.i18n import lazy_

ROWS: Rows = {
    CostCategory: {
        "key": KEY,
        "name": Row(lazy_("Name of the cost"), lazy_("As the cost plan names it.")),
        "kind": Row(lazy_("Kind of cost"), lazy_("Decides which programme may bear it.")),
        "eligible": Row(lazy_("Eligible"), lazy_("Whether this call bears it.")),
        "most": Row(lazy_("Ceiling (per cent)"), lazy_("Of the total cost.")),
        "note": Row(lazy_("Note"), lazy_("What is and what is not in it, or where such a cost belongs.")),
        "option": Row(lazy_("Counted by"), lazy_("One of the simplified cost options; by invoices where none is.")),
    },
    CostOption: {
        "key": KEY,
        "name": Row(lazy_("Name of the option"), lazy_("As beneficiaries will read it.")),
        "form": Row(lazy_("Form of accounting"), lazy_("Invoices, unit costs, a lump sum or a flat rate.")),
        "flat_rate": Row(
            lazy_("Kind of flat rate"), lazy_("What is computed and from which base (Reg. 2021/1060, art. 54-56).")
        ),
        "rate": Row(lazy_("Rate (per cent)"), lazy_("No more than the Regulation allows.")),
        "amount": Row(lazy_("Amount (euro)"), lazy_("For each unit, or for the result.")),
        "unit": Row(lazy_("Unit or result"), lazy_("What the amount is paid for.")),
        "method": Row(lazy_("Method of calculation"), lazy_("Where the rate or the amount needs one.")),
    },
    CostRules: {
        "categories": Row(lazy_("Kinds of cost"), lazy_("Those the call bears, and those it does not.")),
        "options": Row(lazy_("Simplified cost options"), lazy_("How costs are shown to be borne.")),
        "period": Row(lazy_("Programming period"), lazy_("Whose rules hold.")),
        "is_operation": Row(
            lazy_("The grant is the operation"),
            lazy_("Each grant is itself the operation that the European fund supports."),
        ),
        "operation_total": Row(
            lazy_("Total cost of the operation (euro)"),
            lazy_("Up to 200 000 euro, simplified options are a duty unless it is State aid."),
        ),
        "eligible_from": Row(lazy_("Costs eligible from"), lazy_("The first day on which a cost counts.")),
        "eligible_until": Row(lazy_("Costs eligible until"), lazy_("The last day on which a cost counts.")),
        "linked_axis4_operation": Row(
            lazy_("Linked operation of Axis 4"), lazy_("The ERDF operation that bears works and supplies.")
        ),
    },
}
