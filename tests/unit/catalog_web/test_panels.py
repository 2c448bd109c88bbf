"""Slots that higher apps fill."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.utils.html import format_html

from collective.core.web import panels


@pytest.fixture(autouse=True)
def _empty_slots() -> Iterator[None]:
    kept = {slot: dict(places) for slot, places in panels._PANELS.items()}
    for places in panels._PANELS.values():
        places.clear()
    yield
    panels._PANELS.update(kept)


def test_panels_follow_their_order_and_silent_ones_leave_no_trace() -> None:
    @panels.panel("offer.price", order=20)
    def later(request: HttpRequest, *, dataset: str) -> str:
        return format_html("<b>{}</b>", dataset)

    @panels.panel("offer.price", order=10)
    def sooner(request: HttpRequest, *, dataset: str) -> str:
        return format_html("<i>{}</i>", dataset)

    @panels.panel("offer.price", order=5)
    def silent(request: HttpRequest, *, dataset: str) -> str:
        return ""

    drawn = panels.render_slot("offer.price", HttpRequest(), dataset="<x>")
    assert drawn == ["<i>&lt;x&gt;</i>", "<b>&lt;x&gt;</b>"]
    assert panels.render_slot("dataset.license", HttpRequest(), dataset="x") == []


def test_a_function_registered_twice_draws_once() -> None:
    def paid(request: HttpRequest) -> str:
        return format_html("{}", "paid")

    panels.register_panel("home.paid", paid)
    panels.register_panel("home.paid", paid)
    assert panels.render_slot("home.paid", HttpRequest()) == ["paid"]


def test_text_that_is_not_safe_is_shown_and_not_run() -> None:
    @panels.panel("home.paid")
    def careless(request: HttpRequest) -> str:
        return "<script>"

    page = Template('{% load design %}{% panels "home.paid" %}').render(Context({"request": HttpRequest()}))
    assert page == "&lt;script&gt;"


def test_an_unknown_slot_is_an_error_at_once() -> None:
    with pytest.raises(ValueError, match="no slot 'nowhere'"):
        panels.register_panel("nowhere", str)
