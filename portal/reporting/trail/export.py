"""The trail of one application or grant as a file that verifies offline, with the script that verifies it."""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.core.audit import AuditEvent, AuditHead
from portal.core.audit.hashes import fixed_part, instant_text
from portal.core.errors import NotFound
from portal.core.i18n import LANGUAGES, _, speaking
from portal.reporting.trail.queries import latest_anchor
from portal.reporting.trail.rules import EXPORTED
from portal.reporting.trail.seen import Seen

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "docs" / "verify_trail.py"
README = "LEGGIMI-README.txt"
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: the same content gives the same bytes."""


@dataclass(frozen=True, slots=True)
class TrailFile:
    """An archive to take away, and the fingerprint of the trail in it."""

    name: str
    content: bytes
    sha256: str


def trail_file(session: Session, *, seen: Seen, now: datetime) -> TrailFile:
    """Whole chains of the object and of its parts, as far as the reader may see them; NotFound for other objects.

    While evaluators still score, their chains stay at home: a chain without its points would not verify.
    """
    if seen.subject_type not in EXPORTED:
        raise NotFound
    authorise(seen.actor, Action.TRAIL_EXPORT, seen.found)
    document = {
        "about": seen.name,
        "taken_at": instant_text(now),
        "anchor": _anchor(session),
        "chains": _chains(session, seen),
    }
    trail = json.dumps(document, ensure_ascii=False, indent=1).encode()
    sha256 = hashlib.sha256(trail).hexdigest()
    files = {"trail.json": trail, SCRIPT.name: SCRIPT.read_bytes(), README: _readme(seen, sha256).encode()}
    return TrailFile(f"trail-{seen.found.reference}.zip", _zipped(files), sha256)


def _chains(session: Session, seen: Seen) -> list[dict[str, Any]]:
    events = session.scalars(
        select(AuditEvent)
        .where(_whole(seen))
        .order_by(AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence)
    ).all()
    ends = {head.subject_id: head for head in _heads(session, {row.subject_id for row in events})}
    return [
        {
            "subject_type": subject_type,
            "subject_id": str(subject_id),
            "sequence": ends[subject_id].sequence,
            "hash": ends[subject_id].hash,
            "events": [_event(row) for row in rows],
        }
        for (subject_type, subject_id), rows in groupby(events, key=lambda row: (row.subject_type, row.subject_id))
    ]


def _whole(seen: Seen) -> ColumnElement[bool]:
    """No row of a chain is left out, or the rest would not verify."""
    parts = [part for part in seen.open_parts() if not (part.subject_type == "assignment" and seen.hides_points)]
    mine = and_(AuditEvent.subject_type == seen.subject_type, AuditEvent.subject_id == seen.subject_id)
    return or_(
        mine,
        *(
            and_(AuditEvent.subject_type == part.subject_type, AuditEvent.subject_id.in_(part.ids(seen.subject_id)))
            for part in parts
        ),
    )


def _heads(session: Session, ids: set[Any]) -> list[AuditHead]:
    return list(session.scalars(select(AuditHead).where(AuditHead.subject_id.in_(ids))))


def _event(row: AuditEvent) -> dict[str, Any]:
    """A row in the three parts that are hashed, each with what stands before it in its hash."""
    return {
        "row": fixed_part(row),
        "names": {"actor_name": row.actor_name},
        "values": {"before": row.before, "after": row.after, "reason": row.reason},
        "salts": {"names": row.actor_salt, "values": row.salt, "row": row.previous_hash},
        "hash": row.hash,
    }


def _anchor(session: Session) -> dict[str, str] | None:
    """The last anchor: its file lists the end of every chain of that day."""
    last = latest_anchor(session)
    return None if last is None else {"day": last.day.isoformat(), "digest": last.digest}


def _readme(seen: Seen, sha256: str) -> str:
    parts = []
    for language in LANGUAGES:
        with speaking(language):
            parts.append(_words(seen, sha256))
    return "\n\n----\n\n".join(parts) + "\n"


def _words(seen: Seen, sha256: str) -> str:
    lines = (
        _("History of: %(name)s", name=seen.name),
        _("To verify it, without the portal and without a network, with Python 3:"),
        "    python3 -I verify_trail.py trail.json",
        _("It names the first row that is altered, missing or in another place, or says that the trail holds."),
        _("To compare it with an anchor that was kept as well:"),
        "    python3 -I verify_trail.py trail.json 2026-03-02.json",
        _("It cannot find an end cut, or a history rewritten as a whole, since the last anchor that was kept."),
        _("Fingerprint (SHA-256) of trail.json: %(sha256)s", sha256=sha256),
        _("It holds personal data: keep it only as long as the check needs it."),
    )
    return "\n".join(lines)


def _zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()
