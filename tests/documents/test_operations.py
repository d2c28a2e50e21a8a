"""Storing, reading and serving files, on both engines and a real folder."""

import hashlib

import pytest
from flask import current_app
from sqlalchemy import func, select, update

from portal.core.audit import AuditEvent
from portal.core.db import new_id
from portal.core.errors import Invalid, NotFound, Unavailable
from portal.documents.checks import broken
from portal.documents.labels import LABELS
from portal.documents.models import StoredFile
from portal.documents.operations import FileDamaged, read_file, store_bytes, store_upload
from portal.documents.queries import stored_file
from portal.documents.rules import FileRules, ScanState
from portal.documents.storage import LocalFolder, current_storage
from tests.factories.documents import PDF, make_upload
from tests.factories.questionnaires import make_writer

ROSA = make_writer()
MEGABYTE = 1024 * 1024
RULES = FileRules(("pdf", "p7m"), MEGABYTE, field="statute")


@pytest.fixture
def upload(session, now):
    """Send a file: `upload(content, name)`."""

    def sending(content=PDF, name="statuto.pdf"):
        return store_upload(session, upload=make_upload(content, name, RULES), rules=RULES, actor=ROSA, now=now)

    return sending


def stored_keys():
    """The names of all files in the folder of this application."""
    storage = current_storage()
    assert isinstance(storage, LocalFolder)
    return {path.name for path in storage.folder.rglob("*") if path.is_file()}


def test_an_upload_is_kept_with_its_hash_and_comes_back_as_it_was(session, upload, now):
    file = upload(name="C:\\tmp\\Statuto\u202e.pdf")
    assert (file.name, file.media_type, file.size_bytes) == ("Statuto.pdf", "application/pdf", len(PDF))
    assert (file.sha256, file.uploaded_at, file.uploaded_by) == (hashlib.sha256(PDF).hexdigest(), now, ROSA.person_id)
    assert file.scan_state is ScanState.NOT_SCANNED
    assert read_file(stored_file(session, file.id)) == PDF
    events = select(AuditEvent.event).where(AuditEvent.subject_id == file.id)
    assert session.scalars(events).all() == ["document.store"]
    assert list(broken(session)) == []


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "vuoto.pdf", "vuoto.pdf"),
        (PDF + b"%" * (MEGABYTE + 1 - len(PDF)), "grande.pdf", "1 MB"),
        (PDF, "statuto.exe", "PDF, P7M"),
        (b"<html></html>", "pagina.pdf", "pagina.pdf"),
        (PDF, "", "Choose one"),
    ],
)
def test_a_refused_file_leaves_nothing_and_names_field_and_mend(session, upload, content, name, words, app):
    before = stored_keys()
    with pytest.raises(Invalid) as refused:
        upload(content, name)
    assert refused.value.field == "statute"
    with app.test_request_context("/?lang=en"):
        assert words in str(refused.value.message)
    assert stored_keys() == before
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_file_of_exactly_the_limit_is_taken(upload):
    padded = PDF.replace(b"xref", b"%" * (MEGABYTE - len(PDF) - 1) + b"\nxref", 1)
    assert upload(padded).size_bytes == MEGABYTE


def test_no_file_at_all_is_refused(session, now):
    with pytest.raises(Invalid):
        store_upload(session, upload=None, rules=RULES, actor=ROSA, now=now)


def test_the_bytes_are_in_the_store_before_the_row(session, now):
    file = store_bytes(session, name="r.pdf", media_type="application/pdf", content=PDF, actor=ROSA, now=now)
    session.rollback()
    assert file.storage_key in stored_keys()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_store_that_fails_stores_nothing(session, upload, tmp_path, monkeypatch):
    (tmp_path / "files").write_text("not a folder")
    monkeypatch.setitem(current_app.extensions, "storage", LocalFolder(tmp_path / "files"))
    with pytest.raises(Unavailable):
        upload()
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert list(broken(session)) == []


def test_nothing_is_never_stored(session, now):
    with pytest.raises(ValueError, match="empty"):
        store_bytes(session, name="a", media_type="text/plain", content=b"", actor=ROSA, now=now)


def test_bytes_that_changed_are_never_handed_out(session, upload):
    file = upload()
    storage = current_storage()
    assert isinstance(storage, LocalFolder)
    storage.path(file.storage_key).write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(FileDamaged):
        read_file(file)
    assert [str(file.id) in line and "differs" in line for line in broken(session)] == [True]


def test_missing_bytes_are_found_also_in_a_sample(session, upload):
    file, other = upload(), upload()
    current_storage().delete(file.storage_key)
    with pytest.raises(FileDamaged):
        read_file(file)
    assert read_file(other) == PDF
    assert len(list(broken(session))) == 1
    assert len(list(broken(session, sample=5))) == 1
    assert list(broken(session, sample=0)) == []


def test_a_hash_altered_in_the_database_is_found(session, upload):
    upload()
    session.execute(update(StoredFile).values(sha256="0" * 64))
    assert len(list(broken(session))) == 1


def test_an_unknown_file_is_not_found(session):
    with pytest.raises(NotFound):
        stored_file(session, new_id())


def test_every_state_of_the_scan_has_its_words():
    assert set(LABELS) == set(ScanState)
