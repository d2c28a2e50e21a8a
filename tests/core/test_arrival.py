"""When a request had arrived: told by a proxy that was declared, believed within two minutes; else the own clock."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.core.web.arrival import arrived_at, believed


def told(instant):
    return f"t={instant.timestamp():.3f}"


def test_a_buffering_proxy_tells_when_it_had_the_whole_request(now):
    for waited in (0, 0.001, 3.25, 119.999, 120):
        arrived = now - timedelta(seconds=waited)
        assert believed(told(arrived), now) == arrived


@pytest.mark.parametrize("waited", [-0.001, -3600, 120.001, 86_400])
def test_nothing_to_come_and_nothing_older_than_two_minutes_is_believed(now, waited):
    assert believed(told(now - timedelta(seconds=waited)), now) == now


@pytest.mark.parametrize(
    "value",
    ["", "t=", "{}", "t={}, t={}", "t={},t={}", " t={}", "t={} ", "T={}", "t=-{}", "t={}0", "t=1e9", "t=nan", "t=inf"],
)
def test_what_is_not_one_instant_counts_for_nothing(now, value):
    seconds = f"{(now - timedelta(seconds=5)).timestamp():.3f}"
    assert believed(value.replace("{}", seconds), now) == now


def test_figures_of_other_alphabets_count_for_nothing(now):
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    assert believed(told(now - timedelta(seconds=5)).translate(arabic), now) == now


@pytest.mark.parametrize(("hops", "is_believed"), [(0, False), (1, True)])
def test_it_is_believed_behind_declared_proxies_alone(app, now, hops, is_believed, monkeypatch):
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", _behind(settings, hops))
    headers = {"X-Request-Start": told(now - timedelta(seconds=5))}
    with app.test_request_context("/", method="POST", data={"a": "b"}, headers=headers):
        assert arrived_at() == (now - timedelta(seconds=5) if is_believed else now)


def test_two_headers_are_none(app, now, monkeypatch):
    monkeypatch.setitem(app.extensions, "settings", _behind(app.extensions["settings"], 1))
    headers = [("X-Request-Start", told(now - timedelta(seconds=each))) for each in (5, 60)]
    with app.test_request_context("/", method="POST", headers=headers):
        assert arrived_at() == now


def _behind(settings, hops):
    return replace(settings, proxy_hops=hops)
