"""Which fields a map may and must have. Some of that the map itself says: its kind, and whether it is deleted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args, get_origin

import stripe
from stripe import StripeObject
from stripe.v2 import ListObject as ListOfV2
from stripe.v2.core import Event as ThinEvent

from tests.standin.contract.objects import classes, thin_events
from tests.standin.contract.types import Field, fields_of

ALWAYS = {"id", "object"}


def record_fields(kind: Any, value: Mapping[str, Any]) -> dict[str, Field]:
    cls = _concrete(get_origin(kind) or kind, value)
    fields = {name: _filled_in(field, get_args(kind)) for name, field in fields_of(cls).items()}
    if issubclass(cls, StripeObject):
        fields = _with_name(cls, fields)
    if value.get("deleted") is True and "deleted" in fields:  # of what is gone, only the name is left
        fields = {name: replace(field, required=name in ALWAYS) for name, field in fields.items()}
    return fields


def _concrete(cls: type, value: Mapping[str, Any]) -> type:
    """A thin event's class follows its type, and is the client's general one for a type that it does not know."""
    return thin_events().get(str(value.get("type")), cls) if cls is ThinEvent else cls


def _filled_in(field: Field, arguments: tuple[Any, ...]) -> Field:
    """`List[T]` of a `ListObject[Transfer]` is `List[Transfer]`."""
    open_type = arguments and getattr(field.annotation, "__parameters__", ())
    return replace(field, annotation=field.annotation[arguments]) if open_type else field


def _with_name(cls: type[StripeObject], fields: dict[str, Field]) -> dict[str, Field]:
    """v1's lists have a name that is not among their declared fields; v2's lists have none."""
    name = getattr(cls, "OBJECT_NAME", "")
    if not name or cls is ListOfV2:
        return fields
    return fields | {"object": Field(Literal[name], required=True)}


def reported(kind: Any, value: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """The object inside a snapshot event, and its class by its own `object`. The event's class leaves it untyped."""
    data = value.get("data")
    if kind is not stripe.Event or not isinstance(data, Mapping) or not isinstance(data.get("object"), Mapping):
        return None
    return data["object"], classes().get(str(data["object"].get("object")))
