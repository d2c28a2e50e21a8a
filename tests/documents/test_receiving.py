"""Files are looked at before anything is written: while a PDF is read, everybody else goes on writing."""

import io
import sqlite3

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.core.db import database, db_session
from portal.core.errors import Forbidden
from portal.core.unit_of_work import unit_of_work
from portal.documents.content import check
from portal.documents.models import StoredFile
from portal.documents.operations import store_upload
from portal.documents.operations.store import AskedOtherwise
from portal.documents.receiving import LookedTooLate, arriving, one_arriving
from portal.documents.rules import FileRules
from portal.documents.storage import NotStored, current_storage
from tests.factories.documents import PDF, make_upload
from tests.factories.questionnaires import make_writer

RULES = FileRules(("pdf", "p7m"), 1024 * 1024)
ROSA = make_writer()


def sent(content=PDF, name="statuto.pdf"):
    """A file of a form."""
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def watched(app, monkeypatch):
    """While a PDF is looked at, another connection writes, and this one holds no transaction."""
    seen: list[bool] = []
    with app.app_context():
        path = database.engine.url.database
    real = check.READERS["pdf"]

    def looking(content: bytes) -> bytes:
        with sqlite3.connect(str(path), timeout=0, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        seen.append(db_session().in_transaction())
        return real(content)

    monkeypatch.setitem(check.READERS, "pdf", looking)
    return seen


def test_others_write_while_a_file_is_looked_at(app, watched, now):
    with app.test_request_context("/"), one_arriving(sent(), lambda _session: RULES) as upload:
        assert upload
        with unit_of_work() as session:
            key = store_upload(session, upload=upload, rules=RULES, actor=ROSA, now=now).storage_key
    assert watched == [False]
    with app.app_context():
        assert current_storage().get(key) == PDF


def test_no_file_is_looked_at_inside_a_transaction_that_writes(app, watched):
    def inside() -> None:
        with unit_of_work() as session:
            session.scalars(select(StoredFile)).all()
            with arriving([sent()], _rules):
                pass

    with app.test_request_context("/"), pytest.raises(LookedTooLate):
        inside()
    assert watched == []


def _rules(_session) -> FileRules:
    return RULES


def test_who_may_not_send_has_nothing_opened(app, watched):
    def refusing(_session) -> FileRules:
        raise Forbidden

    with app.test_request_context("/"), pytest.raises(Forbidden), arriving([sent()], refusing):
        pass
    assert watched == []


def test_what_no_operation_took_leaves_no_bytes(app, watched):
    with app.test_request_context("/"):
        with one_arriving(sent(), _rules) as upload:
            assert upload
            key = str(upload.storage_key)
            assert current_storage().get(key) == PDF
        with pytest.raises(NotStored):
            current_storage().get(key)
        with one_arriving(None, _rules) as upload:
            assert upload is None


def test_what_is_there_already_is_not_looked_at_again(app, watched, now):
    with app.test_request_context("/"):
        with one_arriving(sent(), _rules) as upload, unit_of_work() as session:
            file = store_upload(session, upload=upload, rules=RULES, actor=ROSA, now=now)
            there_already = frozenset({(file.name, file.sha256)})
        known = FileRules(RULES.accept, RULES.max_bytes, known=there_already)
        with one_arriving(sent(), lambda _session: known) as again, unit_of_work() as session:
            there = session.scalars(select(StoredFile)).all()
            assert store_upload(session, upload=again, rules=RULES, actor=ROSA, now=now, present=there) is there[0]
        gone = one_arriving(sent(), lambda _session: known)
        with pytest.raises(AskedOtherwise), gone as again, unit_of_work() as session:
            store_upload(session, upload=again, rules=RULES, actor=ROSA, now=now)
    assert watched == [False]


def test_a_file_looked_at_without_stripping_is_not_taken_where_stripping_is_asked(session, now):
    strict = FileRules(("pdf",), 1024 * 1024, strip=True)
    with pytest.raises(AskedOtherwise):
        store_upload(session, upload=make_upload(PDF), rules=strict, actor=ROSA, now=now)
