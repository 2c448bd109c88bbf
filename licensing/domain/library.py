"""The licenses this marketplace knows (governance reference 2.1): those it offers, those of material."""

from typing import Any

from licensing.domain.open_licenses import OPEN_LICENSES, WARNINGS
from licensing.domain.our_licenses import OUR_LICENSES
from licensing.domain.template import TEXTS, Template
from licensing.domain.terms import PROHIBIT, TIERED, UNSPECIFIED, Terms, terms_json, terms_view

__all__ = [
    "MATERIAL_NAMES",
    "OWN_WORK",
    "TEMPLATES",
    "TEXTS",
    "WARNINGS",
    "Template",
    "material_terms",
]

OWN_WORK = "LicenseRef-DC-OWN-WORK"
TEMPLATES = (*OPEN_LICENSES[:3], *OUR_LICENSES, *OPEN_LICENSES[3:])

# Material comes under these, and nothing is offered under them.
_UPSTREAM_ONLY: dict[str, tuple[str, dict[str, Any]]] = {
    "CC-BY-NC-ND-4.0": (
        "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0",
        terms_json(prohibit=["derive"], commercial=PROHIBIT, attribute=True),
    ),
    "LicenseRef-Esethu-1.0": ("Esethu License 1.0", terms_json(commercial=TIERED)),
    "NOASSERTION": ("I do not know", {"v": 1, "actions": {}, "scope": {"commercial": UNSPECIFIED}, "duties": {}}),
}
_MATERIAL: dict[str, tuple[str, dict[str, Any]]] = {
    each.license_id: (each.name, each.terms) for each in OPEN_LICENSES
} | _UPSTREAM_ONLY
MATERIAL_NAMES = {OWN_WORK: "My own work; it carries no license yet"} | {
    license_id: name for license_id, (name, _) in _MATERIAL.items()
}


def material_terms(license_id: str) -> Terms | None:
    """The terms of a license that material carries; None for one's own work. Raises KeyError if we do not know it."""
    if license_id == OWN_WORK:
        return None
    return terms_view(license_id, _MATERIAL[license_id][1])
