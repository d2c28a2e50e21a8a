"""A call whose form has every type of question, with conditions, pages, formulas and rows."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.operations import save_answers
from portal.calls.rules import Area, CallDesign, Questionnaire
from portal.core.actor import Actor
from portal.questionnaires.rules import Condition, Option, Question, QuestionType, Section
from tests.factories.base import bari_design
from tests.factories.questionnaires import make_question, make_table, text

T = QuestionType
LIBERTA = Area("liberta", "Libertà", 41.1238, 16.8551, radius=1500)
SPARANO = {"lat": "41,1221", "lon": "16,8569"}
"""A point inside the only area."""


def idea() -> Section:
    """Title, a text with a soft and a hard limit, a question that opens another; area and grant on a second page."""
    asked = Condition(question="alone", equals=False)
    partner = [make_question(T.TEXT, key="name", required=True), make_question(T.YES_NO, key="signed")]
    return Section(
        "idea",
        text("L'idea"),
        [
            Question("title", T.TEXT, text("Titolo"), required=True, tag="application.title"),
            Question("story", T.LONG_TEXT, text("Racconto"), help=text("In parole semplici."), max_chars=100,
                     advised_chars=50),
            Question("alone", T.YES_NO, text("Lavorate da soli?"), required=True),
            Question("partners", T.GROUP, text("Chi lavora con voi"), questions=partner, required=True, when=asked),
            Question("area", T.AREA, text("Area"), required=True, tag="application.area", page=text("Dove e quanto")),
            Question("requested", T.MONEY, text("Contributo richiesto"), required=True, tag="budget.requested"),
        ],
    )  # fmt: skip


def rest() -> Section:
    """Every other type of question."""
    options = [Option(key, text(name)) for key, name in (("home", "Casa"), ("work", "Lavoro"), ("street", "Strada"))]
    kinds = [T.PERCENTAGE, T.CHOICE, T.DATE, T.FISCAL_CODE, T.VAT_NUMBER, T.IBAN, T.CUP, T.ADDRESS, T.PEOPLE]
    return Section(
        "rest",
        text("Il resto"),
        [
            Question("size", T.NUMBER, text("Superficie"), decimals=2, maximum=Decimal("100.5")),
            Question("where", T.CHOICES, text("Dove lavorate"), options=options, max_choices=2),
            *[make_question(kind) for kind in kinds],
            Question("place", T.PLACE, text("Il luogo"), inside_areas=True),
            Question("papers", T.FILES, text("Carte"), accept=["pdf"], max_mb=1, max_files=2),
            make_table(max_rows=4),
            Question("share", T.PERCENTAGE, text("Quota richiesta"), formula="share(budget.requested, budget.cost)"),
            Question("honest", T.DECLARATION, text("Dichiariamo il vero"), required=True),
        ],
    )


def entities_only() -> Section:
    """Asked of legal entities alone."""
    when = Condition(fact="applicant.kind", equals="legal_entity")
    return Section("entity", text("Ente"), [Question("statute", T.TEXT, text("Statuto"))], when=when)


def rich_design(**given: Any) -> CallDesign:
    """A call that asks all this and no documents."""
    questionnaire = Questionnaire([idea(), rest(), entities_only()])
    parts: dict[str, Any] = {
        "questionnaire": questionnaire,
        "documents_requested": [],
        "areas": [LIBERTA],
        "eligibility": [],
    }
    return replace(bari_design(), **(parts | given))


IDEA: dict[str, Any] = {"title": "Un orto", "story": "Prima riga", "alone": "yes"}
WHERE = {"area": "liberta", "requested": "20.000,00"}
WOOD = {"item": "Legno", "quantity": "2,5", "unit_cost": "8.000,00"}
COSTS = [WOOD, {"item": "Viti", "quantity": "1", "unit_cost": "5.000"}]
REST: dict[str, Any] = {"costs": COSTS, "honest": "yes", "place": SPARANO}
"""What is typed for an application that can be sent."""


def fill_rich(session: Session, application: Application, *, by: Actor, now: datetime) -> None:
    """Write everything that is required of such an application."""
    for key, typed in (("idea", IDEA | WHERE), ("rest", REST | {"size": "5"})):
        save_answers(session, application=application, section_key=key, typed=typed, base={}, actor=by, now=now)
