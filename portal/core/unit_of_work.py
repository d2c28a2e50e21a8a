"""One unit of work a request: commit at its end, roll back on any refusal, one effect for one key.

A form carries an `idempotency_key` made when it was shown. The key is stored in the same transaction as the effect:
a double click, a refresh or a replay finds it and is sent where the first one was, without a second effect.
"""

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from uuid import UUID

from flask import g, has_request_context, request
from sqlalchemy import String, UniqueConstraint, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from portal.core.clock import now
from portal.core.db import Base, constraint_of, db_session, new_id
from portal.core.errors import Conflict, Invalid, Refusal, Unavailable
from portal.core.i18n import lazy_
from portal.core.privacy import holding, impersonal, personal, written_key
from portal.core.privacy.purposes import FORMS_KEPT

KEY_FIELD = "idempotency_key"
KEY = re.compile(r"[A-Za-z0-9-]{1,64}")
FIELDS_OUTSIDE_THE_FINGERPRINT = frozenset({KEY_FIELD, "csrf_token"})
PROOFS = "proof_"
"""Fields of a second factor that travelled with a form begin so: they are no part of what it says."""
WAITS = 40
WAIT_SECONDS = 0.05
"""A second click waits so often, so long, for the first one to say where it led: two seconds in all."""

NO_DATABASE = (OperationalError, InterfaceError, PoolTimeout)
"""The database does not answer, or not in time."""

NOT_STORABLE = (DataError, OverflowError, UnicodeEncodeError)
"""A value that no form should have let through: a NUL, a number beyond 64 bits."""


class RequestEffect(Base):
    """One accepted form: its key, what it said, and where its sender was led."""

    __tablename__ = "request_effect"
    __table_args__ = (
        UniqueConstraint("sender", "key"),
        holding(lazy_("Forms sent"), kept=FORMS_KEPT, since="at"),
    )

    sender: Mapped[str] = mapped_column(
        String(64), info=personal("security", subject=written_key("sender"), export="never")
    )
    key: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    location: Mapped[str | None] = mapped_column(String(2000), info=impersonal)


class AlreadyDone(Exception):
    """The same form came again: nothing more to do; lead the sender to `location` (None: not known yet)."""

    def __init__(self, location: str | None) -> None:
        super().__init__(location)
        self.location = location


class SentWithOtherContent(Conflict):
    """The key of a form that was accepted came back with other fields."""

    default = lazy_("This form was already sent, with other content. Reload the page and send it again.")


class NotStorable(Invalid):
    """A value that the database cannot hold."""

    default = lazy_("A field holds a character or a number that cannot be stored. Write it again by hand.")


refusal_recorders: list[Callable[[Session, Refusal], None]] = []
"""Called after the rollback, in a fresh transaction, with each refusal (access.web records those of money moves)."""


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads: on SQLite it never takes the write lock."""
    session = db_session()
    if not session.in_transaction():
        session.connection(execution_options={"ro": True})
    yield session


@contextmanager
def unit_of_work(*, once: bool = True, leads_to: str | None = None) -> Iterator[Session]:
    """A session whose changes are committed together at the end, or not at all.

    `once=False` leaves the form's key alone: for what may happen twice (signing in). `leads_to` commits with the
    effect where its sender is led: whoever was cut off before the answer and sends the form again gets there even
    when the process died right after the commit. Whatever is read after the end is read without the write lock.
    """
    session = db_session()
    session.rollback()
    try:
        if once:
            _claim_key(session, leads_to)
        yield session
        session.commit()
    except Refusal as refusal:
        _undo(session)
        record_refusal(session, refusal)
        raise
    except (IntegrityError, StaleDataError) as error:
        _undo(session)
        meant = refusal_for(error)
        record_refusal(session, meant)
        raise meant from error
    except NO_DATABASE as error:
        _undo(session)
        raise Unavailable from error
    except NOT_STORABLE as error:
        _undo(session)
        raise NotStorable from error
    except BaseException:
        _undo(session)
        raise
    _read_on(session)


def _undo(session: Session) -> None:
    session.rollback()
    g.pop("effect_id", None)
    g.pop("effect_leads_to", None)


def _read_on(session: Session) -> None:
    with suppress(*NO_DATABASE):  # what was asked is done: the answer must say so
        session.connection(execution_options={"ro": True})


_violations: dict[str, Callable[[], Refusal]] = {}


def violation(constraint: str, refusal: Callable[[], Refusal]) -> None:
    """Say which refusal a named constraint or trigger means when the database is the one to say no.

    The name of the constraint serves both engines; the longest name found in what the database says wins.
    """
    _violations[constraint] = refusal


def refusal_for(error: DBAPIError | StaleDataError) -> Refusal:
    """The refusal in the user's words behind a database error; Conflict when none was declared."""
    text = f"{getattr(error, 'orig', error)} {constraint_of(error)}"
    known = [constraint for constraint in _violations if constraint in text]
    return _violations[max(known, key=len)]() if known else Conflict()


def new_key() -> str:
    """A fresh key for a form about to be shown."""
    return new_id().hex


def remember_location(location: str) -> None:
    """Note where the accepted form led, for whoever sends it again."""
    effect_id: UUID | None = g.get("effect_id")
    if effect_id is None or g.effect_leads_to == location:
        return
    session = db_session()
    with suppress(*NO_DATABASE):
        session.rollback()
        session.execute(update(RequestEffect).where(RequestEffect.id == effect_id).values(location=location[:2000]))
        session.commit()
    _read_on(session)


def _claim_key(session: Session, leads_to: str | None) -> None:
    """Store the key of the form with the effect; a second unit of work of the same request goes on under it."""
    if not has_request_context() or "effect_id" in g:
        return
    key = request.form.get(KEY_FIELD, "")
    if not KEY.fullmatch(key):
        return
    effect = RequestEffect(
        id=new_id(), sender=_sender(), key=key, fingerprint=_fingerprint(), at=now(), location=leads_to
    )
    session.add(effect)
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise _replayed(session, effect) from None
    g.effect_id, g.effect_leads_to = effect.id, leads_to


def _replayed(session: Session, again: RequestEffect) -> Exception:
    """The first click may still be on its way to tell where it led: it is waited for, briefly."""
    query = select(RequestEffect.fingerprint, RequestEffect.location).where(
        RequestEffect.sender == again.sender, RequestEffect.key == again.key
    )
    for _wait in range(WAITS):
        with reading() as session:
            fingerprint, location = session.execute(query).one()
        session.rollback()
        if fingerprint != again.fingerprint:
            return SentWithOtherContent()
        if location:
            return AlreadyDone(location)
        time.sleep(WAIT_SECONDS)
    return AlreadyDone(None)


def _sender() -> str:
    actor = g.get("actor")
    return str(actor.person_id) if actor is not None and actor.person_id else "visitor"


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    for name, values in sorted(request.form.lists()):
        if name not in FIELDS_OUTSIDE_THE_FINGERPRINT and not name.startswith(PROOFS):
            digest.update(f"{name}={values!r}\n".encode("utf-8", "surrogatepass"))
    for name, upload in sorted(request.files.items(multi=True), key=lambda item: item[0]):
        digest.update(f"{name}:{upload.filename}\n".encode("utf-8", "surrogatepass"))
        while chunk := upload.stream.read(65536):
            digest.update(chunk)
        upload.stream.seek(0)
    return digest.hexdigest()


def record_refusal(session: Session, refusal: Refusal) -> None:
    """Hand a refusal to every recorder; a recorder that met another one of the same chain tries once more."""
    for recorder in refusal_recorders:
        try:
            recorder(session, refusal)
        except IntegrityError:
            session.rollback()
            recorder(session, refusal)
