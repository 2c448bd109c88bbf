"""Why a dataset may not be offered under a license: every contribution that stands in the way, with the reason.

`permits(offer) ⊆ ⋂ over included contributions of what was consented to`, and every material license must merge into
the offered one (governance reference 5 and 7).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from licensing.domain.actions import PHRASES, PROHIBITED_USES
from licensing.domain.compatibility import merge
from licensing.domain.consent import ANYWHERE, GIVEN, REFUSED, UNKNOWN
from licensing.domain.library import material_terms
from licensing.domain.terms import PROHIBIT, Terms


@dataclass(frozen=True)
class ContributionRights:
    """What is known of one contribution. `answers` maps a code to `given` or `refused`: what everybody in it said.

    `asked`: somebody in it came of age and has not answered yet. `minors`: a guardian answers for somebody in it.
    `assurance`: A to D, the weakest proof of anybody's.
    """

    contribution_id: UUID
    title: str
    material_license: str
    answers: Mapping[str, str] = field(default_factory=dict)
    commercial: bool = False
    consented: bool = False
    withdrawn: bool = False
    attested: bool = False
    territory: tuple[str, ...] = (ANYWHERE,)
    exclusive: bool = False
    asked: bool = False
    assurance: str = "C"
    minors: bool = False


@dataclass(frozen=True)
class Blocker:
    contribution_id: UUID
    title: str
    code: str
    sentence: str


def blockers(terms: Terms, contributions: Iterable[ContributionRights]) -> list[Blocker]:
    """In the order of the contributions. Empty means that the offer may go live."""
    return [
        Blocker(each.contribution_id, each.title, code, sentence)
        for each in contributions
        for code, sentence in _objections(terms, each)
    ]


def _objections(terms: Terms, rights: ContributionRights) -> list[tuple[str, str]]:
    if rights.withdrawn:
        return [("consent_withdrawn", "It was withdrawn by the person who contributed it.")]
    if terms.exclusive and rights.minors:
        return [("exclusive_minors", "People under age are in it, and their data is never offered exclusively.")]
    return [*_consent(terms, rights), *_material(terms, rights)]


def _consent(terms: Terms, rights: ContributionRights) -> list[tuple[str, str]]:
    if not rights.consented:
        return [("consent_missing", "Nobody has said yet what it may be used for.")]
    found = []
    if not rights.attested:
        found.append(("attestation_missing", "Nobody has signed that they may give it."))
    refused = [code for code in terms.permitted if rights.answers.get(code) != GIVEN]
    if refused:
        listed = "; ".join(PHRASES[code] for code in refused)
        found.append(("action_refused", f"The contributor did not agree that others may: {listed}."))
    kept_from = [code for code, answer in rights.answers.items() if answer == REFUSED and code in PROHIBITED_USES]
    if left_open := [code for code in kept_from if code not in terms.prohibited_uses]:
        listed = "; ".join(PROHIBITED_USES[code] for code in left_open)
        found.append(("use_refused", f"The contributor said no to this, and the license does not forbid it: {listed}."))
    if terms.commercial != PROHIBIT and not rights.commercial:
        found.append(("commercial_refused", "The contributor did not agree to commercial use."))
    return [*found, *_limits(terms, rights)]


def _limits(terms: Terms, rights: ContributionRights) -> list[tuple[str, str]]:
    found = []
    if rights.asked:
        found.append(("renewal_pending", "Somebody in it has come of age, was asked again and has not answered yet."))
    if rights.assurance == UNKNOWN:
        found.append(("assurance_unknown", "It is not known how the people in it agreed."))
    if ANYWHERE not in rights.territory and not set(terms.territory or (ANYWHERE,)) <= set(rights.territory):
        listed = ", ".join(rights.territory) or "none"
        found.append(("territory_refused", f"The people in it agreed to use in these countries only: {listed}."))
    if terms.exclusive and not rights.exclusive:
        found.append(("exclusive_refused", "The people in it did not agree that one buyer alone may use it."))
    return found


def _material(terms: Terms, rights: ContributionRights) -> list[tuple[str, str]]:
    try:
        source = material_terms(rights.material_license)
    except KeyError:
        return [("material_license_unknown", f"Its license, “{rights.material_license}”, is not one we can judge.")]
    if source is None:
        return []
    decision = merge([source], terms)
    return [] if decision.publishable else [(reason.code, reason.text) for reason in decision.reasons]
