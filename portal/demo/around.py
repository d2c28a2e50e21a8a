"""What stands around a call: its papers, one deadline that moved, questions with their answers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.calls.models import Call, CallEvent
from portal.calls.news import tell_next
from portal.calls.operations import (
    answer_question,
    ask_question,
    attach_document,
    declare_last_questions,
    extend_deadline,
)
from portal.calls.rules.publication import CallEventKind, DocumentKind
from portal.calls.rules.times import wall_time
from portal.core.i18n import in_language
from portal.core.instants import ROME
from portal.demo.stage import Stage

PAPERS: tuple[tuple[DocumentKind, dict[str, str], tuple[str, ...]], ...] = (
    (DocumentKind.NOTICE, {"it": "Testo dell'avviso", "en": "Text of the call (in Italian)"},
     ("Il testo che fa fede è quello approvato con l'atto indicato nella pagina.",)),
    (DocumentKind.GUIDE, {"it": "Guida alla domanda", "en": "Guide to the application (in Italian)"},
     ("Prima di iniziare: chi può presentare la domanda, che cosa serve, quanto tempo occorre.",
      "La domanda si salva da sola; si invia una volta, entro il termine, e si riceve il numero di protocollo.")),
)  # fmt: skip
EXTENDED_BY = timedelta(weeks=1)
WHY = {
    "it": "Molte proposte riguardano edifici comunali: una settimana in più per i sopralluoghi.",
    "en": "Many proposals concern municipal buildings: one more week to visit them.",
}
ASKED: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("ingranaggi-barriera", "Le ore dei volontari valgono come cofinanziamento?",
     {"it": "Sì, se risultano da un registro firmato: valgono al costo orario indicato nell'avviso.",
      "en": "Yes, where a signed register shows them: at the hourly cost that the call names."}),
    ("parole-in-cortile", "Lo stesso progetto può lavorare in due quartieri?",
     {"it": "Sì. Nella domanda si indica il quartiere in cui si svolge la maggior parte delle attività.",
      "en": "Yes. The application names the quarter in which most of the activities take place."}),
    ("parole-in-cortile", "È ammesso l'affitto di un locale che useremo solo nei fine settimana?", None),
)  # fmt: skip
"""Who asks what, and what the office answers; the last one waits on its desk."""


def publish_papers(stage: Stage, call: Call, published: datetime) -> None:
    """Two documents, there from the first day."""
    for kind, title, lines in PAPERS:
        upload = stage.pdf(f"{title['it']} – {in_language(call.title)}", *lines)
        attach_document(
            stage.session, call_id=call.id, upload=upload, kind=kind, title=title, actor=stage.actor("officer"),
            now=published - timedelta(days=1),
        )  # fmt: skip


def extend(stage: Stage, call: Call) -> None:
    """The deadline moved by a week, some days ago."""
    phase = call.phases[0]
    extend_deadline(
        stage.session, phase_id=phase.id, closes_at=wall_time(phase.closes_at, ROME) + EXTENDED_BY,
        act_number="DEMO-2026/0502", act_date=stage.day(-4), reason=WHY, actor=stage.actor("officer"), now=stage.at(-4),
    )  # fmt: skip


def ask_and_answer(stage: Stage, call: Call) -> None:
    """Two questions with their answers, one that waits."""
    officer = stage.actor("officer")
    declare_last_questions(
        stage.session, call_id=call.id, until=wall_time(call.phases[0].closes_at - timedelta(days=2), ROME),
        actor=officer, now=stage.at(-5),
    )  # fmt: skip
    for place, (organisation, text, answer) in enumerate(ASKED):
        question = ask_question(
            stage.session, call_id=call.id, text=text, actor=stage.actor(stage.owner_of(organisation)),
            now=stage.at(place - 4),
        )  # fmt: skip
        if answer is not None:
            answer_question(
                stage.session, question_id=question.id, question_text=text, answer=answer, actor=officer,
                now=stage.at(place - 3),
            )  # fmt: skip


def tell_of_the_extension(stage: Stage, call: Call) -> None:
    """Everybody with an application found it in the inbox."""
    query = select(CallEvent).where(CallEvent.call_id == call.id, CallEvent.kind == CallEventKind.EXTENDED)
    event = stage.session.scalars(query).one()
    while tell_next(stage.session, event=event, now=stage.at(-4, 11)):
        continue
