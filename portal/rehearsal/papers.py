"""A file as a form would bring it: the smallest PDF that opens, since applicants send theirs, not ours.

It is looked at like any other, before an operation takes it.
"""

import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import IO

from portal.documents.arrived import Arrived, look_at
from portal.documents.rules import FileRules

PAPER = FileRules(("pdf",), 1_000_000)
FOOT = "Documento della dimostrazione: persone, enti e importi sono inventati."
REHEARSED = "PROVA: documento di una prova, senza valore. Persone, enti e importi sono inventati."


@dataclass(frozen=True, slots=True)
class Upload:
    """A named stream of bytes."""

    filename: str
    stream: IO[bytes]

    @classmethod
    def pdf(cls, title: str, lines: Sequence[str], *, foot: str = FOOT) -> "Upload":
        """One page with these words."""
        name = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
        return cls(filename=f"{name[:60].strip('-')}.pdf", stream=io.BytesIO(_page(title, [*lines, foot])))


def pdf_of(title: str, lines: Sequence[str], *, foot: str = FOOT, strip: bool = False) -> Arrived:
    """The same, as it arrived and was looked at."""
    return look_at(Upload.pdf(title, lines, foot=foot), replace(PAPER, strip=strip))


def _page(title: str, paragraphs: Sequence[str]) -> bytes:
    rows = [line for paragraph in paragraphs for line in [*textwrap.wrap(paragraph, 90), ""]]
    written = [f"BT /F1 15 Tf 56 780 Td ({_escaped(title[:70])}) Tj ET", "BT /F1 10 Tf 14 TL 56 748 Td"]
    written += [f"({_escaped(row)}) Tj T*" for row in rows[:48]]
    stream = "\n".join([*written, "ET"]).encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (it) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    return _assembled(objects)


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
