"""Calls that ask for people and for kinds of cost, and what is typed into them."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.applications import operations
from portal.applications.models import Application
from portal.applications.queries import open_draft
from portal.calls.rules import (
    ApplicantRule,
    CallDesign,
    CostCategory,
    CostForm,
    CostKind,
    CostOption,
    CostRules,
    FlatRate,
    Questionnaire,
)
from portal.questionnaires.rules import Option, Question, QuestionType, Section
from tests.factories.applications import World, make_draft
from tests.factories.base import bari_design
from tests.factories.questionnaires import text

T = QuestionType
FOOD = CostCategory("food", text("Alimenti"), CostKind.FOOD, eligible=False)
TOOLS = CostCategory("tools", text("Attrezzature"), CostKind.EQUIPMENT, most=Decimal(30))
STAFF = CostCategory("staff", text("Personale"), CostKind.STAFF)


def people_question(**given: Any) -> Question:
    """Who they are: name, birth, and who represents them."""
    columns = [
        Question("name", T.TEXT, text("Nome"), required=True),
        Question("born_on", T.DATE, text("Nascita")),
        Question("represents", T.YES_NO, text("Rappresenta"), tag="team.representative"),
    ]
    return Question("team", T.PEOPLE, text("Persone"), required=True, tag="team.members", questions=columns, **given)


def costs_question() -> Question:
    """A table of costs that asks for the kind of each."""
    options = [Option(each.key, each.name) for each in (STAFF, TOOLS, FOOD)]
    columns = [
        Question("kind", T.CHOICE, text("Voce"), required=True, options=options, tag="cost.category"),
        Question("amount", T.MONEY, text("Importo"), required=True, tag="budget.cost", total=True),
    ]
    return Question("costs", T.TABLE, text("Costi"), required=True, questions=columns)


def dutiful_design(*, rule: dict[str, Any] | None = None, **given: Any) -> CallDesign:
    """A call for groups (and consortia) with a team, a title, a budget by kind of cost and an amount in kind."""
    design = bari_design()
    group = next(each for each in design.applicants if each.kind == "informal_group")
    section = Section(
        "all",
        text("Tutto"),
        [
            Question("title", T.TEXT, text("Titolo"), required=True, tag="application.title"),
            people_question(),
            costs_question(),
            Question("requested", T.MONEY, text("Richiesto"), required=True, tag="budget.requested"),
            Question("in_kind", T.MONEY, text("In natura"), tag="cofinancing.in_kind"),
        ],
    )
    together = ApplicantRule(
        kind="consortium", forms=["temporary_association"], minimum=Decimal(15000), maximum=Decimal(40000),
        cofinancing=Decimal(15),
    )  # fmt: skip
    parts: dict[str, Any] = {
        "applicants": [replace(each, **(rule or {})) for each in (group, together)],
        "questionnaire": Questionnaire([section]), "documents_requested": [], "areas": [], "areas_required": False,
        "budget_lines": [replace(design.budget_lines[0], area=None, key="all", amount=Decimal(2_564_000))],
        "costs": CostRules(categories=[STAFF, TOOLS, FOOD]), "eligibility": [],
        "criteria": [replace(each, questions=[]) for each in design.criteria],
    }  # fmt: skip
    return replace(design, **(parts | given))


ANNA = {"name": "Anna Neri", "born_on": "2000-05-01", "represents": "yes"}
BICE = {"name": "Bice Bo", "born_on": "2001-06-02", "represents": "no"}
TYPED: dict[str, Any] = {
    "title": "Un orto", "team": [ANNA, BICE], "requested": "20.000,00",
    "costs": [{"kind": "staff", "amount": "20.000,00"}, {"kind": "tools", "amount": "5.000,00"}],
}  # fmt: skip
"""What is typed for an application that can be sent."""


class Dutiful(World):
    """A group that applies to a call with duties."""

    def __init__(self, session: Session, now: datetime, **design: Any) -> None:
        super().__init__(
            session, now, informal=True, slug="doveri", design=design.pop("whole", None) or dutiful_design(**design)
        )

    def write(self, application: Application, **typed: Any) -> None:
        """Answer everything at once."""
        base = {key: answer.version for key, answer in open_draft(self.session, application).answers.items()}
        operations.save_answers(
            self.session, application=application, section_key="all", typed=TYPED | typed, base=base,
            actor=self.actor, now=self.now,
        )  # fmt: skip

    def begin(self, **typed: Any) -> Application:
        """A draft with its answers."""
        application = make_draft(
            self.session, self.call, self.organisation, by=self.actor, now=self.now, whole=False
        )  # fmt: skip
        self.write(application, **typed)
        return application

    def messages(self, application: Application) -> list[str]:
        """What keeps it from being sent."""
        return [str(fault.message) for fault in open_draft(self.session, application).assessment.faults]


HOURS = CostCategory("hours", text("Ore di tutor"), CostKind.COLLABORATORS, option="hour")
FAIR = CostCategory("fair", text("Festa finale"), CostKind.SERVICES, option="fair")
OVERHEAD = CostCategory("overhead", text("Costi indiretti"), CostKind.INDIRECT, option="seven")
HOUR = CostOption("hour", text("Ora"), CostForm.UNIT_COST, amount=Decimal("25.50"), unit={"it": "ora", "en": "hour"})
FESTIVAL = CostOption("fair", text("Festa"), CostForm.LUMP_SUM, amount=Decimal(1000), unit=text("festa tenuta"))
SEVEN = CostOption(
    "seven", text("Indiretti"), CostForm.FLAT_RATE, flat_rate=FlatRate.INDIRECT_OF_DIRECT, rate=Decimal(7)
)
PRICED = CostRules(categories=[STAFF, TOOLS, HOURS, FAIR, OVERHEAD, FOOD], options=[HOUR, FESTIVAL, SEVEN])
"""Staff and tools by invoices, hours by a unit cost, a fair as a lump sum, indirect costs as a flat rate."""


def priced_table(costs: CostRules = PRICED) -> Question:
    """A table of costs in which every option can be computed."""
    options = [Option(each.key, each.name) for each in costs.categories]
    columns = [
        Question("kind", T.CHOICE, text("Voce"), required=True, options=options, tag="cost.category"),
        Question("item", T.TEXT, text("Descrizione"), required=True),
        Question("quantity", T.NUMBER, text("Quantità"), required=True, decimals=2, tag="budget.quantity"),
        Question("unit_cost", T.MONEY, text("Costo unitario"), required=True, tag="budget.unit_cost"),
        Question("cost", T.MONEY, text("Costo"), formula="quantity * unit_cost", tag="budget.cost", total=True),
    ]
    return Question("costs", T.TABLE, text("Costi"), required=True, questions=columns, min_rows=1, max_rows=60)


def priced_design(costs: CostRules = PRICED, **given: Any) -> CallDesign:
    """A call for groups whose budget is computed by simplified options."""
    design = dutiful_design(costs=costs, **given)
    (section,) = design.questionnaire.sections
    questions = [priced_table(costs) if each.key == "costs" else each for each in section.questions]
    return replace(design, questionnaire=Questionnaire([replace(section, questions=questions)]))


def cost_row(kind: str, quantity: str = "1", unit_cost: str = "", item: str = "Voce") -> dict[str, str]:
    """A row of costs, as it is typed."""
    return {"kind": kind, "item": item, "quantity": quantity, "unit_cost": unit_cost}
