"""Drawing lots so that nobody can steer it and anybody can repeat it, with `sha256sum` alone.

The references that are tied are sorted, written one a line, and hashed; that hash is published, with the name of a
public draw still to come. Its outcome is the seed. The number of each application is the SHA-256 of
`seed|hash|reference`: the smallest comes first.
"""

import hashlib
import shlex
from collections.abc import Iterator
from functools import lru_cache

from portal.evaluation.ranking.given import Draw, list_hash


def ticket(draw: Draw, reference: str) -> str:
    """The text whose hash is the number of an application."""
    return f"{draw.seed}|{draw.sha256}|{reference}"


@lru_cache(maxsize=4096)
def drawn_number(draw: Draw, reference: str) -> int:
    """The number drawn for an application: the smallest comes first."""
    return int(hashlib.sha256(ticket(draw, reference).encode()).hexdigest(), 16)


def order_drawn(draw: Draw) -> list[str]:
    """The references in the order of the draw."""
    return sorted(draw.references, key=lambda each: drawn_number(draw, each))


def steps(draw: Draw) -> Iterator[str]:
    """What to type to repeat the draw, and what comes out."""
    listed = shlex.join(sorted(draw.references))
    yield f"printf '%s\\n' {listed} | sha256sum"
    yield f"  {list_hash(draw.references)}"
    for reference in sorted(draw.references):
        yield f"printf '%s' {shlex.quote(ticket(draw, reference))} | sha256sum"
        yield f"  {drawn_number(draw, reference):064x}"
    for place, reference in enumerate(order_drawn(draw), 1):
        yield f"{place}. {reference}"
