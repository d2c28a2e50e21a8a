"""The file of minutes: a tagged PDF made from their document alone, registered with its hash."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.core.actor import Actor
from portal.core.i18n import in_language, speaking
from portal.core.pdf import render_pdf
from portal.documents.models import StoredFile
from portal.evaluation.labels import SEAT_LABELS
from portal.evaluation.queries.sittings import SittingPage
from portal.evaluation.rules import Seat
from portal.evaluation.sittings import Line, readable_lines
from portal.register.letters import registered_letter
from portal.register.models import ProtocolEntry

NOBODY: frozenset[Any] = frozenset()


def registered_file(
    session: Session, *, page: SittingPage, document: dict[str, Any], number: int, actor: Actor, now: datetime
) -> tuple[StoredFile, ProtocolEntry]:
    """The original in Italian, stored; and its number in the register of the authority."""
    content = minutes_pdf(page.phase.call.authority, document, readable_lines(document["lines"], NOBODY), "it")
    title = in_language(page.phase.call.title, "it")
    return registered_letter(
        session, authority_id=page.sitting.authority_id, name=f"verbale-{page.sitting.number}-{number}.pdf",
        content=content, subject=f"Verbale della seduta {page.sitting.number} della commissione: {title}",
        counterpart="Commissione di valutazione", actor=actor, now=now,
    )  # fmt: skip


def minutes_pdf(
    issuer: Authority, document: dict[str, Any], lines: Sequence[Line], language: str, *, is_copy: bool = False,
    is_whole: bool = True,
) -> bytes:  # fmt: skip
    """The minutes as a PDF in one language; `is_copy` says that it is not the registered original."""
    with speaking(language):
        return render_pdf(
            "evaluation/minutes.pdf.html", issuer=issuer, document=document, lines=lines, is_copy=is_copy,
            is_whole=is_whole, seats={seat.value: words for seat, words in SEAT_LABELS.items()},
            instants={key: datetime.fromisoformat(document["sitting"][key])
                      for key in ("starts_at", "opened_at", "closed_at")},
            act_date=date.fromisoformat(document["act"]["date"]), people=people_of(document),
        )  # fmt: skip


def people_of(document: dict[str, Any]) -> list[tuple[str, object, datetime | None]]:
    """Who was there, since when; who was not, without an instant."""
    return [(each["name"], SEAT_LABELS[Seat(each["seat"])], _instant(each["since"])) for each in document["people"]]


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
