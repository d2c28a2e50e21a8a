"""PDFs, Markdown and languages."""

import io

import pikepdf
import pytest
from jinja2 import ChoiceLoader, DictLoader

from portal.access.models import Authority
from portal.core.i18n import in_both, in_language, lazy_
from portal.core.pdf import render_pdf
from portal.core.text import clean_line, clean_text, is_blank
from portal.core.web.markdown import to_html

PDF = (
    '<html lang="it"><head><title>{{ title }}</title></head>'
    "<body><h1>{{ title }}</h1><p>{{ text }}</p>{{ more }}</body></html>"
)
BAD_MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "[a](javascript:alert(1))", "[a](JaVa&#09;Script:alert(1))", "![a](javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)", '<a href="vbscript:x">a</a>', "`<script>`", '<p hx-post="/x">',
    '<div data-hx-get="/x" data-hx-trigger="load">', "</div></main><h1>broken out</h1>",
    '<base href="https://evil.example">', '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<form action="https://evil.example"><input name=a>', "<style>*{display:none}</style>",
    '<p id="main" name="main" class="v-error" style="color:red">a</p>', "<iframe srcdoc='<script>1</script>'>",
    "<math><mtext><style><img src onerror=alert(1)>", "<!--<script>alert(1)</script>-->", '"><script>alert(1)</script>',
)  # fmt: skip
FORBIDDEN = (
    "<script", "<img", "<div", "<form", "<input", "<meta", "<base", "<svg", "<iframe", "<style", "<h1", "<!--", " on",
    " id=", " name=", " class=", " style=", "hx-", 'href="javascript', 'href="data', 'href="vbscript',
)  # fmt: skip


@pytest.fixture
def pdf(app, monkeypatch):
    """`pdf(**context)`: the bytes of a small document."""
    loader = ChoiceLoader([DictLoader({"probe.html": PDF}), app.jinja_env.loader])
    monkeypatch.setattr(app.jinja_env, "loader", loader)

    def made(**context: object) -> bytes:
        with app.test_request_context():
            said = {"title": "Ricevuta", "text": "Perché sì", "more": "", **context}
            return render_pdf("probe.html", issuer=Authority(twin_of_id=None), **said)

    return made


def test_a_pdf_is_tagged_titled_and_knows_its_language(pdf):
    with pikepdf.open(io.BytesIO(pdf())) as document:
        assert document.Root.MarkInfo.Marked
        assert document.Root.Lang == "it"
        assert "/StructTreeRoot" in document.Root
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.open_metadata()["pdfuaid:part"] == "1"
        assert document.open_metadata()["dc:title"] == "Ricevuta"


def test_the_same_content_is_the_same_bytes(pdf):
    assert pdf() == pdf()
    assert pdf() != pdf(text="Altro")


def test_a_pdf_fetches_nothing_and_runs_no_markup_of_its_readers(pdf, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("canarino")
    with pikepdf.open(io.BytesIO(pdf(text=f'<img src="file://{secret}"><a href="javascript:1">a</a>'))) as document:
        assert list(document.pages[0].Resources.XObject.keys()) == []
        assert "/Annots" not in document.pages[0]


@pytest.mark.parametrize("text", BAD_MARKUP)
def test_markdown_lets_nothing_pass_but_what_is_allowed(text):
    for written in (text, f"# Titolo\n\n{text}\n\n- {text}", f"<p>{text}</p>"):
        html = str(to_html(written)).lower()
        assert [found for found in FORBIDDEN if found in html] == []


def test_markdown_keeps_what_people_need():
    html = str(to_html("# Titolo\n\n**a** [b](https://c.example/)\n\n- d\n\n| e |\n|---|\n| f |"))
    assert "<h2>Titolo</h2>" in html
    assert '<a href="https://c.example/" rel="noopener">b</a>' in html
    assert all(tag in html for tag in ("<strong>a</strong>", "<li>d</li>", "<td>f</td>"))
    assert str(to_html(None)) == str(to_html("")) == ""


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("a\u202eb", "ab"),
        ("a\u200bb", "ab"),
        ("  a \t b\r\nc ", "a b c"),
        ("e\u0301", "é"),
        ("a\x00b", "a\ufffdb"),
        ("\u200b", ""),
    ],
)
def test_a_name_shows_all_that_it_holds(written, line):
    assert clean_line(written) == line


def test_every_line_end_counts_once():
    assert clean_text("a\r\nb\rc\nd\u2028e") == "a\nb\nc\nd\ne"
    assert is_blank(" \u200b\r\n")


@pytest.mark.parametrize(
    ("asked", "headers", "cookie", "spoken"),
    [
        ("", {}, None, "it"),
        ("", {"Accept-Language": "en-GB,en;q=0.9,it;q=0.1"}, None, "en"),
        ("", {"Accept-Language": "de,fr"}, None, "it"),
        ("?lang=en", {"Accept-Language": "it"}, "it", "en"),
        ("?lang=xx", {"Accept-Language": "it"}, "en", "en"),
        ("", {"Accept-Language": "it"}, "en", "en"),
        ("", {"Accept-Language": "en"}, "../it", "en"),
    ],
)
def test_the_language_is_the_one_asked_for(client, asked, headers, cookie, spoken):
    if cookie:
        client.set_cookie("lang", cookie)
    answer = client.get(f"/sign-in{asked}", headers=headers)
    assert answer.headers["Content-Language"] == spoken
    assert f'<html lang="{spoken}">' in answer.get_data(as_text=True)


def test_the_switch_is_remembered(page):
    page.get("/sign-in?lang=en&next=/desk").get("/sign-in")
    assert page.heading == "Sign in"
    kept = page.client.get_cookie("lang")
    assert kept is not None
    assert (kept.value, kept.http_only, kept.same_site) == ("en", True, "Lax")
    assert "lang=it" in str(page.tree.xpath("//a[@hreflang='it']/@href"))


def test_texts_that_outlive_the_request_are_kept_in_both_languages(app):
    with app.app_context():
        assert in_both(lazy_("Page not found")) == {"it": "Pagina non trovata", "en": "Page not found"}
        assert in_language({"it": "a", "en": "b"}, "en") == "b"
        assert in_language({"it": "a"}, "en") == "a"
        assert in_language(None) == ""
