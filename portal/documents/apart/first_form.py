"""The first signature of a PDF that had no form: what it may add, and nothing else.

The library compares forms with forms, and gives up where the earlier state has none.
"""

from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

OF_THE_ROOT = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})
"""Keys of the document that signing adds or renews; none of them is read by people."""

OF_A_FORM = frozenset({"/Fields", "/SigFlags", "/DR", "/DA", "/NeedAppearances"})


def adds_only_a_form(reader: PdfFileReader, revision: int) -> bool:
    """Whether the revision after this one adds fields of signatures to a document that had no form."""
    old, new = (reader.get_historical_resolver(each) for each in (revision, revision + 1))
    return all(
        _is_harmless(old, new, ref)
        for ref in reader.xrefs.explicit_refs_in_revision(revision + 1)
        if reader.xrefs.get_historical_ref(ref, revision) is not None
    )


def _is_harmless(old: HistoricalResolver, new: HistoricalResolver, ref: Reference) -> bool:
    was, becomes = old(ref), new(ref)
    if was == becomes or ref in (_ref(old.trailer_view, "/Info"), _ref(old.root, "/Metadata")):
        return True
    if ref == _ref(old.trailer_view, "/Root"):
        return _but(was, OF_THE_ROOT) == _but(becomes, OF_THE_ROOT) and set(_at(becomes, "/AcroForm")) <= OF_A_FORM
    if isinstance(was, DictionaryObject) and was.get("/Type") == "/Page":
        same = _but(was, frozenset({"/Annots"})) == _but(becomes, frozenset({"/Annots"}))
        return same and _adds_signatures(_at(was, "/Annots"), _at(becomes, "/Annots"))
    return isinstance(was, ArrayObject) and isinstance(becomes, ArrayObject) and _adds_signatures(was, becomes)


def _adds_signatures(was: Any, becomes: Any) -> bool:
    """Whether a list of annotations only grew, by fields of signatures."""
    added = [becomes[place] for place in range(len(was), len(becomes))]
    return list(becomes)[: len(was)] == list(was) and all(
        _at(each, "/Subtype") == "/Widget" and _at(each, "/FT") == "/Sig" for each in added
    )


def _at(found: Any, name: str) -> Any:
    """What stands there, followed to its object; nothing where there is none."""
    if name not in found:
        return ()
    return found[name]


def _but(found: Any, keys: frozenset[str]) -> dict[Any, Any]:
    return {name: found.raw_get(name) for name in found if name not in keys}


def _ref(holder: Any, name: str) -> Reference | None:
    found = holder.raw_get(name) if name in holder else None
    return getattr(found, "reference", None)
