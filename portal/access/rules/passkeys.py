"""Passkeys (WebAuthn level 3): what is asked of the browser, and whether its answer holds. No state, no web."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.access.rules.second_factor import CHALLENGE_LASTS

LONGEST_ANSWER = 8000


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks: the origin of the portal; a passkey is bound to its host."""

    origin: str

    @property
    def host(self) -> str:
        """The id of the relying party."""
        return str(urlsplit(self.origin).hostname)


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser made, as it is kept."""

    credential_id: str
    public_key: bytes
    sign_count: int


def options_to_make(
    *, party: RelyingParty, challenge: bytes, person_id: UUID, email: str, name: str, known: Iterable[str]
) -> dict[str, Any]:
    """What the browser needs to make a passkey; those that exist are not made again."""
    options = webauthn.generate_registration_options(
        rp_id=party.host, rp_name="Vivaio", user_id=person_id.bytes, user_name=email, user_display_name=name,
        challenge=challenge, exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return _plain(options)


def options_to_sign(*, party: RelyingParty, challenge: bytes, known: Iterable[str]) -> dict[str, Any]:
    """What the browser needs to sign with one of these passkeys."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host, challenge=challenge, allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return _plain(options)


def made_passkey(answer: str, *, challenge: bytes | None, party: RelyingParty) -> NewPasskey | None:
    """The passkey in a browser's answer, or None when it does not hold."""
    if not challenge or len(answer) > LONGEST_ANSWER:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=party.host, expected_origin=party.origin,
            require_user_verification=True,
        )  # fmt: skip
    except Exception:
        return None  # its parsers let more than their own errors through: an answer that cannot be read is a wrong one
    return NewPasskey(bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count)


def signed_count(
    answer: str, *, challenge: bytes | None, party: RelyingParty, public_key: bytes, sign_count: int
) -> int | None:
    """The new count of signatures when the answer holds, else None. A count that went back is a copied passkey."""
    if not challenge or len(answer) > LONGEST_ANSWER:
        return None
    try:
        signed = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=party.host, expected_origin=party.origin,
            credential_public_key=public_key, credential_current_sign_count=sign_count, require_user_verification=True,
        )  # fmt: skip
    except Exception:
        return None  # as above
    return signed.new_sign_count


def credential_id_of(answer: str) -> str:
    """The name of the passkey that a browser says has answered; "" when it says none."""
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    named = found.get("id") if isinstance(found, dict) else None
    return named if isinstance(named, str) and len(named) <= 1400 and named.isascii() else ""


def kept_challenge(kind: str, challenge: bytes, now: datetime) -> str:
    """A challenge as a session keeps it: what for, until when, and itself."""
    return f"{kind}:{int((now + CHALLENGE_LASTS).timestamp())}:{bytes_to_base64url(challenge)}"


def usable_challenge(kept: str | None, kind: str, now: datetime) -> bytes | None:
    """The challenge that was kept for this, unless it is too old."""
    what, _, rest = (kept or "").partition(":")
    until, _, challenge = rest.partition(":")
    if what != kind or not until.isdigit() or int(until) < now.timestamp():
        return None
    return base64url_to_bytes(challenge)


def _named(known: Iterable[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]


def _plain(options: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(webauthn.options_to_json(options)))
