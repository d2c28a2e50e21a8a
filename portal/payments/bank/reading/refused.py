"""A file that is not read."""

from portal.core.errors import Invalid


class Unreadable(Invalid):
    """The file is none that the bank sends, or it is not whole; nothing of it was taken in."""

    def __init__(self, message: object) -> None:
        super().__init__(message, "file")
