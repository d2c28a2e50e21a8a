"""Reading the library: lists by kind and title, one text with its versions, the clauses that a call names."""

from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.access.models import Authority
from portal.access.policy import Action, Role, authorise
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.grants.library.fields import TextKind
from portal.grants.models import LibraryText, LibraryVersion

READERS = (Role.OFFICER, Role.AUDITOR)
ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)


def _latest() -> Select[LibraryVersion]:
    last = (
        select(LibraryVersion.text_id, func.max(LibraryVersion.version).label("version"))
        .group_by(LibraryVersion.text_id)
        .subquery()
    )
    return (
        select(LibraryVersion)
        .join(last, (last.c.text_id == LibraryVersion.text_id) & (last.c.version == LibraryVersion.version))
        .join(LibraryText, LibraryText.id == LibraryVersion.text_id)
        .options(joinedload(LibraryVersion.text).joinedload(LibraryText.authority))
    )


def texts_of_offices(session: Session, actor: Actor) -> list[LibraryVersion]:
    """The texts of the actor's offices as they are now, by authority, kind and title; retired ones last."""
    offices = {authority for role in READERS for authority in actor.authorities_as(role)}
    query = _latest().where(LibraryText.authority_id.in_(offices))
    retired = LibraryText.retired_at.is_not(None)
    order = (retired, LibraryText.authority_id, LibraryText.kind, LibraryVersion.title, LibraryText.id)
    return list(session.scalars(query.order_by(*order)))


def offices_of(session: Session, actor: Actor) -> list[Authority]:
    """The authorities whose library the actor may write, by name."""
    mine = actor.authorities_as(Role.OFFICER)
    return list(session.scalars(select(Authority).where(Authority.id.in_(mine)).order_by(Authority.name)))


def text_to(session: Session, actor: Actor, action: Action, text_id: UUID, *, locked: bool = False) -> LibraryText:
    """A text with its versions, newest first; NotFound for whoever may not."""
    query = (
        select(LibraryText)
        .options(joinedload(LibraryText.authority), selectinload(LibraryText.versions))
        .where(LibraryText.id == text_id)
        .execution_options(populate_existing=True)
    )
    if locked:
        query = query.with_for_update(of=LibraryText)
    text = session.scalars(query).one_or_none()
    if text is None:
        raise NotFound
    authorise(actor, action, text)
    return text


def keeper_of(authority: Authority) -> UUID:
    """Whose library serves an authority: a rehearsal is played with that of the authority it rehearses for."""
    return authority.twin_of_id or authority.id


def clauses_named(
    session: Session, authority_id: UUID, keys: Collection[str], published_at: datetime | None
) -> dict[str, LibraryVersion]:
    """The clauses with these keys as they are now; one that was retired serves the calls published before alone."""
    offered = or_(LibraryText.retired_at.is_(None), LibraryText.retired_at > (published_at or ALWAYS))
    where = (LibraryText.authority_id == authority_id, LibraryText.kind == TextKind.CLAUSE, LibraryText.key.in_(keys),
             offered)  # fmt: skip
    return {found.text.key: found for found in session.scalars(_latest().where(*where).order_by(LibraryText.key))}


def statutes_for(session: Session, authority_id: UUID) -> list[LibraryVersion]:
    """The drafts of statutes that an office offers, by title; none that was retired."""
    where = (
        LibraryText.authority_id == authority_id, LibraryText.kind == TextKind.STATUTE, LibraryText.retired_at.is_(None)
    )  # fmt: skip
    return list(session.scalars(_latest().where(*where).order_by(LibraryVersion.title, LibraryText.id)))


def statute_for(session: Session, authority_id: UUID, text_id: UUID) -> LibraryVersion:
    """One of them as it is now; NotFound where the office has no such draft."""
    where = (
        LibraryText.id == text_id, LibraryText.authority_id == authority_id, LibraryText.kind == TextKind.STATUTE,
        LibraryText.retired_at.is_(None),
    )  # fmt: skip
    found = session.scalars(_latest().where(*where)).one_or_none()
    if found is None:
        raise NotFound
    return found
