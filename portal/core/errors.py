"""Refusals: what the house says no to, in words its user understands.

A refusal knows nothing of HTTP; `portal.core.web.errors` maps each class to a status code.
Messages may be lazy translations; they name the field and the mend.
"""

from collections.abc import Mapping

from portal.core.i18n import lazy_


class Refusal(Exception):
    """Base of every refusal: nothing has changed when one is raised."""

    default = lazy_("This cannot be done now.")
    title: object | None = None
    """What heads the page of it, where the words of its kind would mislead."""

    def __init__(self, message: object | None = None, field: str | None = None) -> None:
        self.message: object = self.default if message is None else message
        self.field = field
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class Invalid(Refusal):
    """One value cannot be accepted (422)."""

    default = lazy_("This value is not valid.")


class InvalidForm(Invalid):
    """Several fields cannot be accepted (422); `errors` maps the field to its message."""

    def __init__(self, errors: Mapping[str, object]) -> None:
        super().__init__("; ".join(str(message) for message in errors.values()))
        self.errors = dict(errors)


class Forbidden(Refusal):
    """The actor has no right to this action (403)."""

    default = lazy_("Your account has no right to do this. If it should, ask your administrator.")


class NotFound(Refusal):
    """There is no such object, or its existence is a secret to the actor (404)."""

    default = lazy_("This page does not exist, or is not open to you.")


class Conflict(Refusal):
    """Somebody else was quicker, or the object changed since it was shown (409)."""

    default = lazy_("This changed while you were looking at it. Reload the page and try again.")


class IllegalMove(Conflict):
    """A move that does not start from the present state (409)."""

    default = lazy_("This step was already taken, or cannot be taken from the present state. Reload the page.")

    def __init__(self, move: str, current: str) -> None:
        super().__init__()
        self.move = move
        self.current = current

    def __str__(self) -> str:
        return f"{self.message} ({self.move}: {self.current})"


class Closed(Refusal):
    """The term is over, or has not begun (423)."""

    default = lazy_("The term is closed.")


class TooLarge(Refusal):
    """More bytes than allowed (413)."""

    default = lazy_("This is larger than allowed.")


class TooMany(Refusal):
    """Too many attempts in too short a time (429)."""

    default = lazy_("Too many attempts. Wait a few minutes and try again.")


class Unavailable(Refusal):
    """A part of the system does not answer; nothing was lost (503)."""

    default = lazy_("The service is not answering now. What you typed is kept: try again in a minute.")
