"""The fields that a text of the library may name: what each stands for, and an example of it. No other is known."""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import lazy_


class TextKind(StrEnum):
    """An article of an agreement, or the draft of a statute."""

    CLAUSE = "clause"
    STATUTE = "statute"


@dataclass(frozen=True, slots=True)
class TextField:
    """What a field stands for, and an example in Italian, the language of the documents."""

    label: object
    example: str
    is_table: bool = False


MILESTONES = """| Traguardo | Che cosa si mostra | Entro il mese |
|---|---|---|
| 1\\. Avvio | Lo spazio aperto al quartiere | 3 |
| 2\\. Regime | Il registro delle attività | 9 |"""
TRANCHES = """| Tranche | Quota | Importo | Dopo il traguardo |
|---|---|---|---|
| Anticipo | 40 % | € 8\\.000,00 | – |
| Saldo | 60 % | € 12\\.000,00 | Regime |"""

OF_BOTH = {
    "recipient": TextField(lazy_("name of the recipient"), "Orti in Comune APS"),
    "recipient_form": TextField(lazy_("its legal form"), "associazione di promozione sociale (APS)"),
    "recipient_seat": TextField(lazy_("its seat: street and city"), "via dei Mille 12, Bari"),
    "representative": TextField(lazy_("its legal representative"), "la persona che rappresenta l’ente"),
    "authority": TextField(lazy_("the authority"), "Comune di Bari"),
    "call": TextField(lazy_("title of the call"), "Spazi che crescono 2026"),
    "project": TextField(lazy_("title of the project"), "Orti di quartiere"),
    "today": TextField(lazy_("day on which the document is made"), "12/03/2026"),
}
OF_CLAUSES = {
    "recipient_code": TextField(lazy_("codice fiscale of the recipient"), "01199250158"),
    "partners": TextField(
        lazy_("of a consortium: its organisations, the leading one first"), "Associazione Il Ponte (capofila)"
    ),
    "authority_code": TextField(lazy_("codice fiscale of the authority"), "80015010723"),
    "office": TextField(lazy_("the office"), "Ripartizione Politiche di inclusione"),
    "officer": TextField(lazy_("person in charge (RUP)"), "chi è responsabile del procedimento"),
    "action": TextField(lazy_("action of the programme"), "3.3.1"),
    "reference": TextField(lazy_("number of the application"), "VIV-2026-000123"),
    "cup": TextField(lazy_("CUP"), "F79D19000030007"),
    "act": TextField(lazy_("number of the act of award"), "DD 145/2026"),
    "act_date": TextField(lazy_("its date"), "01/03/2026"),
    "amount": TextField(lazy_("amount of the grant"), "€ 20.000,00"),
    "amount_words": TextField(lazy_("the amount in words"), "ventimila/00"),
    "total_cost": TextField(lazy_("total cost of the project"), "€ 25.000,00"),
    "months": TextField(lazy_("months of the project"), "12"),
    "payment_days": TextField(lazy_("days to pay"), "80"),
    "coaching_hours": TextField(lazy_("hours of coaching"), "40 h"),
    "coaching_minimum": TextField(lazy_("hours of coaching before the balance"), "20 h"),
    "milestones": TextField(lazy_("table of the milestones, on a line of its own"), MILESTONES, is_table=True),
    "tranches": TextField(lazy_("table of the tranches, on a line of its own"), TRANCHES, is_table=True),
}
FIELDS: dict[TextKind, dict[str, TextField]] = {
    TextKind.CLAUSE: OF_BOTH | OF_CLAUSES,
    TextKind.STATUTE: OF_BOTH,
}


def examples(kind: TextKind) -> dict[str, str]:
    """A value for every field."""
    return {name: each.example for name, each in FIELDS[kind].items() if not each.is_table}


def example_tables(kind: TextKind) -> dict[str, str]:
    """A table for every field that stands for one."""
    return {name: each.example for name, each in FIELDS[kind].items() if each.is_table}
