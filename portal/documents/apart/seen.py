"""A signature as it was read: plain values, which travel from the process apart as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from portal.documents.rules import Coverage, Fit, SignatureKind, Soundness

LONGEST = {"digest": 20, "signer_name": 200, "signer_code": 40, "issuer": 200, "serial": 64}
INSTANTS = ("valid_from", "valid_until", "claimed_at", "stamped_at")


@dataclass(frozen=True, slots=True)
class SignatureSeen:
    """One signature; `layer` counts the envelopes from outside, 1 for the outermost."""

    kind: SignatureKind
    soundness: Soundness
    coverage: Coverage = Coverage.WHOLE
    layer: int = 1
    digest: str = ""
    signer_name: str = ""
    signer_code: str = ""
    issuer: str = ""
    serial: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(self).items()
        }

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "SignatureSeen":
        """From JSON; texts that no column holds are cut."""
        instants: dict[str, Any] = {name: datetime.fromisoformat(plain[name]) for name in INSTANTS if plain[name]}
        texts: dict[str, Any] = {name: str(plain[name])[:most] for name, most in LONGEST.items()}
        return cls(
            kind=SignatureKind(plain["kind"]),
            soundness=Soundness(plain["soundness"]),
            coverage=Coverage(plain["coverage"]),
            layer=int(plain["layer"]),
            **texts,
            **instants,
        )


@dataclass(frozen=True, slots=True)
class CopySeen:
    """A signed copy as it was read beside its original."""

    fit: Fit
    signatures: tuple[SignatureSeen, ...]
