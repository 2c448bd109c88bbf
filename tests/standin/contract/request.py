from typing import Any

from tests.standin.contract.routes import Op


def check_request(op: Op, params: dict[str, Any]) -> list[str]:
    return []


def typed(op: Op, params: dict[str, Any]) -> dict[str, Any]:
    return params
