"""Parameters that know whether somebody looked at them: what is declared, and then ignored, must not pass for done."""

from typing import Any

from tests.standin.errors import unsupported
from tests.standin.routes import Obj

# How a page looks and what it asks for on the side: nothing of it decides what is paid, by whom or to whom.
HARMLESS = {
    *(
        "allow_promotion_codes",
        "auto_advance",
        "billing_address_collection",
        "branding_settings",
        "cancellation_details",
    ),
    *("consent_collection", "custom_text", "customer_update", "expand", "instructions_email", "locale"),
    *("name_collection", "payment_method_collection", "phone_number_collection", "receipt_email", "rendering"),
    *("submit_type", "tax_code", "tax_id_collection", "ui_mode"),
}


class Noted(dict[str, Any]):
    def __init__(self, given: Obj) -> None:
        super().__init__(given)
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._read.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._read.add(name)
        return super().get(name, default)

    @property
    def ignored(self) -> list[str]:
        return sorted(set(self) - self._read - HARMLESS)


def only(given: Obj, *names: str) -> Obj:
    """A nested map of which the stand-in knows these names."""
    if unknown := sorted(set(given) - set(names) - HARMLESS):
        raise unsupported(", ".join(unknown))
    return given
