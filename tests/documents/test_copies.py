"""A signed copy beside the document that was to be signed: the same, only signed, changed, or another one."""

import io

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.documents.apart import copy_seen
from portal.documents.apart.copies import fit_of
from portal.documents.rules import Coverage, Fit, SignatureKind, Soundness
from tests.factories.signing import make_signer, real_pdf, sign_envelope, sign_pdf

NAME = generic.pdf_name


@pytest.fixture(scope="module")
def paper():
    return real_pdf(author="Ufficio")


@pytest.fixture(scope="module")
def signed(paper):
    return sign_pdf(paper)


def altered(content, change):
    """The document with an update appended to it, as an editor leaves it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer, writer.root["/Pages"]["/Kids"][0])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def other_words(writer, page):
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT (900.000) Tj ET"))
    writer.mark_update(page.container_ref)


def a_note(writer, page):
    note = generic.DictionaryObject({NAME("/Subtype"): NAME("/FreeText"), NAME("/Type"): NAME("/Annot")})
    page["/Annots"] = generic.ArrayObject([writer.add_object(note)])
    writer.mark_update(page.container_ref)


def a_script(writer, page):
    writer.root["/OpenAction"] = generic.DictionaryObject({NAME("/S"): NAME("/JavaScript")})
    writer.update_root()


def another_form(writer, page):
    words = writer.add_object(generic.StreamObject(stream_data=b"x"))
    writer.root["/AcroForm"] = generic.DictionaryObject({NAME("/Fields"): generic.ArrayObject(), NAME("/XFA"): words})
    writer.update_root()


def test_a_signature_inside_the_pdf_leaves_the_document_as_it_was(paper, signed):
    assert fit_of(paper, signed) is Fit.SIGNED
    twice = sign_pdf(signed, make_signer("Ugo", "Neri", "TINIT-NREGUO70A01H501S"), field="Firma2")
    assert fit_of(paper, twice) is Fit.SIGNED
    assert fit_of(signed, twice) is Fit.SIGNED, "the office signs the copy of the recipient"


def test_an_envelope_holds_the_document_itself(paper, signed):
    once = sign_envelope(paper)
    assert fit_of(paper, once) is Fit.SAME
    assert fit_of(paper, sign_envelope(once)) is Fit.SAME
    assert fit_of(once, sign_envelope(once)) is Fit.SAME
    assert fit_of(paper, sign_envelope(signed)) is Fit.SIGNED


@pytest.mark.parametrize("change", [other_words, a_note, a_script, another_form])
def test_what_is_changed_before_or_after_signing_is_found_out(paper, signed, change):
    assert fit_of(paper, sign_pdf(altered(paper, change))) is Fit.CHANGED
    if change is not another_form:
        assert fit_of(paper, altered(signed, change)) is Fit.CHANGED


def test_another_document_does_not_fit_nor_does_one_glued_behind(paper, signed):
    other = real_pdf(author="Altri")
    assert fit_of(other, signed) is Fit.OTHER
    assert fit_of(other, sign_envelope(paper)) is Fit.OTHER
    assert fit_of(paper, paper + other) is Fit.CHANGED
    assert fit_of(paper, b"\x30nothing") is Fit.OTHER


def test_the_process_apart_tells_fit_and_signatures_together(paper, signed):
    seen = copy_seen(paper, signed, SignatureKind.PADES)
    (signature,) = seen.signatures
    assert seen.fit is Fit.SIGNED
    assert (signature.soundness, signature.coverage) == (Soundness.INTACT, Coverage.WHOLE)
    assert signature.signer_code == "BNCRSO80A41A662X"
