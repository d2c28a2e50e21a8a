"""The page of permissions is the table of permissions."""

from portal.access.policy import Action, Role, Tie
from tests.house.sources import ROOT
from tools.permissions import MEANINGS, cell, page


def test_the_committed_page_is_what_the_table_says():
    mend = "run: python -m tools.permissions > docs/permissions.md"
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == page(), mend


def test_every_tie_is_explained():
    assert set(MEANINGS) == set(Tie)


def test_a_cell_names_the_ties_that_open_the_action():
    assert cell(Action.TRANCHE_APPROVE, Role.FINANCE_APPROVER) == "same authority"
    assert cell(Action.TRANCHE_APPROVE, Role.FINANCE_MAKER) == ""
    assert cell(Action.DRAFT_WRITE, Role.PERSON) == "owner, editor"
