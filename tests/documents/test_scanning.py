"""Files wait for a real clamd: clean ones are freed, infected ones are set aside and nobody reads them any more."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from portal.core.audit import AuditEvent
from portal.core.config import Settings, faults_of
from portal.core.errors import Invalid
from portal.core.events import subscribe
from portal.core.jobs import Job
from portal.documents.checks import broken
from portal.documents.jobs import forget_bytes, look_again, scan
from portal.documents.models import StoredFile
from portal.documents.operations import SCAN_JOB, scan_file, store_bytes, store_upload
from portal.documents.rules import FileBlocked, FileRules, ScanState
from portal.documents.scanning import Clamd, ScannerSilent
from portal.documents.storage import QUARANTINE, NotStored, current_storage
from portal.documents.web import NotServed, send_stored
from tests.factories.documents import PDF, make_upload
from tests.factories.questionnaires import make_writer
from tests.scanner import EICAR, VIRUS

ROSA = make_writer()
INFECTED = PDF.replace(b"xref", b"% " + EICAR + b"\nxref", 1)
MEGABYTE = 1024 * 1024
told: list[FileBlocked] = []


def note(_session, event: FileBlocked) -> None:
    """Somebody who listens."""
    told.append(event)


@pytest.fixture
def arrived(session, now):
    """`arrived(content)`: a file that somebody sent."""

    def sending(content=PDF) -> StoredFile:
        rules = FileRules(("pdf",), MEGABYTE)
        file = store_upload(session, upload=make_upload(content), rules=rules, actor=ROSA, now=now)
        session.commit()
        return file

    return sending


def jobs(session, kind=SCAN_JOB):
    """The jobs of a kind, oldest first."""
    return session.scalars(select(Job).where(Job.kind == kind).order_by(Job.run_at, Job.id)).all()


def work(session, function, **given):
    """What the worker does: in a transaction of its own."""
    session.commit()
    function(session, **given)
    session.commit()


def test_a_scanner_tells_a_virus_from_what_is_clean(clamd):
    scanner = Clamd(clamd.address)
    assert scanner.ready() is None
    assert scanner.virus_in(b"%PDF " * 300_000) is None
    assert scanner.virus_in(b"before " + EICAR) == VIRUS


def test_what_the_scanner_cannot_judge_stays_unknown(clamd):
    with pytest.raises(ScannerSilent, match="size limit"):
        Clamd(clamd.address).virus_in(b"x" * (4 * MEGABYTE))


def test_a_scanner_that_is_down_says_so(clamd):
    gone = Clamd(f"{clamd.address}.gone")
    assert "does not answer" in str(gone.ready())
    with pytest.raises(ScannerSilent):
        gone.virus_in(b"x")
    with pytest.raises(ScannerSilent):
        Clamd("tcp://127.0.0.1:1").virus_in(b"x")


def test_a_clean_file_waits_and_is_freed(session, scanner, arrived, now):
    file = arrived()
    assert file.scan_state is ScanState.WAITING
    with pytest.raises(NotServed):
        send_stored(file)
    (job,) = jobs(session)
    work(session, scan, now=now + timedelta(seconds=9), **job.args)
    assert (file.scan_state, file.scanned_at, file.virus) == (ScanState.CLEAN, now + timedelta(seconds=9), None)
    assert send_stored(file).get_data() == PDF
    events = select(AuditEvent.event).where(AuditEvent.subject_id == file.id).order_by(AuditEvent.sequence)
    assert session.scalars(events).all() == ["document.store", "document.scan"]
    assert list(broken(session)) == []


def test_an_infected_file_is_set_aside_told_of_and_never_served(session, scanner, arrived, now, app):
    subscribe(FileBlocked, note)
    told.clear()
    file = arrived(INFECTED)
    before = file.storage_key
    work(session, scan_file, file_id=file.id, now=now)
    (forgetting,) = jobs(session, "documents.forget_bytes")
    work(session, forget_bytes, now=now, **forgetting.args)
    assert (file.scan_state, file.virus, file.storage_key) == (ScanState.INFECTED, VIRUS, QUARANTINE + before)
    assert [(event.file_id, event.name) for event in told] == [(file.id, "statuto.pdf")]
    with pytest.raises(NotServed):
        send_stored(file)
    with pytest.raises(NotStored):
        current_storage().get(before)
    assert list(broken(session)) == []
    with pytest.raises(Invalid) as again, app.test_request_context("/?lang=en"):
        arrived(INFECTED)
    with app.test_request_context("/?lang=en"):
        assert "A virus was found in “statuto.pdf”" in str(again.value.message)


def test_a_verdict_is_never_changed(session, scanner, arrived, now):
    file = arrived(INFECTED)
    for day in range(2):
        work(session, scan_file, file_id=file.id, now=now + timedelta(days=day))
    assert (file.scan_state, file.scanned_at) == (ScanState.INFECTED, now)


def test_while_the_scanner_is_silent_the_file_waits_and_the_job_comes_back_later(
    session, clamd, arrived, now, monkeypatch
):
    monkeypatch.setitem(current_app.extensions, "scanner", Clamd(f"{clamd.address}.gone"))
    file = arrived()
    for turn in range(3):
        work(session, scan, now=now, **jobs(session)[-1].args)
        assert jobs(session)[-1].run_at == now + timedelta(seconds=15) * 2**turn
    assert file.scan_state is ScanState.WAITING
    look_again(session, now=now + timedelta(hours=2))
    assert len(jobs(session)) == 4


def test_without_a_scanner_nothing_waits_and_with_a_new_one_the_old_files_are_scanned(session, arrived, now, request):
    file = arrived()
    made = store_bytes(session, name="r.pdf", media_type="application/pdf", content=PDF, actor=ROSA, now=now)
    session.commit()
    look_again(session, now=now)
    assert (file.scan_state, jobs(session)) == (ScanState.NOT_SCANNED, [])
    work(session, scan_file, file_id=file.id, now=now)
    assert file.scan_state is ScanState.NOT_SCANNED
    request.getfixturevalue("scanner")
    look_again(session, now=now)
    for job in jobs(session):
        work(session, scan, now=now, **job.args)
    assert {file.scan_state, made.scan_state} == {ScanState.CLEAN}


def test_a_scan_that_was_lost_is_asked_for_again(session, scanner, arrived, now):
    arrived()
    look_again(session, now=now + timedelta(minutes=59))
    assert len(jobs(session)) == 1
    look_again(session, now=now + timedelta(minutes=61))
    assert len(jobs(session)) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scan_state": ScanState.INFECTED, "virus": "X"}, "was not set aside"),
        ({"virus": "X"}, "not said to be infected"),
        ({"scan_state": ScanState.CLEAN}, "does not fit"),
    ],
)
def test_a_state_that_contradicts_itself_is_found(session, arrived, change, words):
    file = arrived()
    for name, value in change.items():
        setattr(file, name, value)
    session.flush()
    assert any(words in line for line in broken(session))


@pytest.mark.parametrize("address", ["", "unix:/run/clamav/clamd.ctl", "tcp://scanner:3310", "tcp://10.0.0.1"])
def test_addresses_of_scanners_that_are_understood(address):
    assert not any(fault.startswith("CLAMD") for fault in faults_of(Settings(clamd=address)))


@pytest.mark.parametrize("address", ["clamd", "http://scanner", "unix:relative", "tcp://a b"])
def test_an_address_that_is_no_scanners_is_refused_at_start(address):
    assert any(fault.startswith("CLAMD") for fault in faults_of(Settings(clamd=address)))
