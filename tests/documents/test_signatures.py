"""Digital signatures as the portal reads them, made by a real library with certificates of an invented provider."""

import pytest
from flask import render_template_string
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core.db import new_id
from portal.documents.apart import NotDone, SignatureSeen, signatures_in, stripped_pdf
from portal.documents.checks import broken
from portal.documents.jobs import look_at_signatures
from portal.documents.models import FileSignature, StoredFile
from portal.documents.operations import SIGNATURES_JOB, read_signatures, store_upload
from portal.documents.queries import signatures_of
from portal.documents.rules import Coverage, FileRules, Handling, SignatureKind, Soundness
from portal.documents.signatures import signature_listed, signed_listed
from portal.documents.web import send_unwrapped
from tests.documents.test_scanning import jobs, work
from tests.factories.documents import PDF, make_exif, make_jpeg, make_p7m, make_upload, segment
from tests.factories.questionnaires import make_writer
from tests.factories.signing import END, START, make_signer, real_pdf, sign_envelope, sign_pdf

MEGABYTE = 1024 * 1024
PADES, CADES = SignatureKind.PADES, SignatureKind.CADES
INTACT, ALTERED, UNREADABLE = Soundness.INTACT, Soundness.ALTERED, Soundness.UNREADABLE


def ugo():
    """A second signer, with a key of another kind and an older way to write the code."""
    return make_signer("Ugo", "Neri", "IT:NREGUO75C15F839K", is_rsa=True)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return real_pdf(author="Rosa Bianchi")


def told(seen: list[SignatureSeen]):
    """What a test looks at."""
    return [(each.layer, each.kind, each.signer_name, each.soundness, each.coverage) for each in seen]


def test_a_signature_inside_a_pdf_says_who_and_that_it_is_whole(pdf):
    (seen,) = signatures_in(sign_pdf(pdf), PADES)
    assert told([seen]) == [(1, PADES, "Rosa Bianchi", INTACT, Coverage.WHOLE)]
    assert (seen.signer_code, seen.issuer, seen.digest) == ("BNCRSO80A41A662X", "Firma di prova S.p.A.", "sha256")
    assert (seen.valid_from, seen.valid_until, seen.stamped_at) == (START, END, None)
    assert seen.claimed_at is not None
    assert SignatureSeen.read(seen.plain()) == seen


def test_two_people_sign_one_after_the_other_and_both_hold(pdf):
    both = sign_pdf(sign_pdf(pdf), ugo(), field="Firma2")
    assert told(signatures_in(both, PADES)) == [
        (1, PADES, "Rosa Bianchi", INTACT, Coverage.LATER_ADDED),
        (1, PADES, "Ugo Neri", INTACT, Coverage.WHOLE),
    ]


def test_what_changed_after_signing_is_said(pdf):
    changed = sign_pdf(pdf).replace(b"/MediaBox", b"/MediaBux", 1)
    (seen,) = signatures_in(changed, PADES)
    assert (seen.soundness, seen.signer_name) == (ALTERED, "Rosa Bianchi")


def test_envelopes_are_opened_down_to_the_signed_pdf(pdf):
    packed = sign_envelope(sign_envelope(sign_pdf(pdf), ugo()))
    assert told(signatures_in(packed, CADES)) == [
        (1, CADES, "Rosa Bianchi", INTACT, Coverage.WHOLE),
        (2, CADES, "Ugo Neri", INTACT, Coverage.WHOLE),
        (3, PADES, "Rosa Bianchi", INTACT, Coverage.WHOLE),
    ]
    broken_inside = sign_envelope(pdf).replace(b"/MediaBox", b"/MediaBux")
    assert [each.soundness for each in signatures_in(broken_inside, CADES)] == [ALTERED]


@pytest.mark.parametrize(("content", "kind"), [(make_p7m(), CADES), (b"junk", CADES), (b"%PDF-junk", PADES)])
def test_what_cannot_be_read_says_so(content, kind):
    assert [each.soundness for each in signatures_in(content, kind)] == [UNREADABLE]


def test_what_the_process_apart_cannot_read_is_not_done():
    with pytest.raises(NotDone):
        stripped_pdf(b"%PDF-1.7 nothing")


def test_a_pdf_loses_author_and_place_and_nothing_else():
    photograph = make_jpeg(1, 1, segment(0xE1, make_exif(orientation=6)))
    sent = real_pdf(author="Rosa Bianchi", photograph=photograph)
    clean = stripped_pdf(sent)
    assert b"Rosa" not in clean
    assert b"GPS" not in clean
    assert clean == stripped_pdf(sent)


@pytest.fixture
def arrived(session, now):
    """`arrived(content, name, strip)`: a file that somebody sent."""

    def sending(content, name="atto.pdf", *, strip=False) -> StoredFile:
        rules = FileRules(("pdf", "p7m"), MEGABYTE, strip=strip)
        upload = make_upload(content, name, rules)
        file = store_upload(session, upload=upload, rules=rules, actor=make_writer(), now=now)
        session.commit()
        return file

    return sending


def test_signatures_are_read_once_and_bound_to_their_bytes(session, arrived, pdf, now):
    file = arrived(sign_envelope(pdf), "atto.pdf.p7m")
    (job,) = jobs(session, SIGNATURES_JOB)
    work(session, look_at_signatures, now=now, **job.args)
    work(session, read_signatures, file_id=file.id, now=now)
    (row,) = signatures_of(session, [file])[file.id]
    assert (row.sha256, row.signer_code, row.is_in_term, row.is_weak) == (file.sha256, "BNCRSO80A41A662X", True, False)
    assert signature_listed(row)["tone"] == "success"
    assert file.signatures_read_at == now
    assert list(broken(session)) == []


def test_a_signature_read_stays_as_it_was_read(session, arrived, pdf, now):
    file = arrived(sign_pdf(pdf))
    work(session, read_signatures, file_id=file.id, now=now)
    with pytest.raises(IntegrityError):
        session.execute(update(FileSignature).values(soundness=ALTERED))


def test_a_signature_of_other_bytes_is_found(session, arrived, pdf, now):
    file = arrived(sign_pdf(pdf))
    session.add(
        FileSignature(id=new_id(), file_id=file.id, position=1, sha256="0" * 64, kind=PADES, soundness=UNREADABLE,
                      coverage=Coverage.PARTIAL, read_at=now)
    )  # fmt: skip
    session.flush()
    assert any("read from other bytes" in line for line in broken(session))


def test_the_document_inside_an_envelope_is_handed_out_alone(session, arrived):
    response = send_unwrapped(arrived(sign_envelope(PDF), "atto.pdf.p7m"))
    assert response.get_data() == PDF
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''atto.pdf"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_signed_file_is_never_rewritten_an_unsigned_one_is_where_it_is_asked(session, arrived, pdf):
    signed = sign_pdf(pdf)
    kept = arrived(signed, strip=True)
    assert (kept.handling, kept.sha256) == (Handling.KEPT_SIGNED, kept.received_sha256)
    clean = arrived(pdf, strip=True)
    assert (clean.handling, clean.is_signed) == (Handling.STRIPPED, False)
    assert clean.sha256 != clean.received_sha256
    as_sent = arrived(pdf)
    assert (as_sent.handling, as_sent.sha256) == (Handling.AS_SENT, as_sent.received_sha256)
    assert session.scalar(select(FileSignature.id)) is None


def test_where_names_are_hidden_a_signature_is_shown_without_its_name(app, session, arrived, pdf, now):
    file = arrived(sign_pdf(pdf))
    work(session, read_signatures, file_id=file.id, now=now)
    signed = signed_listed(file, signatures_of(session, [file])[file.id])
    shown = (
        '{% from "documents/_signatures.html" import signature_list, signature_verdicts with context %}'
        "{{ signature_verdicts(file) if nameless else signature_list(file) }}"
    )
    with app.test_request_context("/?lang=en"):
        hidden, named = (render_template_string(shown, file=signed, nameless=each) for each in (True, False))
    assert "signature intact" in hidden
    for told in ("Rosa", "BNCRSO80A41A662X"):
        assert told not in hidden
        assert told in named
