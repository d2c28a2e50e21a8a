"""The facts of an applicant that conditions may name. The room that owns the sheet gives their values; a missing one is
missing: comparisons with it are false.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.access.labels import KINDS, LEGAL_FORMS
from portal.core.i18n import lazy_


class FactType(StrEnum):
    """How a fact is compared."""

    WORD = "word"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: what it is compared as, its name for people, and the words it can be, if they are known."""

    type: FactType
    label: object
    options: Mapping[str, object] = field(default_factory=dict)


FACTS: dict[str, Fact] = {
    "applicant.kind": Fact(FactType.WORD, lazy_("kind of applicant"), {key.value: KINDS[key] for key in KINDS}),
    "applicant.form": Fact(
        FactType.WORD, lazy_("legal form of the applicant"), {key.value: LEGAL_FORMS[key] for key in LEGAL_FORMS}
    ),
    "applicant.is_incorporated": Fact(FactType.YES_NO, lazy_("the applicant is a legal entity")),
    "applicant.age_months": Fact(FactType.NUMBER, lazy_("months since the applicant was founded")),
    "applicant.province": Fact(FactType.WORD, lazy_("province of the applicant's seat")),
    "applicant.members": Fact(FactType.NUMBER, lazy_("people of the applicant")),
    "applicant.organisations": Fact(FactType.NUMBER, lazy_("organisations that apply together")),
    "applicant.has_vat_number": Fact(FactType.YES_NO, lazy_("the applicant has a partita IVA")),
    "applicant.is_in_runts": Fact(FactType.YES_NO, lazy_("the applicant is in the RUNTS register")),
}
"""Every fact by its name, each given by the caller: kind and legal form as the keys of `access`, province as its two
letters, age in whole months, members and organisations as counts."""
