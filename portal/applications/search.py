"""Italian words made one: accents and case away, endings cut, on both engines alike. Pure.

Each word is kept by up to three stems: of the word as it is written, whose accents tell its ending (`attività`); of
the word without accents, as it is often typed (`attivita`); and the word less its last vowel, for the short words and
the singulars that the stemmer leaves apart (`orto` and `orti`, `anziano` and `anziani`). Any of them finds it.
"""

import re
import unicodedata
from collections.abc import Iterable
from threading import local

import snowballstemmer

WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 400
"""So many different words of one application are kept; the first ones are its title, applicant and summary."""
MOST_TERMS = 8
"""So many words of a question count."""
LONGEST = 40
SHORTEST = 3
LITTLE_WORDS = (
    "a ad ai al alla alle agli allo anche che chi ci come con da dai dal dalla dalle degli dei del della delle dello di"
    " e ed è gli ha hanno i il in la le lo ma nei nel nella nelle noi non o per più quale quali se si sono su sul sulla"
    " sulle tra fra un una uno vi l d c s n m t v all dall dell nell sull coll quell quest"
)
LITTLE = frozenset(LITTLE_WORDS.split())
"""Words that every text has: they are left out of a question that has others."""
_own = local()


def words_of(parts: Iterable[str | None]) -> list[str]:
    """What is kept of some texts: every stem once, in the order of the texts."""
    found = (stem for part in parts if part for word in _words(part) for stem in sorted(_stems(word)))
    return list(dict.fromkeys(found))[:MOST_WORDS]


def terms_of(question: str) -> list[frozenset[str]]:
    """What is looked for: for each word its stems, any of which will do. Empty where nothing can be looked for."""
    asked = list(dict.fromkeys(_words(question)))
    telling = [word for word in asked if word not in LITTLE] or asked
    return [_stems(word) for word in telling[:MOST_TERMS]]


def _words(text: str) -> list[str]:
    """Letters and figures in lower case; what is longer than any word is cut."""
    return [word[:LONGEST] for word in WORD.findall(unicodedata.normalize("NFC", text).casefold())]


def _stems(word: str) -> frozenset[str]:
    plain = without_accents(word)
    if word.isdigit():
        return frozenset({plain.lstrip("0") or plain})
    stemmer = _stemmer()
    stems = {stemmer.stemWord(plain), without_accents(stemmer.stemWord(word)), plain}
    found = {_cut(stem) for stem in stems}
    return frozenset(each for each in found if each.isalnum()) or frozenset({"0"})


def _cut(stem: str) -> str:
    """The stem less a last vowel that tells gender and number, where enough is left to tell the word."""
    return stem[:-1] if len(stem) > SHORTEST and stem[-1] in "aeio" else stem


def without_accents(text: str) -> str:
    """The same letters without their marks, in ASCII where they have such a form."""
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _stemmer() -> "snowballstemmer.stemmer":
    """One a thread: a stemmer keeps the word that it works on."""
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("italian")
    return _own.stemmer
