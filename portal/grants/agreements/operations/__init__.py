"""Preparing, signing and countersigning agreements, and the addenda that change them."""

from portal.grants.agreements.operations.countersigning import (
    countersign_agreement,
    countersign_copy,
    countersigned_copy_asked,
    return_copy,
)
from portal.grants.agreements.operations.preparing import prepare_addendum, prepare_agreement
from portal.grants.agreements.operations.signing import accept_agreement, sign_agreement, signed_copy_asked

__all__ = [
    "accept_agreement",
    "countersign_agreement",
    "countersign_copy",
    "countersigned_copy_asked",
    "prepare_addendum",
    "prepare_agreement",
    "return_copy",
    "sign_agreement",
    "signed_copy_asked",
]
