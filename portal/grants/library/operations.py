"""Writing the library: a new text, a new version of one. What agreements were made of stays as it was."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority
from portal.access.policy import Action, authorise
from portal.access.rules.organisations import ENTITY_FORMS, LegalForm
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation
from portal.core.written import written
from portal.grants.library.fields import TextKind
from portal.grants.library.queries import text_to
from portal.grants.library.rules import KEY, LONGEST_BODY, LONGEST_TITLE, must_be_sound
from portal.grants.models import LibraryText, LibraryVersion

SERVED = (*ENTITY_FORMS, LegalForm.TEMPORARY_ASSOCIATION)


class KeyTaken(Conflict):
    """Another text of the same kind has this key."""

    default = lazy_("Another text of this kind has this key. Choose another key, or edit that text.")


class EditedMeanwhile(Conflict):
    """Somebody wrote a version after the page was shown."""

    default = lazy_("Somebody wrote a newer version in the meantime. Reload the page and write yours after theirs.")


class TextRetired(Conflict):
    """What is offered no more is not written further."""

    default = lazy_("This text is retired: offer it again, then edit it.")


class AsItIs(Conflict):
    """It is retired already, or offered."""

    default = lazy_("Somebody did this in the meantime. Reload the page.")


violation("uq_library_text_authority_id_kind_key", KeyTaken)
violation("uq_library_version_text_id_version", EditedMeanwhile)


@dataclass(frozen=True, slots=True)
class Words:
    """What is written of a text: its title, the legal forms it serves (none for all), its Markdown."""

    title: str
    body: str
    forms: Sequence[str] = ()


def write_text(
    session: Session, *, authority_id: UUID, kind: TextKind, key: str, words: Words, actor: Actor, now: datetime
) -> LibraryText:
    """Begin a text with its first version. Raises Invalid with the field, or KeyTaken."""
    authority = session.get(Authority, authority_id)
    if authority is None:
        raise NotFound
    authorise(actor, Action.LIBRARY_EDIT, authority)
    text = LibraryText(authority_id=authority_id, kind=kind, key=_key(key), begun_at=now)
    clean = _checked(words, kind)
    session.add(text)
    session.flush()
    _append(session, text, 1, clean, actor, now)
    return text


def revise_text(
    session: Session, *, text_id: UUID, seen_version: int, words: Words, actor: Actor, now: datetime
) -> LibraryVersion:
    """Write the next version; earlier ones stay. Raises Invalid with the field, TextRetired or EditedMeanwhile."""
    text = text_to(session, actor, Action.LIBRARY_EDIT, text_id)
    if text.is_retired:
        raise TextRetired
    if text.versions[0].version != seen_version:
        raise EditedMeanwhile
    return _append(session, text, seen_version + 1, _checked(words, text.kind), actor, now)


def retire_text(session: Session, *, text_id: UUID, actor: Actor, now: datetime) -> LibraryText:
    """Offer a text no more: no group is shown it, no call published from now on is made of it. Raises AsItIs.

    Agreements keep the words they were made of, and calls published before keep it.
    """
    text = text_to(session, actor, Action.LIBRARY_EDIT, text_id, locked=True)
    if text.is_retired:
        raise AsItIs
    text.retired_at, text.retired_by = now, actor.person_id
    return _noted(session, text, "library.retired", actor, now)


def offer_text_again(session: Session, *, text_id: UUID, actor: Actor, now: datetime) -> LibraryText:
    """Take the retirement of a text back. Raises AsItIs."""
    text = text_to(session, actor, Action.LIBRARY_EDIT, text_id, locked=True)
    if not text.is_retired:
        raise AsItIs
    text.retired_at = text.retired_by = None
    return _noted(session, text, "library.offered_again", actor, now)


def _noted(session: Session, text: LibraryText, event: str, actor: Actor, now: datetime) -> LibraryText:
    session.flush()
    record(session, at=now, actor=actor, event=event, subject=text, after={"kind": text.kind, "key": text.key})
    return text


def _append(
    session: Session, text: LibraryText, number: int, words: Words, actor: Actor, now: datetime
) -> LibraryVersion:
    version = LibraryVersion(
        text_id=text.id, version=number, title=words.title, forms=list(words.forms), body=words.body,
        written_by=actor.person_id, written_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    after = {"kind": text.kind, "key": text.key, "version": number, "title": words.title, "forms": list(words.forms)}
    record(session, at=now, actor=actor, event="library.written", subject=text, after=after)
    return version


def _checked(words: Words, kind: TextKind) -> Words:
    title = clean_line(words.title)
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(lazy_("Write a title of at most %(most)d characters.", most=LONGEST_TITLE), "title")
    body = written(words.body, most=LONGEST_BODY, field="body", empty=lazy_("Write the text."))
    must_be_sound(body, kind)
    if not set(words.forms) <= set(SERVED):
        raise Invalid(lazy_("Choose legal forms of the list."), "forms")
    return Words(title, body, tuple(form.value for form in SERVED if form in words.forms))


def _key(typed: str) -> str:
    key = re.sub(r"[\s-]+", "_", clean_line(typed).lower())
    if not KEY.fullmatch(key):
        raise Invalid(lazy_("Write small letters, digits and underscores, at most 64, a letter first."), "key")
    return key
