"""Invariant D8: every route × method × actor has a cell, and every cell is true (reliability case A1)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.contract.matrix import ACTORS, Arguments, Row, covered, rows
from tests.contract.matrix.routes import Route, all_routes
from tests.contract.matrix.world import World, build_world
from tests.services.flush import restore_database

# Roles and rows decide here, whatever keeps them.
pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Built once and committed; each cell's changes are rolled back."""
    with django_db_blocker.unblock():
        yield build_world()
        restore_database()


def test_every_route_has_a_row() -> None:
    known = {(row.route, row.method) for row in rows()}
    missing = [
        f'    Row("{route.name}", "{method}", …),  # {route.address}'
        for route in all_routes()
        if not _is_covered(route)
        for method in route.methods
        if (route.name, method) not in known
    ]
    assert not missing, "no row in the authorization matrix for:\n" + "\n".join(missing)


def test_every_row_is_about_a_route() -> None:
    real = {(route.name, method) for route in all_routes() for method in route.methods}
    assert [str(row) for row in rows() if (row.route, row.method) not in real] == []


def test_every_row_names_every_actor() -> None:
    incomplete = [f"{row} lacks {', '.join(row.missing_actors())}" for row in rows() if row.missing_actors()]
    assert not incomplete, "\n".join(incomplete)


def test_no_row_is_written_twice() -> None:
    written = [(row.route, row.method, str(row.path)) for row in rows()]
    assert sorted({each for each in written if written.count(each) > 1}) == []


@pytest.mark.django_db
@pytest.mark.parametrize("row", rows(), ids=str)
def test_row(world: World, row: Row) -> None:
    false = [told for actor in ACTORS if (told := _what_is_false(world, row, actor))]
    assert not false, "\n".join(false)


def _what_is_false(world: World, row: Row, actor: str) -> str:
    """In one cell; what the request changed is taken back."""
    cache.clear()
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        if actor != "anonymous":
            client.force_login(world.people[actor])
        address = reverse(row.route, kwargs=_arguments(world, row.path))
        status = _send(client, row, address, _arguments(world, row.body)).status_code
        transaction.set_rollback(True)
    expected = row.expected(actor)
    allowed = expected if isinstance(expected, set) else {expected}
    return "" if status in allowed else f"{row.method} {address} as {actor}: {status}, not {expected}"


def _send(client: Client, row: Row, address: str, body: Mapping[str, Any]) -> Any:
    if row.method == "GET":
        return client.get(address, body)
    if row.method == "POST" and not address.startswith("/api/"):
        return client.post(address, body)
    return client.generic(row.method, address, json.dumps(body), "application/json")


def _is_covered(route: Route) -> bool:
    return any(route.address.startswith(each.prefix) for each in covered())


def _arguments(world: World, arguments: Arguments) -> dict[str, Any]:
    if callable(arguments):
        return dict(arguments(world))
    if isinstance(arguments, str):
        return dict(getattr(world, arguments)) if arguments else {}
    return dict(arguments)
