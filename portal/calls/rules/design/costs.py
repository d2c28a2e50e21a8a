"""Which costs a call bears, and how they are shown to be borne (`domain.md` §1.6, §4.3)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.questionnaires.rules.design import Exact, Text


class CostKind(StrEnum):
    """What money is spent on; some kinds belong to another programme (R2-R6)."""

    STAFF = "staff"
    COLLABORATORS = "collaborators"
    SERVICES = "services"
    EQUIPMENT = "equipment"
    PREMISES = "premises"
    COMMUNICATION = "communication"
    INCORPORATION = "incorporation"
    GUARANTEE = "guarantee"
    INSURANCE = "insurance"
    ALLOWANCES = "allowances"
    INDIRECT = "indirect"
    OTHER = "other"
    FOOD = "food"
    WORKS = "works"
    SUPPLIES = "supplies"
    SYSTEM_ACTIONS = "system_actions"
    LOW_THRESHOLD = "low_threshold"
    VOLUNTEERS = "volunteers"
    RECOVERABLE_VAT = "recoverable_vat"
    INTEREST_FINES = "interest_fines"


class CostForm(StrEnum):
    """How a cost is accounted for: by invoices, or by one of the simplified options (Reg. 2021/1060, art. 53)."""

    REAL = "real"
    UNIT_COST = "unit_cost"
    LUMP_SUM = "lump_sum"
    FLAT_RATE = "flat_rate"


class FlatRate(StrEnum):
    """Flat rates of the Regulation (art. 54-56): what is computed, and from which base."""

    INDIRECT_OF_DIRECT = "indirect_of_direct"
    INDIRECT_OF_STAFF = "indirect_of_staff"
    INDIRECT_BY_METHOD = "indirect_by_method"
    STAFF_OF_OTHER = "staff_of_other"
    OTHER_OF_STAFF = "other_of_staff"


class Period(StrEnum):
    """The programming period whose rules hold."""

    FROM_2014 = "2014-2020"
    FROM_2021 = "2021-2027"


@dataclass(frozen=True)
class CostCategory(Exact):
    """A kind of cost, whether it is eligible, and up to which share of the total cost (per cent).

    `option`: the key of the option by which it is counted; by invoices where nothing is said.
    """

    key: str
    name: Text
    kind: CostKind
    eligible: bool = True
    most: Decimal | None = None
    note: Text | None = None
    option: str | None = None


@dataclass(frozen=True)
class CostOption(Exact):
    """A way in which costs are accounted for: `rate` per cent of a base, or `amount` euro for each unit or result."""

    key: str
    name: Text
    form: CostForm
    flat_rate: FlatRate | None = None
    rate: Decimal | None = None
    amount: Decimal | None = None
    unit: Text | None = None
    method: Text | None = None


@dataclass(frozen=True)
class CostRules(Exact):
    """The costs of a call.

    `is_operation`: each grant is itself the operation that the fund supports; then `operation_total` (euro) decides
    whether simplified options are a duty (art. 53(2)): at most 200 000, and no State aid.
    """

    categories: list[CostCategory] = field(default_factory=list)
    options: list[CostOption] = field(default_factory=list)
    period: Period | None = None
    is_operation: bool = False
    operation_total: Decimal | None = None
    eligible_from: date | None = None
    eligible_until: date | None = None
    linked_axis4_operation: str | None = None
