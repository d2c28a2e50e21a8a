"""Calls that ask for people and for kinds of cost, and what is typed into them."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from portal.calls.rules import ApplicantRule, CallDesign, CostCategory, CostKind, CostRules, Questionnaire
from portal.questionnaires.rules import Option, Question, QuestionType, Section
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
    }  # fmt: skip
    return replace(design, **(parts | given))


ANNA = {"name": "Anna Neri", "born_on": "2000-05-01", "represents": "yes"}
BICE = {"name": "Bice Bo", "born_on": "2001-06-02", "represents": "no"}
TYPED: dict[str, Any] = {
    "title": "Un orto", "team": [ANNA, BICE], "requested": "20.000,00",
    "costs": [{"kind": "staff", "amount": "20.000,00"}, {"kind": "tools", "amount": "5.000,00"}],
}  # fmt: skip
"""What is typed for an application that can be sent."""
