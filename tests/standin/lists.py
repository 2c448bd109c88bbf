"""Lists as v1 answers them: newest first, a cursor, a filter on the time of making. docs.stripe.com/api/pagination"""

from collections.abc import Iterable
from typing import Any

from tests.standin.errors import invalid
from tests.standin.routes import Call, Obj


def listed(items: Iterable[Obj], url: str) -> Obj:
    data = list(items)
    return {"object": "list", "data": data, "has_more": False, "url": url}


def page(call: Call, items: Iterable[Obj]) -> Obj:
    """`items` in the order of their making."""
    found = [item for item in items if _made(item, call.params.get("created"))][::-1]
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise invalid("A limit lies between 1 and 100.", param="limit")
    if cursor := call.params.get("starting_after"):
        found = found[_place(found, cursor, "starting_after") + 1 :]
        data = found[:limit]
    elif cursor := call.params.get("ending_before"):
        found = found[: _place(found, cursor, "ending_before")]
        data = found[-limit:]
    else:
        data = found[:limit]
    return {**listed(data, call.path), "has_more": len(found) > len(data)}


def matching(items: Iterable[Obj], params: Obj, *names: str) -> list[Obj]:
    """Those that fit every filter among `names` that was given. Each is read, also where there is nothing to filter."""
    wanted = {name: params[name] for name in names if name in params}
    return [item for item in items if all(item.get(name) == value for name, value in wanted.items())]


def _made(item: Obj, asked: Any) -> bool:
    if asked is None:
        return True
    made = item["created"] if "created" in item else item["date"]
    return bool(made == asked) if isinstance(asked, int) else is_within(made, asked)


def is_within(moment: Any, bounds: Obj) -> bool:
    """Numbers, or times as v2 writes them, which sort as text."""
    tests = {"gt": moment.__gt__, "gte": moment.__ge__, "lt": moment.__lt__, "lte": moment.__le__}
    return all(tests[name](bound) for name, bound in bounds.items())


def _place(items: list[Obj], cursor: str, param: str) -> int:
    place = next((place for place, item in enumerate(items) if item["id"] == cursor), None)
    if place is None:
        raise invalid(f"No such object: '{cursor}'", param=param, code="resource_missing")
    return place
