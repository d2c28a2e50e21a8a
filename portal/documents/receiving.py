"""The files of a form, looked at before its unit of work begins; what no operation took is thrown away again."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.orm import Session

from portal.core.db import db_session
from portal.core.errors import Refusal, Unavailable
from portal.core.unit_of_work import reading, record_refusal
from portal.documents.arrived import Arrived, Upload, copied, look_at
from portal.documents.rules import FileRules, must_be_few, must_fit_together
from portal.documents.storage import current_storage

Asked = Callable[[Session], FileRules]
"""Reads what is asked of the files; refuses whoever may not send them, before anything of theirs is opened."""


class LookedTooLate(RuntimeError):
    """Files are looked at before a transaction that writes, never inside it: everybody else would wait."""


@contextmanager
def arriving(uploads: Iterable[Upload | None], asked: Asked) -> Iterator[list[Arrived]]:
    """Files as they arrived, each looked at; an empty list where none was chosen. Raises Invalid as `look_at`."""
    chosen = [each for each in uploads if each is not None and each.filename]
    found: list[Arrived] = []
    try:
        if chosen:
            rules = _asked(asked)
            must_be_few(len(chosen), rules)
            found.extend(look_at(each, rules) for each in chosen)
        yield found
    finally:
        _forget(found)


@contextmanager
def one_arriving(upload: Upload | None, asked: Asked) -> Iterator[Arrived | None]:
    """The one file of a form; None where none was chosen: the operation says whether it may be missing."""
    with arriving([upload], asked) as found:
        yield found[0] if found else None


@contextmanager
def arriving_as(name: str, upload: Upload | None, asked: Asked) -> Iterator[dict[str, Arrived | None]]:
    """The same, under the name that its operation gives it."""
    with one_arriving(upload, asked) as found:
        yield {name: found}


@contextmanager
def arriving_for(places: int, uploads: Iterable[Upload | None], asked: Asked) -> Iterator[list[list[Arrived]]]:
    """The files of a form that goes to several places: looked at once, with bytes of their own for each place.

    Raises Invalid as `arriving`, and where all the copies together are too large.
    """
    copies: list[Arrived] = []
    with arriving(uploads, asked) as first:
        must_fit_together(sum(each.size_bytes for each in first) * places)
        found = [first]
        try:
            for _place in range(places - 1):
                found.append([copied(each) for each in first])
                copies.extend(found[-1])
            yield found
        finally:
            _forget(copies)


def _asked(asked: Asked) -> FileRules:
    """What is asked, read in a transaction that has ended when the looking begins."""
    session = db_session()
    if session.in_transaction() and not session.connection().get_execution_options().get("ro"):
        raise LookedTooLate
    try:
        with reading() as session:
            return asked(session)
    except Refusal as refusal:
        session.rollback()
        record_refusal(session, refusal)
        raise
    finally:
        session.rollback()


def _forget(found: Iterable[Arrived]) -> None:
    """Bytes that got no row; those of a row stay even if its transaction came to nothing, since that may be unsure."""
    for each in found:
        if each.storage_key is not None and not each.has_row:
            with suppress(Unavailable):
                current_storage().delete(each.storage_key)
