"""The frozen content of a submission: everything in plain JSON, readable without this portal, and its hash.

Answers keep their value and are written out in both languages; files keep their SHA-256. Pure.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from portal.access.models import ConsortiumPartner, Organisation
from portal.applications.assessment import Draft
from portal.applications.eligibility import judge
from portal.applications.facts import known, told
from portal.applications.given import by_tag, given_in, team_in
from portal.applications.models import Application, ApplicationFile
from portal.core.actor import SYSTEM, Actor
from portal.questionnaires.frozen import files_frozen, sections_frozen
from portal.questionnaires.rules import FilledForm, Form, Text

FORMAT = 6
"""2: the whole profile of the applicant (representative, seat, identifiers). 3: answers in rows as tables with totals,
files given as answers, the facts of the applicant and what the rules of eligibility said of them; hidden questions
left out. 4: the tags of the columns of rows; the application it follows, and as which kind the applicant entered.
5: declarations accepted, stamp duty, confirmation. 6: rows of costs that a simplified option prices say so under
`_by`: how, and for a flat rate, which nobody types, its rate and its base in cents.
"""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
OF_THE_SENDING = frozenset({"facts", "eligibility", "declarations", "stamp_duty", "sign_off", "sent_by", "received_at"})


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends what, when, with which form."""

    application: Application
    draft: Draft
    files: Iterable[ApplicationFile]
    actor: Actor
    received_at: datetime


def freeze(sending: Sending) -> dict[str, Any]:
    """The content of a submission; the same facts always give the same content."""
    application, draft = sending.application, sending.draft
    amounts = draft.amounts
    return {
        "format": FORMAT,
        "reference": application.reference,
        "call": {
            "slug": application.call.slug,
            "title": dict(application.call.title),
            "revision": application.call.revision,
        },
        "phase": {"key": application.phase.key, "name": dict(application.phase.name)},
        "follows": application.follows.reference if application.follows else None,
        "organisation": organisation_facts(application.organisation),
        "entered_as": dict(zip(("kind", "legal_form"), application.entered_as, strict=True)),
        "form_revision": str(application.sheet.form_revision_id),
        "title": draft.title,
        "area": _area(draft),
        "amounts": {
            "requested_cents": amounts.requested,
            "total_cents": amounts.total,
            "own_cents": amounts.own,
        },
        "facts": known(draft.facts),
        "eligibility": [
            {"key": each.rule.key, "text": dict(each.rule.text), "verdict": each.verdict.value}
            for each in judge(draft.design.eligibility, draft.filled)
        ],
        "sections": sections_frozen(draft.filled, {area.key: area.name for area in draft.design.areas}),
        "files": [_file(row, draft) for row in sorted(sending.files, key=lambda row: row.document_key)],
        "sent_by": {"id": _text_id(sending.actor.person_id), "name": sending.actor.name},
        "received_at": sending.received_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def organisation_facts(organisation: Organisation) -> dict[str, Any]:
    """What was true of the applicant at that moment."""
    return {
        "id": str(organisation.id),
        "kind": organisation.kind.value,
        "legal_form": organisation.legal_form.value,
        "name": organisation.name,
        "fiscal_code": organisation.fiscal_code,
        "vat_number": organisation.vat_number,
        "runts_number": organisation.runts_number,
        "representative": organisation.representative_name,
        "email": organisation.email,
        "pec": organisation.pec,
        "phone": organisation.phone,
        "website": organisation.website,
        "address": organisation.address,
        "postal_code": organisation.postal_code,
        "city": organisation.city,
        "province": organisation.province,
        "district": organisation.district,
        "seat": organisation.seat,
        "founded_on": organisation.founded_on.isoformat() if organisation.founded_on else None,
        **({"partners": [_partner(place) for place in organisation.partners]} if organisation.is_consortium else {}),
    }


def _partner(place: ConsortiumPartner) -> dict[str, Any]:
    """An organisation of a consortium, the lead first."""
    named = place.organisation
    facts = {"id": str(named.id), "name": named.name, "fiscal_code": named.fiscal_code}
    return facts | {"legal_form": named.legal_form.value, "role": place.role.value}


def draft_digest(application: Application, draft: Draft, files: Iterable[ApplicationFile]) -> str:
    """The hash of what a team wrote and attached, whoever sends it and whenever: two drafts that say the same have it.

    Facts and rules of eligibility are left out: they are computed, and some of them change with the day.
    """
    return digest(freeze(Sending(application, draft, files, SYSTEM, NEVER)))


def digest(content: Mapping[str, Any]) -> str:
    """The same of a content that is frozen already."""
    return content_hash({key: value for key, value in content.items() if key not in OF_THE_SENDING})


def canonical(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces: what the hash is taken of."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def file_ids(content: Mapping[str, Any]) -> set[str]:
    """The files that belong to a frozen content: attachments, and those given as answers."""
    return files_frozen(content["sections"]) | {file["file_id"] for file in content["files"]}


def tagged(content: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The stored values of a frozen content by tag, in the order of the form; a column gives one value a row."""
    return by_tag(given_in(content))


def team(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The people of the applicant as they were sent, one row each {column key: stored value}; none when not asked."""
    found = team_in(given_in(content))
    return found.rows if found else []


def refilled(content: Mapping[str, Any], form: Form) -> FilledForm:
    """A frozen content as the form that was answered, with the facts of its day: for conditions and formulas."""
    values = {each.key: {"value": each.value} for each in given_in(content)}
    return FilledForm(form, values, told(content.get("facts", {})))


def _file(row: ApplicationFile, draft: Draft) -> dict[str, Any]:
    name = next((dict(r.name) for r in draft.design.documents_requested if r.key == row.document_key), {})
    return {
        "document": row.document_key,
        "label": name or _same(row.document_key),
        "file_id": str(row.file_id),
        "name": row.file.name,
        "media_type": row.file.media_type,
        "size_bytes": row.file.size_bytes,
        "sha256": row.file.sha256,
    }


def _area(draft: Draft) -> dict[str, str] | None:
    found = next((area for area in draft.design.areas if area.key == draft.area), None)
    return {"key": found.key, "name": found.name} if found else None


def _same(value: object) -> Text:
    return {"it": str(value), "en": str(value)}


def _text_id(value: UUID | None) -> str | None:
    return str(value) if value else None
