"""What administrators say of their authority: names and offices, its look, its privacy notice.

Each change says which version was seen, so that nobody overwrites what somebody else has just written.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action
from portal.access.queries.authorities import authority_for_update, authority_seen
from portal.access.rules.authorities import (
    LARGEST_LOGO,
    LOGO_KINDS,
    LONGEST_NOTICE,
    PaymentExporter,
    valid_colour,
    valid_register_code,
)
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, InvalidForm
from portal.core.i18n import lazy_
from portal.core.text import clean_line, clean_text, is_blank
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules

LOGO = FileRules(LOGO_KINDS, LARGEST_LOGO, field="logo")


class ChangedMeanwhile(Conflict):
    """Somebody else saved in between."""

    default = lazy_(
        "Somebody else changed this in the meantime. What you wrote is still here: compare it with the present page, in"
        " another tab. Saving it again replaces what they wrote."
    )


@dataclass(frozen=True, slots=True)
class Particulars:
    """What an authority is called and where it answers."""

    name: str
    office: str
    email: str
    pec: str
    rup: str
    register_code: str
    payment_exporter: PaymentExporter


def save_particulars(
    session: Session, *, authority_code: str, particulars: Particulars, version_seen: int, actor: Actor, now: datetime
) -> Authority:
    """Save names, offices and controlled choices. Raises Invalid, or ChangedMeanwhile."""
    authority = _held(session, authority_code, version_seen, actor)
    values: dict[str, Any] = {name: clean_line(text) or None for name, text in asdict(particulars).items()}
    if values["name"] is None:
        raise Invalid(lazy_("Write the name of the authority."), "name")
    values["register_code"] = valid_register_code(values["register_code"] or "")
    values["payment_exporter"] = particulars.payment_exporter.value
    return _save(session, authority, values, actor, now)


def save_colour(
    session: Session, *, authority_code: str, colour: str, version_seen: int, actor: Actor, now: datetime
) -> Authority:
    """Save the colour of the head of the page; nothing gives the house's own. Raises Invalid, ContrastTooLow."""
    authority = _held(session, authority_code, version_seen, actor)
    return _save(session, authority, {"colour": valid_colour(colour)}, actor, now)


def logo_rules(session: Session, *, authority_code: str, actor: Actor) -> FileRules:
    """What is asked of the picture, to whoever may set it."""
    authority_seen(session, authority_code, actor, Action.AUTHORITY_EDIT)
    return LOGO


def save_logo(
    session: Session, *, authority_code: str, upload: Arrived | None, version_seen: int, actor: Actor, now: datetime
) -> Authority:
    """Take a picture, checked against its own content and without its metadata. Raises Invalid."""
    authority = _held(session, authority_code, version_seen, actor)
    file = store_upload(session, upload=upload, rules=LOGO, actor=actor, now=now)
    session.flush()
    return _save(session, authority, {"logo_file_id": file.id}, actor, now)


def remove_logo(session: Session, *, authority_code: str, version_seen: int, actor: Actor, now: datetime) -> Authority:
    """Show no picture any more; the file stays in the store for the trail."""
    authority = _held(session, authority_code, version_seen, actor)
    return _save(session, authority, {"logo_file_id": None}, actor, now)


def save_privacy_notice(
    session: Session, *, authority_code: str, notice: dict[str, str], version_seen: int, actor: Actor, now: datetime
) -> Authority:
    """Save the privacy notice in both languages (Markdown), or neither: then the portal's own holds. Raises Invalid."""
    authority = _held(session, authority_code, version_seen, actor)
    texts = {language: clean_text(text) for language, text in notice.items()}
    missing = {f"notice_{language}" for language, text in texts.items() if is_blank(text)}
    if missing and len(missing) < len(texts):
        said = lazy_("Write the notice in this language too, or empty both to go back to the notice of the portal.")
        raise InvalidForm(dict.fromkeys(sorted(missing), said))
    long = {f"notice_{language}" for language, text in texts.items() if len(text) > LONGEST_NOTICE}
    if long:
        said = lazy_("The notice has more than %(number)s characters. Shorten it.", number=LONGEST_NOTICE)
        raise InvalidForm(dict.fromkeys(sorted(long), said))
    return _save(session, authority, {"privacy_notice": None if missing else texts}, actor, now)


def _held(session: Session, authority_code: str, version_seen: int, actor: Actor) -> Authority:
    authority = authority_for_update(session, authority_code, actor, Action.AUTHORITY_EDIT)
    if authority.version != version_seen:
        raise ChangedMeanwhile
    return authority


def _save(session: Session, authority: Authority, values: dict[str, Any], actor: Actor, now: datetime) -> Authority:
    """Write what differs, and one line of the trail; nothing where nothing does."""
    changed = [name for name, value in values.items() if getattr(authority, name) != value]
    if not changed:
        return authority
    before = {name: _told(getattr(authority, name)) for name in changed}
    for name in changed:
        setattr(authority, name, values[name])
    authority.version += 1
    after = {name: _told(values[name]) for name in changed}
    record(
        session, at=now, actor=actor, event=Action.AUTHORITY_EDIT, subject=authority, before=before, after=after
    )  # fmt: skip
    return authority


def _told(value: Any) -> Any:
    """A value as the trail keeps it: of a long text its size and its fingerprint, the text itself stands in the row."""
    if isinstance(value, dict):
        return {
            language: {"characters": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}
            for language, text in value.items()
        }
    return None if value is None else str(value)
