"""`expand`: an id becomes its object. docs.stripe.com/expand"""

from copy import deepcopy
from typing import Any

from tests.standin.lists import listed
from tests.standin.routes import Obj
from tests.standin.state import State

# Lists that are only there when they are asked for.
LISTS = {("charge", "refunds"), ("checkout.session", "line_items")}


def expanded(state: State, obj: Obj, paths: list[str]) -> Obj:
    """A copy, so that what is stored keeps its ids."""
    copy = deepcopy(obj)
    for path in paths:
        _expand(state, copy, path.split("."))
    return copy


def _expand(state: State, node: Any, path: list[str]) -> None:
    if not path:
        return
    if isinstance(node, list):
        for item in node:
            _expand(state, item, path)
        return
    if not isinstance(node, dict):
        return
    name, *rest = path
    if (node.get("object"), name) in LISTS:
        node[name] = _list(state, node, name)
    else:
        node[name] = _replaced(state, node.get(name))
    _expand(state, node[name], rest)


def _replaced(state: State, value: Any) -> Any:
    if isinstance(value, list):
        return [_replaced(state, item) for item in value]
    if not isinstance(value, str):
        return value
    found = state.find(value)
    return value if found is None else deepcopy(found)


def _list(state: State, node: Obj, name: str) -> Obj:
    if name == "refunds":
        refunds = [deepcopy(refund) for refund in state.all("refund") if refund["charge"] == node["id"]][::-1]
        return listed(refunds, f"/v1/charges/{node['id']}/refunds")
    return listed(deepcopy(state.notes[node["id"]]["lines"]), f"/v1/checkout/sessions/{node['id']}/line_items")
