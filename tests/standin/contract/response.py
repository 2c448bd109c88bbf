from typing import Any

from tests.standin.contract.routes import Op


def check_response(op: Op, answer: Any) -> list[str]:
    return []


def check_object(obj: dict[str, Any]) -> list[str]:
    return []


def check_notification(payload: dict[str, Any]) -> list[str]:
    return []
