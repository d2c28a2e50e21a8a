"""What is released on a request for access: score sheets, minutes, the ranking's input and result, without persons."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.core.i18n import in_language
from portal.core.spreadsheets import safe_cell
from portal.evaluation.models import Assignment, Commission, DisclosureRequest, Minutes, Ranking, ScoreSheet, Sitting
from portal.evaluation.points import points_text, scored
from portal.evaluation.queries.named import commission_of_papers, names_of_applicants
from portal.evaluation.queries.rankings import published_row
from portal.evaluation.queries.sheets import is_last
from portal.evaluation.redacting import (
    LEFT_OUT,
    family_names,
    numbered,
    redacted_document,
    redacted_text,
    with_turns,
)

EPOCH = (1980, 1, 1, 0, 0, 0)
README = """Accesso agli atti – richiesta {number} della domanda {reference}

I commissari sono indicati con un numero, gli altri proponenti con il numero della domanda.
I dati personali sono omessi ({left_out}). Le motivazioni dei punteggi sono riportate per la domanda di chi chiede
e per quelle dei controinteressati informati; se l'accesso è in parte, non per chi si è opposto.
Impronte SHA-256 degli originali della graduatoria, versione {version}: ingresso {input}, risultato {output}.

{files}
"""


@dataclass(frozen=True, slots=True)
class _Redaction:
    """Whom the bundle is for, what everybody else is called in it, and whose reasons may be read."""

    request: DisclosureRequest
    ranking: Ranking
    ids: Mapping[str, str]
    names: Mapping[str, str]
    alone: frozenset[str]
    told: frozenset[UUID]

    def text(self, text: str) -> str:
        """A text without persons."""
        return redacted_text(text, self.names, self.alone)


def bundle_of(session: Session, request: DisclosureRequest, *, is_partial: bool) -> bytes:
    """The files as a zip; the same content gives the same bytes. In part: without the reasons given to who objected."""
    redaction = _redaction(session, request, is_partial=is_partial)
    parts = dict(sorted(_parts(session, redaction)))
    listed = "\n".join(f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in parts.items())
    parts["LEGGIMI.txt"] = README.format(
        number=request.protocol_entry.label, reference=request.application.reference, left_out=LEFT_OUT,
        version=redaction.ranking.version, input=redaction.ranking.input_sha256,
        output=redaction.ranking.output_sha256, files=listed,
    ).encode()  # fmt: skip
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(ZipInfo(name, EPOCH), content, ZIP_DEFLATED)
    return out.getvalue()


def _redaction(session: Session, request: DisclosureRequest, *, is_partial: bool) -> _Redaction:
    found = published_row(session, request.application_id)
    if found is None:
        raise ValueError("documents are released of a published ranking")
    ranking = found[0]
    given = ranking.input_document
    applications = {key: each["reference"] for key, each in given["candidates"].items()}
    people = commission_of_papers(session, request.phase_id)
    seats = {each for names in given["assignments"].values() for each in names}
    evaluators = numbered({*seats, *people}, str(request.id))
    applicants = list(names_of_applicants(session, request.phase_id))
    called = {own: reference for reference, own, _others in applicants if own}
    others = {name: LEFT_OUT for _reference, _own, names in applicants for name in names if name not in called}
    sat = {name: evaluators[key] for key, name in people.items()}
    heard = {each.application_id for each in request.notices if not (is_partial and each.objection is not None)}
    return _Redaction(
        request, ranking, applications | evaluators, with_turns(others) | called | with_turns(sat),
        family_names(sat), frozenset({request.application_id, *heard}),
    )  # fmt: skip


def _parts(session: Session, redaction: _Redaction) -> Iterator[tuple[str, bytes]]:
    own = str(redaction.request.application_id)
    for name, document in (("ingresso", redaction.ranking.input_document),
                           ("risultato", redaction.ranking.output)):  # fmt: skip
        shown = redacted_document(document, redaction.ids, own)
        yield f"graduatoria/{name}.json", json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False).encode()
    yield "schede/punteggi.csv", _sheets(session, redaction)
    for number, document in enumerate(_minutes(session, redaction.request.phase_id), 1):
        text = json.dumps(_without_seats(document), indent=1, ensure_ascii=False, sort_keys=True)
        yield f"verbali/verbale-{number}.json", redaction.text(text).encode()


def _sheets(session: Session, redaction: _Redaction) -> bytes:
    """Every mark by application, evaluator and criterion; reasons where they may be read."""
    request = redaction.request
    query = (
        select(Assignment, Application.reference, ScoreSheet.scores)
        .join(Application, Application.id == Assignment.application_id)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Application.phase_id == request.phase_id, is_last(redaction.ranking.computed_at))
        .order_by(Application.reference, Assignment.id)
    )
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["domanda", "commissario", "criterio", "punti", "motivazione"])
    criteria = scored(request.phase.design)
    for assignment, reference, scores in session.execute(query):
        evaluator = redaction.ids.get(str(assignment.person_id))
        if evaluator is None:
            continue
        for each in criteria:
            given = scores.get(each.key)
            if given is not None:
                reason = redaction.text(given["reason"]) if assignment.application_id in redaction.told else ""
                writer.writerow([safe_cell(cell) for cell in (
                    reference, evaluator, in_language(each.name, "it"), points_text(given["points"]), reason
                )])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _minutes(session: Session, phase_id: UUID) -> list[dict[str, Any]]:
    """What the minutes of the phase's commission say, in their order."""
    query = (
        select(Minutes.document)
        .join(Sitting, Sitting.id == Minutes.sitting_id)
        .join(Commission, Commission.id == Sitting.commission_id)
        .where(Commission.phase_id == phase_id)
        .order_by(Sitting.number, Minutes.number)
    )
    return list(session.scalars(query))


def _without_seats(document: dict[str, Any]) -> dict[str, Any]:
    """Minutes without the list of who sat: their seats alone."""
    return {**document, "people": [{"seat": each["seat"]} for each in document.get("people", ())]}
