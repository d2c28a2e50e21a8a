"""What becomes of a value: whether its person gets a copy, and what their erasure does to it."""

from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import lazy_


class Export(StrEnum):
    """Who gets a copy. `file`: it stays in the papers of a procedure, where others may be spoken of too."""

    SUBJECT = "subject"
    FILE = "file"
    FINANCE = "finance"
    NEVER = "never"


class Fate(StrEnum):
    """What the erasure of a person does to a value. `trail`: the audit trail empties it by its own rules."""

    BLANK = "blank"
    REPLACE = "replace"
    DELETE = "delete"
    STRIKE = "strike"
    TRAIL = "trail"
    KEPT = "kept"


class Because(StrEnum):
    """Why the law has a value kept although its person asks for erasure."""

    REGISTERED = "registered"
    PROCEDURE = "procedure"
    PROGRAMME = "programme"
    ACCOUNTS = "accounts"
    TRANSPARENCY = "transparency"
    ORGANISATION = "organisation"
    ANSWERED = "answered"


BECAUSE = {
    Because.REGISTERED: lazy_(
        "It belongs to a document in the protocol register, which is kept as it arrived"
        " (DPR 445/2000, art. 53; GDPR art. 17(3)(b) and (d))."
    ),
    Because.PROCEDURE: lazy_(
        "It is part of an administrative decision that others may appeal against"
        " (Law 241/1990; GDPR art. 17(3)(b) and (e))."
    ),
    Because.PROGRAMME: lazy_(
        "It proves expenditure of the programme, which is checked for years"
        " (Regulation (EU) 2021/1060, art. 82; GDPR art. 17(3)(b))."
    ),
    Because.ACCOUNTS: lazy_(
        "It belongs to the accounts: orders to pay and who received them (art. 2220 of the civil code; Law 136/2010,"
        " art. 3; GDPR art. 17(3)(b))."
    ),
    Because.TRANSPARENCY: lazy_(
        "The law has it published: who is responsible for a procedure (D.Lgs 33/2013; GDPR art. 17(3)(b))."
    ),
    Because.ORGANISATION: lazy_(
        "It belongs to an organisation or group and is still needed by it; those who represent it can change it."
    ),
    Because.ANSWERED: lazy_("It proves that a request about personal data was answered in time (GDPR art. 5(2))."),
}


@dataclass(frozen=True, slots=True)
class Erasure:
    """The fate of a value; `value` replaces it, `because` says why it stays."""

    fate: Fate
    value: str = ""
    because: Because | None = None

    @property
    def stays(self) -> bool:
        """Whether the value is still there after its person was erased."""
        return self.fate is Fate.KEPT


BLANK = Erasure(Fate.BLANK)
DELETE = Erasure(Fate.DELETE)
STRIKE = Erasure(Fate.STRIKE)
TRAIL = Erasure(Fate.TRAIL)


def kept(because: Because) -> Erasure:
    """The value stays, for this reason."""
    return Erasure(Fate.KEPT, because=because)


def replaced(value: str) -> Erasure:
    """The value gives way to this one; `{id}` in it is the key of the row."""
    return Erasure(Fate.REPLACE, value=value)
