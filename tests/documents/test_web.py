"""A stored file as an answer: an attachment that no browser runs (P13)."""

import pytest

from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.documents.rules import ScanState
from portal.documents.web import NotServed, listed, send_stored
from tests.factories.documents import PDF
from tests.factories.questionnaires import make_writer


@pytest.fixture
def stored(session, now) -> StoredFile:
    """A file with a name that tries to get out of its header."""
    name = 'città "x"; filename=a.html\r\nX: y.pdf'
    return store_bytes(session, name=name, media_type="application/pdf", content=PDF, actor=make_writer(), now=now)


def test_a_file_is_an_attachment_in_a_sandbox(stored):
    response = send_stored(stored)
    assert response.get_data() == PDF
    assert response.headers["Content-Type"] == "application/pdf"
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''citt%C3%A0")
    assert disposition.isascii()
    assert not set(disposition) & set('"\r\n')
    assert disposition.count(";") == 1
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("state", [ScanState.WAITING, ScanState.INFECTED])
def test_what_is_not_clean_is_not_served(stored, state):
    stored.scan_state = state
    with pytest.raises(NotServed):
        send_stored(stored)
    assert listed(stored, url="/f")["url"] is None


def test_a_list_says_honestly_what_is_known_of_the_scan(stored):
    row = listed(stored, url="/f", added="ieri")
    assert (row["scan"], row["url"], row["size"], row["added"]) == ("not_scanned", "/f", len(PDF), "ieri")
