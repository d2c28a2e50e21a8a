"""Links sent by mail: what for, and for how long."""

from datetime import timedelta
from enum import StrEnum


class LinkPurpose(StrEnum):
    """What the link of a message does, once, when its button is pressed."""

    REGISTER = "register"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"


LINK_LASTS = {
    LinkPurpose.REGISTER: timedelta(hours=24),
    LinkPurpose.RESET: timedelta(minutes=30),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
}
