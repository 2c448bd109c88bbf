"""What the client may ask, and what its words mean."""

from typing import Any

from tests.standin.contract.reading import read
from tests.standin.contract.routes import Op
from tests.standin.contract.scalars import Outcome
from tests.standin.contract.types import resolve


def check_request(op: Op, params: dict[str, Any]) -> list[str]:
    """What is wrong with the body or the query, already nested: see `decode` for v1, and JSON is v2's own."""
    return _read(op, params)[1]


def typed(op: Op, params: dict[str, Any]) -> dict[str, Any]:
    """The same with numbers and truth instead of a form's text. Decimals stay text, as they travel in answers too."""
    values: dict[str, Any] = _read(op, params)[0]
    return values


def _read(op: Op, params: dict[str, Any]) -> Outcome:
    """Queries are forms in v2 as well."""
    return read(params, resolve(op.params, op.module), form=not (op.is_v2 and op.verb == "POST"))
