"""Headers, error pages and fragments, and the refusal of what another site made."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.app import create_app
from portal.core.config import Settings
from portal.core.web.errors import MESSAGES, TITLES
from tests.core.conftest import CANARY, REFUSALS, Probe
from tests.markup import faults
from tests.page import HTMX, SAME_ORIGIN, Page

NONCE = re.compile(r"'nonce-([^']+)'")
ITALIAN, ENGLISH = {"Accept-Language": "it"}, {"Accept-Language": "en"}
VARY = {"HX-Request", "HX-Request-Type", "HX-History-Restore-Request", "HX-Boosted", "Cookie", "Accept-Language"}
FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "an address typed": {"Sec-Fetch-Site": "none"},
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:81"},
    "no origin": {"Origin": "null"},
    "another page": {"Referer": "https://evil.example/localhost"},
    "a host of the same end": {"Referer": "http://evil-localhost/"},
    "nothing said": {},
}


@pytest.mark.parametrize("language", ["it", "en"])
def test_a_refusal_is_a_page_and_a_fragment_in_both_languages(probe: Probe, language):
    spoken = {"Accept-Language": language}
    for code in REFUSALS:
        page = probe.post(f"/probe/refuse/{code}", spoken)
        fragment = probe.post(f"/probe/refuse/{code}", spoken | HTMX)
        assert page.status_code == fragment.status_code == code
        whole, part = page.get_data(as_text=True), fragment.get_data(as_text=True)
        assert f'<html lang="{language}">' in whole
        assert faults(whole, page.headers["Content-Security-Policy"]) == []
        assert faults(part, fragment.headers["Content-Security-Policy"]) == []
        assert f'data-code="{code}"' in part
        assert ("Retry-After" in page.headers) == (code in {429, 503})


def test_every_code_says_something_else_in_italian(app):
    with app.test_request_context(headers=ENGLISH):
        english = {code: (str(TITLES[code]), str(MESSAGES[code])) for code in TITLES}
    with app.test_request_context(headers=ITALIAN):
        italian = {code: (str(TITLES[code]), str(MESSAGES[code])) for code in TITLES}
    assert {400, 403, 404, 405, 409, 413, 422, 423, 429, 500, 503} == english.keys() == MESSAGES.keys()
    same = [code for code in TITLES if {*english[code]} & {*italian[code]}]
    assert same == []


def test_an_unknown_address_and_a_wrong_method_are_pages_too(page: Page):
    page.get("/nothing/here", 404)
    page.get("/sign-out", 405)
    assert page.response is not None
    assert "POST" in page.response.headers["Allow"]


def test_an_error_page_links_only_to_this_site(client: FlaskClient):
    html = client.get("/?x=1", environ_overrides={"PATH_INFO": "//evil.example/a b"}).get_data(as_text=True)
    assert 'href="//' not in html
    assert 'href="/evil.example/a%20b?x=1&amp;lang=en"' in html


def test_what_broke_is_not_told(production, capsys):
    probe = production()
    for headers in (ITALIAN, ENGLISH, ITALIAN | HTMX):
        answer = probe.visitor().get("/probe/break?a=b", headers=headers)
        assert answer.status_code == 500
        shown = answer.get_data(as_text=True)
        assert not any(word in shown for word in (CANARY, "ValueError", "Traceback", "conftest"))
    told = "".join(capsys.readouterr())
    assert CANARY not in told
    assert "ValueError" in told
    assert "broken" in told


def test_too_long_a_body_is_told_as_such(probe: Probe, monkeypatch):
    monkeypatch.setitem(probe.app.config, "MAX_CONTENT_LENGTH", 1000)
    assert probe.post("/probe/act", what="a" * 1001).status_code == 413
    assert probe.post("/probe/act", file=(io.BytesIO(b"a" * 1001), "a.pdf")).status_code == 413


def test_a_form_without_its_token_is_refused(probe: Probe):
    client = probe.visitor()
    assert client.post("/probe/act", data={}, headers=SAME_ORIGIN).status_code == 400
    assert client.post("/probe/act", data={"csrf_token": "a"}, headers=SAME_ORIGIN | HTMX).status_code == 400


def test_what_another_site_made_is_refused(probe: Probe):
    client = probe.visitor()
    form = {"csrf_token": probe.token}
    answers = {who: client.post("/probe/act", data=form, headers=headers) for who, headers in FOREIGN.items()}
    assert {who: answer.status_code for who, answer in answers.items() if answer.status_code != 403} == {}


@pytest.mark.parametrize("headers", [{"Origin": "http://localhost"}, {"Referer": "http://localhost/calls"}])
def test_an_old_browser_of_this_site_is_believed(probe: Probe, headers):
    client = probe.visitor()
    answer = client.post("/probe/act", data={"csrf_token": probe.token}, headers=headers)
    assert answer.status_code == 303


def test_over_tls_a_page_without_tls_is_another_site(production):
    client = production("secure", origin="https://localhost").app.test_client()
    answer = client.post("/sign-in", base_url="https://localhost", headers={"Origin": "http://localhost"})
    assert answer.status_code == 403


def test_another_site_cannot_embed_what_the_cookie_opens(probe: Probe):
    client = probe.visitor()
    image = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/sign-in", headers=image).status_code == 403
    assert client.get("/sign-in", headers=link).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_host_that_is_not_ours_is_a_plain_error_page(client: FlaskClient, method):
    answer = getattr(client, method)("/sign-in", headers={"Host": "evil.example"} | SAME_ORIGIN)
    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True)
    assert client.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"}).status_code == 200


def test_every_answer_has_its_own_nonce(client: FlaskClient):
    seen = [NONCE.findall(client.get("/sign-in", headers=h).headers["Content-Security-Policy"]) for h in ({}, {}, HTMX)]
    assert len({nonce for found in seen for nonce in found}) == 3
    assert all(len(nonce) >= 22 for found in seen for nonce in found)


def test_pages_and_fragments_are_kept_apart_by_every_cache(client: FlaskClient):
    answer = client.get("/sign-in")
    assert set(answer.vary.as_set(preserve_casing=True)) >= VARY
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_304_carries_no_policy(client: FlaskClient):
    asset = next(iter(re.findall(r'href="(/static/[^"]+\.css)"', client.get("/sign-in").get_data(as_text=True))))
    with client.get(asset) as first, client.get(asset, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert again.status_code == 304
        assert "Content-Security-Policy" not in again.headers
        assert "immutable" in first.headers["Cache-Control"]
    assert "immutable" not in client.get("/static/nothing.css").headers["Cache-Control"]


def test_security_headers_stand_on_every_answer(client: FlaskClient, production):
    for path in ("/sign-in", "/nothing", "/healthz"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers
    secure = (
        production("secure", origin="https://localhost").app.test_client().get("/sign-in", base_url="https://localhost")
    )
    assert "includeSubDomains" in secure.headers["Strict-Transport-Security"]


def test_the_history_of_the_browser_is_restored_with_whole_pages(client: FlaskClient):
    restored = client.get("/nothing", headers=HTMX | {"HX-History-Restore-Request": "true"})
    assert "<html" in restored.get_data(as_text=True)


@pytest.mark.parametrize("headers", [ITALIAN, ENGLISH, HTMX])
def test_without_a_database_the_answer_is_503_and_readable(tmp_path: Path, clock, headers):
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nowhere"
    app = create_app(replace(Settings.for_tests(database_url=nowhere, var=tmp_path), testing=False))
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = "a-token"
    for path in ("/desk", "/sign-in"):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 503, path
        assert answer.headers["Retry-After"] == "60"
        assert faults(answer.get_data(as_text=True), answer.headers["Content-Security-Policy"]) == []
    assert client.get("/nothing", headers=headers).status_code == 404
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
