"""The licenses this marketplace knows (governance reference 2.1): five it offers, and those that material may carry."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from licensing.domain.terms import PROHIBIT, TIERED, UNSPECIFIED, Audience, Promises, Terms, terms_json, terms_view

TEXTS = Path(__file__).resolve().parent.parent / "texts"
OWN_WORK = "LicenseRef-DC-OWN-WORK"

SA_TARGETS = ("CC-BY-SA-4.0", "GPL-3.0-only", "LAL-1.3")
OURS = Promises(
    prohibited_uses=("reidentify", "voiceClone", "unlawful"),
    delete_on_withdrawal="P30D",
    revocability=("breach", "consent_withdrawal"),
)


@dataclass(frozen=True)
class Template:
    """A license that an offer may use. `file` lies in `texts/`; its bytes are what the hash covers."""

    license_id: str
    name: str
    summary: str
    version: str
    file: str
    canonical_url: str
    terms: dict[str, Any]

    @property
    def text(self) -> bytes:
        return (TEXTS / self.file).read_bytes()


def _creative_commons(path: str) -> str:
    return f"https://creativecommons.org/{path}/legalcode"


TEMPLATES = (
    Template(
        "CC0-1.0",
        "Creative Commons Zero 1.0",
        "Anybody may use the data for anything, without conditions.",
        "1.0",
        "CC0-1.0.txt",
        _creative_commons("publicdomain/zero/1.0"),
        terms_json(),
    ),
    Template(
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0",
        "Anybody may use the data for anything and must name the source.",
        "4.0",
        "CC-BY-4.0.txt",
        _creative_commons("licenses/by/4.0"),
        terms_json(attribute=True),
    ),
    Template(
        "CC-BY-SA-4.0",
        "Creative Commons Attribution-ShareAlike 4.0",
        "Anybody may use the data, must name the source, and must pass changed versions on under the same license.",
        "4.0",
        "CC-BY-SA-4.0.txt",
        _creative_commons("licenses/by-sa/4.0"),
        terms_json(attribute=True, share_alike=SA_TARGETS, reach="dataset+model"),
    ),
    Template(
        "LicenseRef-DC-RESEARCH-1.0",
        "Research License",
        "Universities and non-profit organizations may use the data for research that is not commercial.",
        "1.0",
        "DC-RESEARCH-1.0.txt",
        "",
        terms_json(
            prohibit=("redistribute", "synthesize"),
            commercial=PROHIBIT,
            attribute=True,
            audience=Audience(purposes=("research",), licensee_types=("academic", "nonprofit")),
            promises=OURS,
        ),
    ),
    Template(
        "LicenseRef-DC-TRAIN-COMM-1.0",
        "Commercial Training License",
        "Anybody may train models on the data, also for money. The data itself stays with the licensee.",
        "1.0",
        "DC-TRAIN-COMM-1.0.txt",
        "",
        terms_json(
            prohibit=("redistribute", "embedRag", "synthesize", "releaseWeights"), attribute=True, promises=OURS
        ),
    ),
)

_MATERIAL: dict[str, tuple[str, dict[str, Any]]] = {
    "CC0-1.0": ("Creative Commons Zero 1.0", terms_json()),
    "PDDL-1.0": ("Open Data Commons Public Domain", terms_json()),
    "CC-BY-4.0": ("Creative Commons Attribution 4.0", terms_json(attribute=True)),
    "ODC-By-1.0": ("Open Data Commons Attribution 1.0", terms_json(attribute=True)),
    "OGL-UK-3.0": ("Open Government Licence (UK) 3.0", terms_json(attribute=True)),
    "CDLA-Permissive-2.0": ("Community Data License, Permissive 2.0", terms_json(include_text=True)),
    "CC-BY-SA-4.0": (
        "Creative Commons Attribution-ShareAlike 4.0",
        terms_json(attribute=True, share_alike=SA_TARGETS, reach="dataset+model"),
    ),
    "ODbL-1.0": ("Open Database License 1.0", terms_json(attribute=True, share_alike=["ODbL-1.0"], reach="dataset")),
    "CC-BY-NC-4.0": ("Creative Commons Attribution-NonCommercial 4.0", terms_json(commercial=PROHIBIT, attribute=True)),
    "CC-BY-NC-SA-4.0": (
        "Creative Commons Attribution-NonCommercial-ShareAlike 4.0",
        terms_json(commercial=PROHIBIT, attribute=True, share_alike=["CC-BY-NC-SA-4.0"], reach="dataset+model"),
    ),
    "CC-BY-ND-4.0": ("Creative Commons Attribution-NoDerivatives 4.0", terms_json(prohibit=["derive"], attribute=True)),
    "CC-BY-NC-ND-4.0": (
        "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0",
        terms_json(prohibit=["derive"], commercial=PROHIBIT, attribute=True),
    ),
    "LicenseRef-NOODL-1.0": (
        "Nwulite Obodo Open Data License 1.0",
        terms_json(commercial=TIERED, attribute=True, share_alike=["LicenseRef-NOODL-1.0"], reach="dataset"),
    ),
    "LicenseRef-Esethu-1.0": ("Esethu License 1.0", terms_json(commercial=TIERED)),
    "NOASSERTION": ("I do not know", {"v": 1, "actions": {}, "scope": {"commercial": UNSPECIFIED}, "duties": {}}),
}
MATERIAL_NAMES = {OWN_WORK: "My own work; it carries no license yet"} | {
    license_id: name for license_id, (name, _) in _MATERIAL.items()
}


def material_terms(license_id: str) -> Terms | None:
    """The terms of a license that material carries; None for one's own work. Raises KeyError if we do not know it."""
    if license_id == OWN_WORK:
        return None
    return terms_view(license_id, _MATERIAL[license_id][1])
