"""XML of strangers as a tree, given up as soon as it grows beyond what an invoice has: no declaration, few depths."""

from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import ParseError, iterparse

DEEPEST = 16
"""An invoice has eight."""
MOST_PARTS = 400_000


class Overgrown(Exception):
    """Deeper, or of more parts, than any invoice."""


def tree_of(content: bytes) -> Element:
    """The root of the whole document. Raises Overgrown, ParseError, and what defusedxml forbids."""
    root: Element | None = None
    depth = parts = 0
    for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
        if event == "end":
            depth -= 1
            continue
        root = element if root is None else root
        depth, parts = depth + 1, parts + 1
        if depth > DEEPEST or parts > MOST_PARTS:
            raise Overgrown
    if root is None:
        raise ParseError("no element")
    return root
