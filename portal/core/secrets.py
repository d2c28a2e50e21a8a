"""Sealing what the portal must read again but a copy of the database must not tell: keys of second factors, client
secrets. The key is derived from SECRET_KEY; whoever changes that one loses what was sealed under it.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from portal.core.config import Settings
from portal.core.errors import Refusal
from portal.core.i18n import lazy_


class SealBroken(Refusal):
    """What was sealed cannot be read: altered, sealed for something else, too old, or under another SECRET_KEY."""

    default = lazy_("What was kept for this cannot be read any more. Set it up again.")


def seal(text: str, *, purpose: str) -> str:
    """Encrypt and sign (AES-128-CBC and HMAC-SHA256); only the same purpose opens it."""
    return _sealer(_secret_key(), purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str, lasts: int | None = None) -> str:
    """What was sealed for this purpose, at most `lasts` seconds ago. Raises SealBroken."""
    try:
        return _sealer(_secret_key(), purpose).decrypt(sealed.encode("utf-8", "surrogatepass"), ttl=lasts).decode()
    except InvalidToken as error:
        raise SealBroken from error


def _secret_key() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_key


@lru_cache(maxsize=16)
def _sealer(secret_key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"vivaio seal: {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derived.derive(secret_key.encode())))
