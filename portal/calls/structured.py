"""The call for machines that read pages: schema.org, as JSON-LD."""

from typing import Any

from portal.calls.models import Call, Phase
from portal.core.i18n import in_language, locale
from portal.core.money import format_cents

CLOSED, OPEN = "https://schema.org/Discontinued", "https://schema.org/InStock"


def structured_data(call: Call, *, url: str) -> dict[str, Any]:
    """A government service that takes applications between two instants, and the grant that it gives."""
    if not call.is_public:
        return {}
    authority: dict[str, Any] = {"@type": "GovernmentOrganization", "name": call.authority.name}
    name, about = in_language(call.title), in_language(call.design.summary)
    service = {
        "@type": "GovernmentService",
        "@id": url,
        "name": name,
        "description": about,
        "url": url,
        "inLanguage": locale(),
        "provider": authority,
        "areaServed": [{"@type": "Place", "name": area.name} for area in call.design.areas],
        "offers": [_offer(call, phase) for phase in call.phases],
    }
    grant = {
        "@type": "MonetaryGrant",
        "name": name,
        "description": about,
        "url": url,
        "funder": authority,
        "amount": {
            "@type": "MonetaryAmount",
            "currency": "EUR",
            "minValue": plain_euro(call.design.smallest_cents),
            "maxValue": plain_euro(call.design.largest_cents),
        },
    }
    return {"@context": "https://schema.org", "@graph": [service, grant]}


def _offer(call: Call, phase: Phase) -> dict[str, Any]:
    """When applications are taken, free of charge."""
    return {
        "@type": "Offer",
        "name": in_language(phase.name),
        "availabilityStarts": phase.opens_at.isoformat(),
        "availabilityEnds": phase.closes_at.isoformat(),
        "availability": OPEN if call.is_published else CLOSED,
        "price": 0,
        "priceCurrency": "EUR",
    }


def plain_euro(cents: int) -> str:
    """Euro with a point before the cents, as schema.org writes numbers."""
    return format_cents(cents, "it").replace(".", "").replace(",", ".")
