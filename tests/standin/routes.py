"""Which handler answers which route of the contract."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.standin.noted import Noted
    from tests.standin.state import State

Obj = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """One request after its check: `ids` from the path, `params` with their real types."""

    path: str
    ids: dict[str, str]
    params: "Noted"
    key: str | None
    request_id: str


Handler = Callable[["State", Call], Obj]
HANDLERS: dict[tuple[str, str], Handler] = {}


def route(verb: str, path: str) -> Callable[[Handler], Handler]:
    """`path` as the client's source writes it, with its placeholders."""

    def register(handler: Handler) -> Handler:
        HANDLERS[verb, path] = handler
        return handler

    return register
