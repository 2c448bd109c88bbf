"""Consent and copyright are two states: one can be taken back, the other, once given to everybody, cannot."""

from collections.abc import Iterable
from dataclasses import dataclass

from licensing.domain.consent import ConsentState
from licensing.domain.library import MATERIAL_NAMES, OWN_WORK


@dataclass(frozen=True)
class Standing:
    """`consent`: none, given, asked or withdrawn. `copyright` is ours (ends with consent) or public (does not)."""

    consent: str
    copyright: str
    sentence: str


def standing(state: ConsentState, material_license: str, public_licenses: Iterable[str]) -> Standing:
    """`public_licenses`: names of those under which others have copies that no withdrawal reaches."""
    names = dict.fromkeys(public_licenses)
    if material_license not in {"", OWN_WORK, "NOASSERTION"}:
        names[MATERIAL_NAMES.get(material_license, material_license)] = None
    if names:
        listed = ", ".join(names)
        text = f"Copies that others have under these licenses cannot be called back: {listed}."
        return Standing(_word(state), "public", text)
    return Standing(_word(state), "ours", "Every license of it ends when you take it back.")


def _word(state: ConsentState) -> str:
    if state.withdrawn:
        return "withdrawn"
    if state.asked:
        return "asked"
    return "given" if state.given else "none"
