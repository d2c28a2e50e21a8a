"""What approved costs bear out of a grant, and what a tranche by reimbursement comes to. Pure, in cents.

`domain.md` §2: the grant pays its share of what the project costs, and never more than the grant.
"""


def granted_part(*, spent_cents: int, granted_cents: int, total_cents: int) -> int:
    """The grant's part of approved costs, rounded down; all of them where the grant bears the whole budget."""
    if total_cents <= granted_cents:
        return spent_cents
    return spent_cents * granted_cents // total_cents


def reimbursement(*, justified_cents: int, planned_cents: int, released_cents: int) -> int:
    """What is paid now: costs borne out so far, within what the plan gives up to this tranche, less what was released.

    What an earlier tranche could not claim is claimed by a later one.
    """
    return max(0, min(justified_cents, planned_cents) - released_cents)
