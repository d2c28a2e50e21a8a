"""Links sent by mail: what for, how long, how often; what an address is; an account that was closed."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class LinkPurpose(StrEnum):
    """What the link of a message does, once, when its button is pressed."""

    REGISTER = "register"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"
    IDENTITY = "identity"
    """The account of somebody whom an identity provider vouched for."""


LINK_LASTS = {
    LinkPurpose.REGISTER: timedelta(hours=24),
    LinkPurpose.RESET: timedelta(minutes=30),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.IDENTITY: timedelta(minutes=30),
}
MOST_LINKS = 3
LINK_WINDOW = timedelta(hours=1)
"""One address gets so many messages of one purpose in this time, whether or not an account has it."""

LONGEST_ADDRESS = 254
ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """A person closed the account: sessions and ties are ended; what may be erased of their values may be now."""

    person_id: UUID
    at: datetime


def same_mailbox(first: str, second: str) -> bool:
    """Whether two addresses reach one mailbox, as far as they tell: what follows a plus sign is a note of its owner."""
    return _mailbox(first) == _mailbox(second)


def _mailbox(address: str) -> str:
    local, _, domain = address.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def is_address(text: str) -> bool:
    """Whether an account may have this address: one, and ASCII alone, so that no two addresses look or fold alike."""
    address = text.lower()
    return (
        len(address) <= LONGEST_ADDRESS
        and len(address.partition("@")[0]) <= 64
        and ADDRESS.fullmatch(address) is not None
    )
