"""Every route declares its action, and every action has a row in the one table of permissions."""

import pytest
from flask import Flask

from portal.access.policy import ALLOWED, Action

WITHOUT_ACTION = ("static", "operators.")
"""Files of the portal itself, and what machines ask it: open to anybody, below `access`."""


def test_every_route_declares_its_action(app: Flask):
    undeclared = [
        f"{rule.endpoint} {rule.rule}"
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(WITHOUT_ACTION)
        if not isinstance(getattr(app.view_functions[rule.endpoint], "declared_action", None), Action)
    ]
    assert undeclared == []


def test_every_action_has_a_row():
    assert set(Action) == set(ALLOWED)


def test_no_two_views_answer_the_same_address(app: Flask):
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            assert seen.setdefault((rule.rule, method), rule.endpoint) == rule.endpoint


def test_a_route_either_reads_or_writes(app: Flask):
    both = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if {"GET", "POST"} <= (rule.methods or set()) and not rule.endpoint.startswith(WITHOUT_ACTION)
    ]
    assert both == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_forms_are_enough(app: Flask, method):
    assert [rule.rule for rule in app.url_map.iter_rules() if method in (rule.methods or set())] == []
