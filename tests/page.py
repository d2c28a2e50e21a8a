"""The strict client: it uses the portal as a browser without JavaScript does, and accepts no faulty answer.

CSRF and idempotency stay on: a form is filled and sent as the page showed it.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.markup import faults, is_full_page, parsed

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
INLINE = frozenset("a|abbr|b|bdi|code|data|em|i|mark|small|span|strong|sub|sup|time".split("|"))  # noqa: SIM905
UNSEEN = {"script", "style", "template"}
SEND = ("submit", "image")
TOKENS = "//meta[@name='csrf-token']/@content | //input[@name='csrf_token']/@value"


class Page:
    """A visitor with a cookie jar: `get`, then `submit` what the page offers, then look at it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._unseen = ""
        self._url = "/"
        self._html = ""
        self._response: TestResponse | None = None
        self.led_to: list[str] = []
        """The addresses of the redirects followed by the last request."""

    # ---- asking ----

    def get(self, url: str, expect: int = 200, *, htmx: bool = False, **headers: str) -> "Page":
        """Fetch a page, following redirects; `expect` is the status of the last answer."""
        return self._ask("GET", url, expect, htmx=htmx, headers=headers)

    def post(self, url: str, expect: int = 200, *, htmx: bool = False, **fields: Any) -> "Page":
        """Send fields without a form on the page; the CSRF token and a fresh key are added unless given."""
        data = MultiDict(_pairs({"csrf_token": self.csrf_token, "idempotency_key": uuid4().hex} | fields))
        return self._ask("POST", url, expect, htmx=htmx, data=data)

    def submit(self, form: str = "", expect: int = 200, *, htmx: bool = False, **fields: Any) -> "Page":
        """Fill and send a form of this page.

        `form` is its `#id`, its action, or the text of its button; nothing for the only one of <main>.
        A field that the form does not have, or an option that it does not offer, fails the test.
        """
        found, button = self._form(form)
        values = MultiDict(found.form_values())
        for name, value in fields.items():
            _must_offer(found, name, value)
            values.setlist(name, _sent(found, name, value))
        if button is not None and button.get("name"):
            values[button.get("name")] = button.get("value", "")
        sender = found if button is None else button
        url = urljoin(self.url, sender.get("formaction") or found.get("action") or self.url)
        if (found.get("method") or "get").lower() == "post":
            return self._ask("POST", url, expect, htmx=htmx, data=values)
        return self._ask("GET", url, expect, htmx=htmx, query=values)

    def click(self, text: str, expect: int = 200) -> "Page":
        """Follow the link with this text."""
        links = [link for link in self.tree.iter("a") if _text(link) == text]
        assert links, f"no link {text!r} on {self.url}; there are {[_text(a) for a in self.tree.iter('a')]}"
        return self.get(urljoin(self.url, links[0].get("href")), expect)

    def stand_at(self, url: str) -> "Page":
        """Be at a page that is fetched when something on it is looked at: whoever goes straight on never asks it."""
        self._unseen = url
        return self

    # ---- looking ----

    @property
    def url(self) -> str:
        """Where the visitor is."""
        return self._seen()._url

    @url.setter
    def url(self, url: str) -> None:
        self._unseen, self._url = "", url

    @property
    def html(self) -> str:
        """The last answer, if it was a page or a fragment."""
        return self._seen()._html

    @html.setter
    def html(self, html: str) -> None:
        self._unseen, self._html = "", html

    @property
    def response(self) -> TestResponse | None:
        """The last answer."""
        return self._seen()._response

    @property
    def tree(self) -> Any:
        """The last answer, parsed by lxml."""
        return parsed(self.html)

    @property
    def text(self) -> str:
        """What a reader of the last answer's body sees, blanks folded."""
        return _text(self.tree.find("body") if is_full_page(self.html) else self.tree)

    @property
    def heading(self) -> str:
        """The one h1."""
        return _text(self.tree.find(".//h1"))

    @property
    def csrf_token(self) -> str:
        """The token that the last page carries; a page is fetched when there is none yet."""
        found = self.html and self.tree.xpath(
            "//meta[@name='csrf-token']/@content | //input[@name='csrf_token']/@value"
        )
        if not found:
            self.get("/")
            found = self.tree.xpath("//meta[@name='csrf-token']/@content | //input[@name='csrf_token']/@value")
        return str(found[0]) if found else ""

    def shows(self, text: str) -> bool:
        """Whether a reader sees this text."""
        return " ".join(text.split()) in self.text

    def field(self, name: str) -> Any:
        """The control with this name."""
        found = self.tree.xpath(f"//*[self::input or self::select or self::textarea][@name='{name}']")
        assert found, f"no field {name!r} on {self.url}"
        return found[0]

    # ---- inside ----

    def _seen(self) -> "Page":
        if self._unseen:
            self.get(self._unseen)
        return self

    def _ask(self, method: str, url: str, expect: int, *, htmx: bool, **given: Any) -> "Page":
        where = self.url if htmx else ""
        self._unseen = ""
        headers = {**SAME_ORIGIN, **(HTMX if htmx else {}), **(given.get("headers") or {})}
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if htmx:
            headers["HX-Current-URL"] = urljoin("http://localhost", where)
        address = urlsplit(url)
        query = given.get("query") if given.get("query") is not None else address.query
        response = self.client.open(
            address.path or "/", method=method, data=given.get("data"), query_string=query, headers=headers
        )
        self.led_to = []
        while response.status_code in {301, 302, 303, 307, 308} and expect not in range(300, 400):
            assert response.status_code != 302 or method == "GET", f"{method} {url} answered 302, not 303"
            self.led_to.append(response.headers["Location"])
            address = urlsplit(urljoin(url, response.headers["Location"]))
            response = self.client.get(address.path, query_string=address.query, headers=headers)
        return self._accept(response, f"{method} {url}", expect, htmx=htmx)

    def _accept(self, response: TestResponse, asked: str, expect: int, *, htmx: bool) -> "Page":
        self._response = response
        self._url = response.request.full_path.rstrip("?")
        is_html = response.mimetype == "text/html" and response.status_code not in {204, 301, 302, 303, 304}
        self._html = response.get_data(as_text=True) if is_html else ""
        if response.status_code != expect:
            shown = self.text[:1500] if self.html else response.get_data(as_text=True)[:500]
            pytest.fail(f"{asked} answered {response.status_code}, not {expect}: {shown}")
        if is_html:
            found = faults(self.html, response.headers.get("Content-Security-Policy"))
            if not htmx and not is_full_page(self.html):
                found.append("a fragment answered a request for a page")
            assert not found, f"{asked} (at {self.url}):\n" + "\n".join(found)
        return self

    def _form(self, wanted: str) -> tuple[Any, Any]:
        forms = list(self.tree.iter("form"))
        if not wanted:
            inside = self.tree.xpath("//main//form") or forms
            assert len(inside) == 1, f"{len(inside)} forms on {self.url}: name one of {_names(inside)}"
            return inside[0], _button(inside[0], None)
        for form in forms:
            if wanted in {f"#{form.get('id')}", form.get("action")}:
                return form, _button(form, None)
        for form in forms:
            if (button := _button(form, wanted)) is not None:
                return form, button
        raise AssertionError(f"no form {wanted!r} on {self.url}; there are {_names(forms)}")


def _button(form: Any, text: str | None) -> Any:
    """The button of a form with this text; its first one when no text is asked."""
    buttons = [b for b in form.iter("button", "input") if b.get("type", "submit" if b.tag == "button" else "") in SEND]
    if identifier := form.get("id"):
        buttons += form.xpath(f"//button[@form='{identifier}'][not(ancestor::form[@id='{identifier}'])]")
    if text is None:
        return buttons[0] if buttons else None
    return next((b for b in buttons if text in {_text(b), b.get("value"), b.get("aria-label")}), None)


def _names(forms: list[Any]) -> list[str]:
    return [f"{form.get('action')} ({_text(_button(form, None))})" for form in forms]


def _text(element: Any) -> str:
    return "" if element is None else " ".join("".join(_pieces(element)).split())


def _pieces(element: Any) -> Iterator[str]:
    """The text inside an element; blocks are set apart by a blank, scripts left out."""
    if element.tag in UNSEEN or not isinstance(element.tag, str):
        return
    apart = "" if element.tag in INLINE else " "
    yield apart + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield apart


def _pairs(fields: dict[str, Any]) -> list[tuple[str, Any]]:
    """Lists become several values, True "y"; None and False send nothing."""
    pairs: list[tuple[str, Any]] = []
    for name, value in fields.items():
        each_value = value if isinstance(value, list) else [value]
        pairs += [(name, _one(each)) for each in each_value if each is not None and each is not False]
    return pairs


def _one(value: Any) -> Any:
    if value is True:
        return "y"
    return value if isinstance(value, tuple) else str(value)


def _sent(form: Any, name: str, value: Any) -> list[Any]:
    """The values of one field; a ticked box sends what its page says."""
    box = next((c for c in form.inputs if c.name == name and c.get("type") == "checkbox"), None)
    if value is True and box is not None:
        return [box.get("value", "on")]
    return [each for _, each in _pairs({name: value})]


def _must_offer(form: Any, name: str, value: Any) -> None:
    controls = [control for control in form.inputs if control.name == name]
    assert controls, f"the form has no field {name!r}; it has {sorted({c.name for c in form.inputs if c.name})}"
    offered: set[str] = set()
    for control in controls:
        if control.tag == "select":
            offered |= set(control.value_options)
        elif control.get("type") == "radio":
            offered.add(control.get("value", ""))
        else:
            return
    wanted = [each for _, each in _pairs({name: value})]
    assert offered.issuperset(wanted), f"{name}={value!r} is not offered: {sorted(offered)}"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Flask's own client, for what is not a page (JSON, files, headers)."""
    return app.test_client()


@pytest.fixture
def page(app: Flask) -> Page:
    """A visitor who is strict about every answer."""
    return Page(app.test_client())


@pytest.fixture
def visitors(app: Flask) -> Callable[[], Page]:
    """`visitors()` makes one more visitor with cookies of its own."""
    return lambda: Page(app.test_client())
