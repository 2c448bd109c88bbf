"""The authorization matrix: what every route answers to every kind of person. Each app has a module here with `ROWS`.

    ROWS = [
        Row("catalog-api:datasets", "GET", anonymous=200, stranger=200, contributor=200, steward=200, buyer=200,
            operator=200),
        Row("catalog-api:dataset", "PATCH", path="private_dataset", body={"title": "Other"}, **only("steward", 200,
            others=404, anonymous=401)),
        Covered("/account/", "django-allauth's own pages, which have no objects of others"),
    ]

`path` names an attribute of the `World` (world.py) with the route's arguments, or is a function of the world; `body`
is what is sent, or such a name or function. API routes are sent JSON, pages a form. A cell is a status, or a set of
them. Every cell runs in a transaction of its own, as that person, on the same world.
"""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contract.matrix.world import World

ACTORS = ("anonymous", "stranger", "contributor", "steward", "buyer", "operator")
Cell = int | set[int]
Arguments = Mapping[str, Any] | str | Callable[["World"], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One route and method. `stranger` is signed in and has nothing to do with it; `steward` owns the organization;
    `operator` is staff. An actor without a status is an incomplete row."""

    route: str
    method: str
    _: KW_ONLY
    anonymous: Cell | None = None
    stranger: Cell | None = None
    contributor: Cell | None = None
    steward: Cell | None = None
    buyer: Cell | None = None
    operator: Cell | None = None
    path: Arguments = ""
    body: Arguments = ""

    def expected(self, actor: str) -> Cell | None:
        cell: Cell | None = getattr(self, actor)
        return cell

    def missing_actors(self) -> list[str]:
        return [actor for actor in ACTORS if self.expected(actor) is None]

    def __str__(self) -> str:
        return f"{self.method} {self.route}"


@dataclass(frozen=True)
class Covered:
    """Routes of a library under this prefix, and why they need no rows of their own."""

    prefix: str
    why: str


def only(actor: str, status: Cell, *, others: Cell, **exceptions: Cell) -> dict[str, Any]:
    """Cells of a row that is for one actor: `**only("steward", 200, others=404, anonymous=401)`."""
    return {**dict.fromkeys(ACTORS, others), actor: status, **exceptions}


def everybody(status: Cell, **exceptions: Cell) -> dict[str, Any]:
    """Cells of a row that treats all alike: `**everybody(200, anonymous=401)`."""
    return {**dict.fromkeys(ACTORS, status), **exceptions}


def collected() -> list[Row | Covered]:
    """`ROWS` of every sibling module."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("test_"))
    modules = [import_module(f"{__name__}.{name}") for name in names if name not in {"world", "routes", "conftest"}]
    return [row for module in modules for row in module.ROWS]


def rows() -> list[Row]:
    return [row for row in collected() if isinstance(row, Row)]


def covered() -> list[Covered]:
    return [row for row in collected() if isinstance(row, Covered)]
