"""Second factors: codes of an app (RFC 6238), passkeys, recovery codes; who needs one and when it must be fresh."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.access.policy import STAFF

STEP_SECONDS = 30
WINDOW = (-1, 0, 1)
"""Steps around the present one whose code is taken: clocks of telephones differ."""
RECOVERY_CODES = 10
RECOVERY_CHARACTERS = 16
"""Base32: eighty random bits, so that a plain hash keeps them."""
MOST_PASSKEYS = 20
MOST_CODES_OF_A_PERSON = 20
"""Wrong codes in a quarter of an hour, in however many sign-ins: of a million, three are right at a time."""
CHALLENGE_LASTS = timedelta(minutes=5)
SETTING_UP_LASTS = timedelta(minutes=30)
_BETWEEN = re.compile(r"[\s\-‐-―_.]+")


class Proof(StrEnum):
    """How a second factor was given."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery_code"


class FactorChange(StrEnum):
    """What happened to the second factors of a person, who is told of each."""

    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_REPLACED = "codes_replaced"
    CODE_USED = "code_used"


@dataclass(frozen=True, slots=True)
class FactorChanged:
    """A second factor of a person was added, removed or used up."""

    person_id: UUID
    change: FactorChange
    at: datetime


def must_have_factor(roles: Collection[str]) -> bool:
    """Whether one of these roles is a staff role: staff always have a second factor, and give it at every sign-in."""
    return not STAFF.isdisjoint(roles)


def step_of(now: datetime) -> int:
    """The number of the thirty-second step of an instant."""
    return int(now.timestamp()) // STEP_SECONDS


def usable_steps(now: datetime, last_step: int) -> tuple[int, ...]:
    """The steps whose code is taken now: none twice, none older than the last one used."""
    present = step_of(now)
    return tuple(present + shift for shift in WINDOW if present + shift > last_step)


def plain_code(typed: str) -> str:
    """A code as it is compared, however it was grouped: ABCD-efgh 1234 and abcdefgh1234 are one."""
    return _BETWEEN.sub("", typed).upper()


def recovery_hash(code: str) -> str:
    """What is kept of a recovery code: it holds eighty random bits, so a plain hash hides it."""
    return hashlib.sha256(plain_code(code).encode("utf-8", "surrogatepass")).hexdigest()


def grouped(code: str, size: int = 4) -> str:
    """A code in groups that can be read aloud."""
    return " ".join(code[at : at + size] for at in range(0, len(code), size))
