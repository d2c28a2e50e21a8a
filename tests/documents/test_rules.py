"""Names that people and attackers give to files."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.errors import Invalid
from portal.documents.rules import accepted_kind, clean_name, extension_of, size_in_words, types_in_words

NAMES = {
    "statuto.pdf": "statuto.pdf",
    "C:\\Users\\Rosa\\Documenti\\statuto.pdf": "statuto.pdf",
    "../../etc/passwd": "passwd",
    "a\r\nSet-Cookie: x=1.pdf": "a Set-Cookie- x=1.pdf",
    "fattura\u202efdp.exe": "fatturafdp.exe",
    "statu\u200bto.pdf": "statuto.pdf",
    "nul\0.pdf": "nul\ufffd.pdf",
    "lone\ud800.pdf": "lone\ufffd.pdf",
    "caffe\u0301.pdf": "caffé.pdf",
    "  spazi   tanti .pdf": "spazi tanti.pdf",
    '<b>"x"|?*.pdf': "-b--x----.pdf",
    ".pdf": "file.pdf",
    "....": "file",
    "/": "file",
    "": "file",
    "bilancio.PDF": "bilancio.PDF",
    "atto.pdf.p7m": "atto.pdf.p7m",
}


@pytest.mark.parametrize("given_name", NAMES)
def test_a_hostile_name_becomes_a_plain_one(given_name):
    assert clean_name(given_name) == NAMES[given_name]


def test_a_long_name_keeps_its_extension():
    name = clean_name("à" * 500 + ".pdf")
    assert len(name) == 120
    assert name.endswith("à.pdf")


@given(st.text(st.characters(codec=None, categories=None), max_size=300))
def test_any_name_can_stand_in_a_header_a_page_and_a_folder(given_name):
    name = clean_name(given_name)
    assert 0 < len(name) <= 120
    assert name.isprintable() or any(unicodedata.category(c) in {"Cf", "Cn", "Co", "Zs"} for c in name)
    assert not set(name) & set('/\\\r\n\t\0<>:"|?*')
    assert name.encode("utf-8")
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.zip", "a.exe", "a", "pdf", "a.pdf.exe", "a.pdf "])
def test_only_accepted_extensions_pass_and_the_refusal_names_them(app, name):
    with pytest.raises(Invalid) as refused:
        accepted_kind(name, ["pdf", "p7m", "svg"], field="statute")
    assert refused.value.field == "statute"
    with app.app_context():
        assert "PDF, P7M" in str(refused.value.message)


def test_extensions_are_read_in_any_case_and_jpg_is_jpeg():
    assert accepted_kind("A.PDF", [".PDF"], field="f").extension == "pdf"
    assert accepted_kind("a.jpeg", ["jpg"], field="f").media_type == "image/jpeg"
    assert extension_of("atto.pdf.P7M") == "p7m"


def test_limits_and_types_are_said_in_words():
    assert size_in_words(10 * 1024 * 1024) == "10 MB"
    assert size_in_words(300 * 1024) == "300 kB"
    assert types_in_words(["pdf", "jpg", "jpeg"]) == "PDF, JPG"
