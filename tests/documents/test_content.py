"""The bad files of the security rules, and the good ones that resemble them."""

import base64
import contextlib
import io
import zipfile
import zlib

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from portal.core.errors import Invalid
from portal.documents.content import checked_content
from portal.documents.content.refused import ContentRefused, Reason
from portal.documents.rules import KINDS, Handling
from tests.factories.documents import (
    DOCX,
    PDF,
    XLSX,
    chunk,
    make_exif,
    make_jpeg,
    make_p7m,
    make_png,
    make_zip,
    segment,
    tlv,
)

EVERY = tuple(KINDS)
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PACKED = zlib.compress(b"\0" * 80_000_000, 9)
EXPLODING = PDF.replace(b"xref", b"9 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /N 1 /First 5 >>\nstream\n" + PACKED
                        + b"\nendstream\nendobj\nxref", 1)  # fmt: skip
FILTERED = PDF.replace(b"xref", b"9 0 obj\n<< /Type /ObjStm /Filter [" + b"/FlateDecode " * 9 + b"] >>\nstream\nx", 1)
CROWDED = PDF.replace(b"xref", b"9 0 obj\n" * 200_001 + b"xref", 1)
NESTED = b"\x30\x84\x00\x10\x00\x00" * 3000
BOMB = DOCX | {"word/media/image1.bin": b"\0" * 30_000_000}
MACRO_TYPE = {"[Content_Types].xml": b"<a>ms-word.document.macroEnabled</a>"}
HIDDEN_TYPE = {"[Content_Types].xml": b"<a>ms-word.document.macro&#69;nabled</a>"}
EMPTY_PARTS = b"\x04\0" * 200_000
IN_PARTS = make_p7m(EMPTY_PARTS).replace(tlv(0x04, EMPTY_PARTS), tlv(0x24, EMPTY_PARTS))
PAGE_INSIDE = PDF.replace(b"\n1 0 obj", b"\n%<script>1</script>\n1 0 obj", 1)
ENTITIES = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
WIDE = ENTITIES.decode().encode("utf-16")


def real_pdf(encryption: pikepdf.Encryption | None = None) -> bytes:
    """A PDF written by a library."""
    with pikepdf.new() as pdf, io.BytesIO() as out:
        pdf.add_blank_page()
        pdf.save(out, encryption=encryption)
        return out.getvalue()


def check(content: bytes, extension: str, accept=EVERY) -> bytes:
    """Check a file named `foto.<extension>`."""
    return checked_content(content, f"foto.{extension}", KINDS[extension], accept, field="statute").content


def is_judged(content: bytes, extension: str) -> bool:
    """Whether it is taken or refused, without any other error."""
    with contextlib.suppress(Invalid):
        check(content, extension)
    return True


GOOD = {
    "a small pdf": (PDF, "pdf"),
    "a real pdf": (real_pdf(), "pdf"),
    "a signed pdf": (make_p7m(), "p7m"),
    "a real pdf signed in parts": (make_p7m(real_pdf(), in_parts=True), "p7m"),
    "a signed pdf in base64": (base64.encodebytes(make_p7m()), "p7m"),
    "a signed pdf with a frame": (
        b"-----BEGIN PKCS7-----\n" + base64.encodebytes(make_p7m()) + b"-----END PKCS7-----\n",
        "p7m",
    ),
    "signed twice": (make_p7m(make_p7m()), "p7m"),
    "a signed text": (make_p7m(make_zip(DOCX)), "p7m"),
    "a text": (make_zip(DOCX), "docx"),
    "a sheet": (make_zip(XLSX), "xlsx"),
}
BAD = {
    "html as pdf": (HTML, "pdf", Reason.OTHER_TYPE),
    "svg as png": (SVG, "png", Reason.OTHER_TYPE),
    "a program as pdf": (b"MZ\x90\0" + b"\0" * 200, "pdf", Reason.OTHER_TYPE),
    "pdf as png": (PDF, "png", Reason.OTHER_TYPE),
    "png as jpg": (make_png(), "jpg", Reason.OTHER_TYPE),
    "an archive as pdf": (make_zip({"a.txt": b"a"}), "pdf", Reason.OTHER_TYPE),
    "an archive as docx": (make_zip({"a.txt": b"a"}), "docx", Reason.OTHER_TYPE),
    "docx as xlsx": (make_zip(DOCX), "xlsx", Reason.OTHER_TYPE),
    "a pdf after something": (b"GIF89a" + PDF, "pdf", Reason.OTHER_TYPE),
    "a pdf with a page inside": (PAGE_INSIDE, "pdf", Reason.TWO_IN_ONE),
    "a pdf with an archive behind": (PDF + make_zip({"a.exe": b"MZ"}), "pdf", Reason.TWO_IN_ONE),
    "half a pdf": (PDF[:60], "pdf", Reason.BROKEN),
    "a pdf with a password": (real_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "pdf", Reason.ENCRYPTED),
    "a restricted pdf": (real_pdf(encryption=pikepdf.Encryption(owner="a", user="")), "pdf", Reason.ENCRYPTED),
    "a pdf whose lists of objects explode": (EXPLODING, "pdf", Reason.TOO_MUCH_INSIDE),
    "a pdf packed many times over": (FILTERED, "pdf", Reason.TOO_MUCH_INSIDE),
    "a pdf of too many objects": (CROWDED, "pdf", Reason.TOO_MUCH_INSIDE),
    "a pdf that declares too many": (PDF.replace(b"/Size 3", b"/Size 2147483647"), "pdf", Reason.TOO_MUCH_INSIDE),
    "a pdf of a billion pages": (PDF.replace(b"/Count 0", b"/Count 1000000000"), "pdf", Reason.TOO_MUCH_INSIDE),
    "a pdf of endless lists": (PDF.replace(b"xref", b"/XRef " * 10_001 + b"xref", 1), "pdf", Reason.TOO_MUCH_INSIDE),
    "a signature over empty parts": (IN_PARTS, "p7m", Reason.TOO_MUCH_INSIDE),
    "a jpeg of nothing but marks": (make_jpeg(1, 1, b"\xff" * 50_001), "jpg", Reason.TOO_MUCH_INSIDE),
    "a png of empty parts": (make_png(1, 1, chunk(b"prVt", b"") * 50_001), "png", Reason.TOO_MUCH_INSIDE),
    "macros in disguise": (make_zip(DOCX | HIDDEN_TYPE), "docx", Reason.UNSAFE_XML),
    "macros": (make_zip(DOCX | {"word/vbaProject.bin": b"x"}), "docx", Reason.MACROS),
    "macros by their type": (make_zip(DOCX | MACRO_TYPE), "docx", Reason.MACROS),
    "an archive that explodes": (make_zip(BOMB), "docx", Reason.TOO_MUCH_INSIDE),
    "too many parts": (make_zip(DOCX | {f"word/{n}.xml": b"" for n in range(2001)}), "docx", Reason.TOO_MUCH_INSIDE),
    "entities": (make_zip(XLSX | {"xl/sharedStrings.xml": ENTITIES}), "xlsx", Reason.UNSAFE_XML),
    "entities in utf-16": (make_zip(XLSX | {"xl/a.xml": WIDE}), "xlsx", Reason.UNSAFE_XML),
    "an archive in a text": (make_zip(DOCX | {"word/a.zip": make_zip({})}), "docx", Reason.TWO_IN_ONE),
    "a path out of the archive": (make_zip(DOCX | {"../../etc/passwd": b""}), "docx", Reason.TWO_IN_ONE),
    "half a text": (make_zip(DOCX)[:-30], "docx", Reason.BROKEN),
    "a png of 50000 x 50000": (make_png(50_000, 50_000), "png", Reason.IMAGE_TOO_LARGE),
    "a jpeg of 50000 x 50000": (make_jpeg(50_000, 50_000), "jpg", Reason.IMAGE_TOO_LARGE),
    "a png without size": (make_png(0, 5), "png", Reason.BROKEN),
    "half a png": (make_png()[:-12], "png", Reason.BROKEN),
    "half a jpeg": (make_jpeg()[:-2], "jpeg", Reason.BROKEN),
    "a broken signature": (make_p7m()[:-20], "p7m", Reason.BROKEN),
    "a signature over html": (make_p7m(HTML), "p7m", Reason.SIGNED_OTHER_TYPE),
    "a signature over half a pdf": (make_p7m(PDF[:60]), "p7m", Reason.BROKEN),
    "a signature without document": (make_p7m(None), "p7m", Reason.SIGNED_OTHER_TYPE),
    "an envelope without signature": (make_p7m(signers=0), "p7m", Reason.NOT_SIGNED),
    "another envelope": (make_p7m(kind=bytes.fromhex("2a864886f70d010703")), "p7m", Reason.OTHER_TYPE),
    "a signature and something else": (make_p7m() + make_zip({"a": b"a"}), "p7m", Reason.TWO_IN_ONE),
    "a pdf as p7m": (PDF, "p7m", Reason.OTHER_TYPE),
    "endless nesting": (NESTED, "p7m", Reason.BROKEN),
}  # fmt: skip


@pytest.mark.parametrize("what", GOOD)
def test_a_good_file_is_kept_as_it_is(what):
    content, extension = GOOD[what]
    assert check(content, extension) == content


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_its_name_and_the_mend(app, what):
    content, extension, reason = BAD[what]
    with pytest.raises(Invalid) as refused:
        check(content, extension)
    assert isinstance(cause := refused.value.__cause__, ContentRefused)
    assert cause.reason is reason
    assert refused.value.field == "statute"
    with app.app_context():
        assert f"foto.{extension}" in str(refused.value.message)


def test_a_signature_is_judged_by_what_the_call_accepts():
    assert check(make_p7m(), "p7m", accept=("p7m",))
    with pytest.raises(Invalid):
        check(make_p7m(make_zip(DOCX)), "p7m", accept=("pdf", "p7m"))


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photograph_loses_place_and_words_but_stands_upright(order):
    exif = segment(0xE1, make_exif(orientation=6, order=order))
    words = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0Rosa") + segment(0xED, b"Rosa") + segment(0xFE, b"Rosa")
    clean = check(make_jpeg(1, 1, exif, words) + b"after the end", "jpg")
    assert b"GPS" not in clean
    assert b"Rosa" not in clean
    assert clean.endswith(b"\xff\xd9")
    assert check(clean, "jpg") == clean
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == {0x0112: 6}


def test_a_real_photograph_still_opens_with_the_same_pixels():
    picture = Image.effect_noise((64, 48), 80)
    for name, options in {"jpg": {"progressive": True, "quality": 90}, "png": {}}.items():
        out = io.BytesIO()
        picture.save(out, "JPEG" if name == "jpg" else "PNG", **options)
        with Image.open(io.BytesIO(check(out.getvalue(), name))) as kept, Image.open(out) as sent:
            assert kept.tobytes() == sent.tobytes()


def test_a_png_loses_its_words():
    clean = check(make_png(1, 1, chunk(b"tEXt", b"Author\0Rosa"), chunk(b"eXIf", b"GPS")) + b"<html>", "png")
    assert clean == make_png()


def test_an_office_file_loses_its_author_where_it_is_asked():
    core = b'<cp:coreProperties xmlns:dc="d"><dc:creator>Rosa Bianchi</dc:creator></cp:coreProperties>'
    sent = make_zip(DOCX | {"docProps/core.xml": core, "docProps/app.xml": b"<Company>Rosa</Company>"})
    kept = checked_content(sent, "a.docx", KINDS["docx"], EVERY, strip=True)
    assert kept.handling is Handling.STRIPPED
    with zipfile.ZipFile(io.BytesIO(kept.content)) as archive:
        assert archive.read("word/document.xml") == DOCX["word/document.xml"]
        assert not any(b"Rosa" in archive.read(name) for name in archive.namelist())
    assert check(kept.content, "docx") == kept.content
    assert checked_content(sent, "a.docx", KINDS["docx"], EVERY).content == sent


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_damaged_file_is_judged_without_breaking(what, data):
    content, extension = GOOD[what]
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(0, 40)) :]
    assert is_judged(damaged, extension)


@given(st.sampled_from([make_png(), make_jpeg(2, 2, segment(0xE1, make_exif(orientation=3)))]), st.data())
def test_a_damaged_picture_is_judged_without_breaking(content, data):
    at = data.draw(st.integers(3, len(content) - 1))
    damaged = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(0, 40)) :]
    assert is_judged(damaged, "png" if content[1:4] == b"PNG" else "jpg")
