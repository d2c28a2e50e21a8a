"""The register of processing (GDPR art. 30), made from the tags: never written by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, Table

from portal.core.i18n import _, lazy_
from portal.core.privacy.nature import holding_of, tables, tags_of
from portal.core.privacy.purposes import PURPOSES, Purpose
from portal.core.privacy.tags import Personal
from portal.core.privacy.treatment import BECAUSE, Fate
from portal.core.privacy.words import field_words, table_words
from portal.core.spreadsheets import csv_bytes

TRANSFERS = lazy_("None outside the European Economic Area.")
MEASURES = lazy_(
    "Rights by role and by tie, a second factor for staff, sealed secrets, append-only records, a chained audit trail,"
    " terms after which data goes by itself."
)


@dataclass(frozen=True, slots=True)
class Processing:
    """One purpose with everything that is kept for it; `fields` are (records, field) in words, once each,
    `terms` (records, term) of records that go by themselves."""

    purpose: Purpose
    columns: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...]
    kept_because: tuple[str, ...]
    is_special: bool

    @property
    def kept(self) -> str:
        """The term in words, and that of records which go by a term of their own."""
        whole = str(_("%(term)s %(since)s", term=self.purpose.kept, since=self.purpose.since))
        return "; ".join([whole, *(f"{records}: {term}" for records, term in self.terms)])

    @property
    def data(self) -> str:
        """The categories of data in one line."""
        by_table: dict[str, list[str]] = {}
        for table, field in self.fields:
            by_table.setdefault(table, []).append(field)
        return "; ".join(f"{table}: {', '.join(fields)}" for table, fields in by_table.items())


def register(metadata: MetaData) -> list[Processing]:
    """Every purpose for which a column is kept, in the order of the table of purposes."""
    found: dict[str, list[tuple[Table, Column[Any], Personal]]] = {}
    for table in tables(metadata):
        for column, tag in tags_of(table):
            found.setdefault(tag.purpose.key, []).append((table, column, tag))
    return [_processing(purpose, found[key]) for key, purpose in PURPOSES.items() if key in found]


def _processing(purpose: Purpose, parts: list[tuple[Table, Column[Any], Personal]]) -> Processing:
    because = {tag.erasure.because for *_, tag in parts if tag.erasure.fate is Fate.KEPT and tag.erasure.because}
    return Processing(
        purpose=purpose,
        columns=tuple(f"{table.name}.{column.name}" for table, column, _ in parts),
        fields=tuple(dict.fromkeys((str(table_words(t)), str(field_words(c))) for t, c, _ in parts)),
        terms=_terms([table for table, *_ in parts]),
        kept_because=tuple(str(BECAUSE[each]) for each in sorted(because)),
        is_special=any(tag.special for *_, tag in parts),
    )


def _terms(among: list[Table]) -> tuple[tuple[str, str], ...]:
    holdings = [holding for table in dict.fromkeys(among) if (holding := holding_of(table)) is not None]
    return tuple((str(each.title), str(each.kept)) for each in holdings if each.kept is not None)


def headings() -> list[str]:
    """The columns of the register as a table."""
    return [
        _("Purpose"), _("What for"), _("Legal basis"), _("Law"), _("Categories of people"), _("Categories of data"),
        _("Special categories (art. 9)"), _("Recipients"), _("Transfers to third countries"), _("Kept for"),
        _("Why so long"), _("What stays after an erasure"), _("Security measures"), _("Where"), _("Controllers"),
    ]  # fmt: skip


def as_row(each: Processing, controllers: str) -> list[str]:
    """One purpose as a row under these headings."""
    purpose = each.purpose
    return [
        str(purpose.title), str(purpose.text), purpose.basis, str(purpose.law), str(purpose.subjects), each.data,
        _("yes") if each.is_special else _("no"), str(purpose.recipients), str(TRANSFERS), each.kept,
        str(purpose.why), " ".join(each.kept_because) or "–", str(MEASURES), ", ".join(each.columns),
        controllers,
    ]  # fmt: skip


def as_csv(processings: Iterable[Processing], controllers: str) -> bytes:
    """The register as a table for spreadsheets; `controllers` says who answers for all of it."""
    return csv_bytes(headings(), [as_row(each, controllers) for each in processings])


def as_markdown(processings: Iterable[Processing], controllers: str) -> str:
    """The register as a document to read or to print."""
    lines = [f"# {_('Register of processing (GDPR art. 30)')}", "", f"{_('Controllers')}: {controllers}", ""]
    for each in processings:
        title, *values, _controllers = as_row(each, controllers)
        lines += [f"## {title}", ""]
        lines += [f"- **{head}:** {value}" for head, value in zip(headings()[1:-1], values, strict=True)]
        lines.append("")
    return "\n".join(lines)
