"""Taking out what an author leaves in a file, where a call asks for it. Pictures always lose it, on arrival.

A signed file is never rewritten: it is kept as it is, and that is said.
"""

from portal.documents.apart import NotDone, stripped_pdf
from portal.documents.content.office import without_author
from portal.documents.content.pdf import is_signed_pdf
from portal.documents.content.refused import ContentRefused, Reason
from portal.documents.rules import FileKind, Handling

PICTURES = frozenset({"png", "jpg", "jpeg"})
TEXTS = frozenset({"xml", "csv"})
"""Whatever is in them is what was sent: an author leaves nothing beside it."""


def is_signed(content: bytes, kind: FileKind) -> bool:
    """Whether a checked file carries digital signatures."""
    return kind.extension == "p7m" or (kind.extension == "pdf" and is_signed_pdf(content))


def without_authorship(content: bytes, kind: FileKind) -> tuple[bytes, Handling]:
    """The bytes to keep of a checked file, and what became of its author's data. Raises ContentRefused."""
    if is_signed(content, kind):
        return content, Handling.KEPT_SIGNED
    if kind.extension in TEXTS:
        return content, Handling.AS_SENT
    if kind.extension in PICTURES:
        return content, Handling.STRIPPED
    if kind.extension == "pdf":
        try:
            return stripped_pdf(content), Handling.STRIPPED
        except NotDone as error:
            raise ContentRefused(Reason.BROKEN) from error
    return without_author(content), Handling.STRIPPED
