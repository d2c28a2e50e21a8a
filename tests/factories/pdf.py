"""What stands on the pages of a PDF, as a reader's software finds it: through the fonts' tables of characters."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

CHARACTER = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)


def words_of(content: bytes) -> list[str]:
    """The text of each page, in the order in which it was drawn."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return ["".join(_drawn(page)) for page in pdf.pages]


def _drawn(page: Any) -> Iterator[str]:
    fonts = {name: _characters(font) for name, font in page.Resources.get("/Font", {}).items()}
    known: dict[int, str] = {}
    for each in pikepdf.parse_content_stream(page):
        operands, operator = each.operands, each.operator
        if str(operator) == "Tf":
            known = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
            yield "".join(known.get(int.from_bytes(codes[at : at + 2], "big"), "") for at in range(0, len(codes), 2))


def _characters(font: Any) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    found: dict[int, str] = {}
    for kind, block in BLOCK.findall(table):
        if kind == "bfchar":
            found |= {int(code, 16): _text(letters) for code, letters in CHARACTER.findall(block)}
            continue
        for first, last, start in RANGE.findall(block):
            codes = range(int(first, 16), int(last, 16) + 1)
            found |= {code: chr(int(start, 16) + place) for place, code in enumerate(codes)}
    return found


def _text(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")
