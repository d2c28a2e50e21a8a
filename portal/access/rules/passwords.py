"""Which passwords are taken: long enough, not one that everybody tries first, not one's own name. No other rule.

No sort of character is asked for, pasting is welcome. What is typed is compared as it is and by its base: digits and
punctuation at the ends left out, a repeated word counted once, the words that anybody knows of the person taken out.
"""

import gzip
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import REPLACEMENT, storable

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 500
SERVICE = "vivaio"
LIST = Path(__file__).parent.parent / "data" / "common_passwords.txt.gz"
SHORT_PIECE = 4
"""A piece of at most so many characters, said again and again, is no password however long."""
SHORTEST_WORD = 3
ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "qazwsxedcrfvtgbyhnujmikolp",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")  # fmt: skip
"""What fingers do by themselves; read backwards too."""
RUNS = tuple(run * 3 for row in ROWS for run in (row, row[::-1]))
EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
GAPS = re.compile(r"[\W_]+")

TOO_SHORT = lazy_("Choose a password of at least 12 characters: three or four words are easy to remember.")
TOO_LONG = lazy_("Choose a password of at most 500 characters.")
COMMON = lazy_("This password is among those tried first. Choose three or four words that do not belong together.")
TELLS_WHO = lazy_("This password is made of your name, your address or the name of the portal. Choose other words.")
NOT_TYPED = lazy_("The password holds a character that cannot be kept. Write it again by hand.")


def same_typed(password: str) -> str:
    """The password in one form (NFKC), whatever keyboard and system typed it: hashed and verified in this form."""
    return unicodedata.normalize("NFKC", storable(password))


def folded(password: str) -> str:
    """As it is compared: in one form, and without regard to capitals."""
    return unicodedata.normalize("NFKC", same_typed(password).casefold())


def check_new_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Return if the password may be chosen; `about` holds the person's address and name. Raises Invalid."""
    typed = same_typed(password)
    if REPLACEMENT in typed:
        raise Invalid(NOT_TYPED, "password")
    if len(typed) < SHORTEST_PASSWORD:
        raise Invalid(TOO_SHORT, "password")
    if len(typed) > LONGEST_PASSWORD:
        raise Invalid(TOO_LONG, "password")
    if is_common(typed):
        raise Invalid(COMMON, "password")
    if is_about(typed, words_about(about)):
        raise Invalid(TELLS_WHO, "password")


def is_common(password: str) -> bool:
    """Whether it, or its base, is among those tried first, a run of keys, or one short piece repeated."""
    whole = folded(password)
    bare = GAPS.sub("", whole) or whole
    piece = repeated_piece(bare)
    known = common_passwords()
    return (
        len(piece) <= SHORT_PIECE
        or any(bare in run for run in RUNS)
        or not known.isdisjoint({whole, bare, base(whole), base(bare), piece, base(piece)})
    )


def base(text: str) -> str:
    """Digits and punctuation at the ends left out, a repeated word counted once: 2024Password-password! → password."""
    return repeated_piece(GAPS.sub("", EDGES.sub("", text)))


def repeated_piece(text: str) -> str:
    """The shortest piece that the text repeats at least twice (the last time perhaps not whole), else all of it."""
    for length in range(1, len(text) // 2 + 1):
        piece = text[:length]
        if (piece * (len(text) // length + 1)).startswith(text):
            return piece
    return text


def words_about(texts: Iterable[str]) -> frozenset[str]:
    """The words that anybody knows of a person: of the name, of both halves of the address; and of the portal."""
    words = {SERVICE}
    for text in texts:
        words.update(GAPS.split(folded(text)))
    return frozenset(word for word in words if len(word) >= SHORTEST_WORD)


def is_about(password: str, words: Iterable[str]) -> bool:
    """Whether these words, with digits and punctuation, make up the password, or leave a common one over."""
    rest = folded(password)
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    if rest == folded(password):
        return False
    left = base(rest)
    return len(left) < SHORTEST_WORD or left in common_passwords()


@cache
def common_passwords() -> frozenset[str]:
    """The list shipped with the portal (data/LICENCES.txt says where it comes from), read once."""
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().split("\n")) - {""}
