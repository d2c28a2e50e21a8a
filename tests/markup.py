"""What every HTML answer of the portal must be: valid, labelled, and within its Content-Security-Policy."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import html5lib
import lxml.html

NEEDS_NO_LABEL = {"hidden", "submit", "button", "image", "reset"}
REFERENCES = ("for", "form", "list", *(f"aria-{kind}" for kind in ("labelledby", "describedby", "controls")))
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "option": "select"}
FIRST_TAG = re.compile(r"<([a-z][a-z0-9-]*)", re.IGNORECASE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
NONCE = re.compile(r"'nonce-([^']+)'")
FAULTY = r"\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\U0010ffff"
VALUE = re.compile(rf'(?<!type)="[^"&<>{FAULTY}]+"', re.IGNORECASE)
WORDS = re.compile(rf"(>\s*)[^<>&\s{FAULTY}][^<>&{FAULTY}]*(?=<)")
flawless: set[str] = set()
"""Skeletons of answers in which the parser found no fault."""


def is_full_page(html: str) -> bool:
    """Whether this is a document, not a fragment."""
    return html.lstrip()[:9].lower() == "<!doctype"


def parsed(html: str) -> Any:
    """The tree of a page, or of a fragment in a `div`."""
    if is_full_page(html):
        return lxml.html.document_fromstring(html)
    return lxml.html.fragment_fromstring(html, create_parent="div")


def faults(html: str, policy: str | None) -> list[str]:
    """Everything wrong with an answer, one line each."""
    tree = parsed(html)
    found = [*_syntax(html), *_identifiers(tree), *_labels(tree), *_forms(tree), *_inline(tree)]
    found += _policy(tree, policy)
    if is_full_page(html):
        found += [*_page(tree), *_references(tree)]
    return found


def _syntax(html: str) -> Iterator[str]:
    """What the parser of HTML 5 says; an answer that differs from a flawless one in its words alone is not asked."""
    form = skeleton(html)
    if form in flawless:
        return
    parser = html5lib.HTMLParser()
    if is_full_page(html):
        parser.parse(html)
    else:
        first = FIRST_TAG.search(COMMENT.sub("", html))
        parser.parseFragment(html, container=CONTAINERS.get(first.group(1).lower(), "div") if first else "div")
    for (line, column), code, values in parser.errors:
        near = html.splitlines()[line - 1].strip()[:120] if line <= html.count("\n") + 1 else ""
        yield f"not valid HTML: {code} {values} at {line}:{column} near {near!r}"
    if not parser.errors:
        flawless.add(form)


def skeleton(html: str) -> str:
    """An answer without its words: whatever may be a fault of syntax is left in; a comment is left whole."""
    return html if "<!--" in html else WORDS.sub(r"\1w", VALUE.sub('="v"', html))


def _identifiers(tree: Any) -> Iterator[str]:
    for identifier, times in Counter(tree.xpath("//@id")).items():
        if times > 1:
            yield f"id {identifier!r} is used {times} times"
        if not identifier or re.search(r"\s", identifier):
            yield f"id {identifier!r} is empty or has a space"


def _labels(tree: Any) -> Iterator[str]:
    labelled = {label.get("for") for label in tree.iter("label") if (label.text_content() or "").strip()}
    for control in tree.iter("input", "select", "textarea"):
        if control.tag == "input" and control.get("type", "text").lower() in NEEDS_NO_LABEL:
            continue
        wrapped = any(parent.text_content().strip() for parent in control.iterancestors("label"))
        named = control.get("aria-label") or control.get("aria-labelledby")
        if not (wrapped or named or (control.get("id") in labelled and control.get("id"))):
            yield f"no label: {_shown(control)}"
    for image in tree.iter("img"):
        if image.get("alt") is None:
            yield f"no alt: {_shown(image)}"
    for button in tree.iter("button", "a"):
        if not _name(button):
            yield f"no text: {_shown(button)}"


def _name(element: Any) -> str:
    alternatives = " ".join(str(text) for text in element.xpath(".//img/@alt | .//@aria-label | .//svg/title/text()"))
    named = element.get("aria-labelledby") or element.get("title") or ""
    return (element.text_content() + alternatives + named).strip()


def _forms(tree: Any) -> Iterator[str]:
    for form in tree.iter("form"):
        if form.get("method", "get").lower() != "post":
            continue
        for field in ("csrf_token", "idempotency_key"):
            values = form.xpath(f".//input[@name='{field}']/@value")
            if len(values) != 1 or not values[0]:
                yield f"form {form.get('action')!r} has {len(values)} {field}"


def _inline(tree: Any) -> Iterator[str]:
    for element in tree.iter(lxml.etree.Element):
        for name in element.attrib:
            if name == "style" or name.startswith(("on", "hx-", "data-hx-on")):
                yield f"attribute {name} on {_shown(element)}"
    for element in tree.iter("style"):
        yield f"inline style sheet: {_shown(element)}"


def _policy(tree: Any, policy: str | None) -> Iterator[str]:
    if not policy:
        yield "no Content-Security-Policy"
        return
    for loose in ("unsafe-inline", "unsafe-eval", "strict-dynamic"):
        if loose in policy:
            yield f"Content-Security-Policy allows {loose}"
    nonces = set(NONCE.findall(policy))
    for script in tree.iter("script"):
        if script.get("nonce") not in nonces:
            yield f"script without the nonce of the answer: {_shown(script)}"
    for element in tree.xpath("//*[@*[starts-with(name(), 'data-hx-')]]"):
        if element.get("data-hx-nonce") not in nonces:
            yield f"htmx without the nonce of the answer: {_shown(element)}"


def _page(tree: Any) -> Iterator[str]:
    headings = tree.xpath("//h1")
    if len(headings) != 1 or not headings[0].text_content().strip():
        yield f"{len(headings)} h1 with text: {[heading.text_content().strip() for heading in headings]}"
    if tree.get("lang") not in {"it", "en"}:
        yield f"lang is {tree.get('lang')!r}"
    if not (tree.findtext(".//title") or "").strip():
        yield "no title"
    if len(tree.xpath("//main")) != 1:
        yield "not exactly one main"


def _references(tree: Any) -> Iterator[str]:
    known = set(tree.xpath("//@id"))
    for name in REFERENCES:
        for element in tree.xpath(f"//*[@{name}]"):
            for target in element.get(name).split():
                if target not in known:
                    yield f"{name}={target!r} points nowhere: {_shown(element)}"
    for link in tree.xpath("//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] and link.get("href")[1:] not in known:
            yield f"link to {link.get('href')!r} points nowhere"


def _shown(element: Any) -> str:
    return " ".join(lxml.html.tostring(element, encoding="unicode", with_tail=False).split())[:160]
