from typing import Any


def skeleton(name: str | type, /, **known: Any) -> dict[str, Any]:
    return dict(known)
