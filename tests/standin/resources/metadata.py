"""docs.stripe.com/api/metadata"""

from tests.standin.errors import invalid
from tests.standin.routes import Obj


def metadata(params: Obj, before: Obj | None = None) -> dict[str, str]:
    """What is there after a request: its values on top of those `before`, an empty one removes its key."""
    given = params.get("metadata") or {}
    merged = {**(before or {}), **given}
    kept = {name: value for name, value in merged.items() if value != ""}
    if len(kept) > 50 or any(len(name) > 40 or len(value) > 500 for name, value in kept.items()):
        raise invalid("Metadata has at most 50 keys of 40 characters, with values of 500.", param="metadata")
    return kept
