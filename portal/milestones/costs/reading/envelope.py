"""Whether what stands in a signed envelope is what was signed: cheap enough to be asked while an invoice is read.

CAdES signs the digest of the content as an attribute (RFC 5652, 5.4 and 11.2). An envelope that bears no digest of what
it holds was changed. Whether the signature over that digest is sound is found out behind (`documents.signatures`).
"""

import hashlib

from portal.documents.content.signed import binary

DIGESTS = ("sha256", "sha384", "sha512", "sha1")


def bears_digest(envelope: bytes, inside: bytes) -> bool:
    """Whether the digest of what is inside stands in the envelope, beside it. Raises ContentRefused."""
    around = binary(envelope).replace(inside, b"")
    return any(hashlib.new(name, inside, usedforsecurity=False).digest() in around for name in DIGESTS)
