"""Data made from data: may the declarer make it, and may it carry the license that they name?"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace

from collective.accounts.models import User
from collective.catalog.errors import DatasetNotFoundError, VersionNotFoundError
from collective.catalog.models import Contribution, DatasetVersion
from collective.catalog.policies import can_steward
from collective.catalog.selectors import dataset_for, version_by_revision
from licensing.domain.actions import PHRASES
from licensing.domain.compatibility import Reason, merge, possible_targets
from licensing.domain.consent import GIVEN
from licensing.domain.declarations import Consent, Declaration
from licensing.domain.library import MATERIAL_NAMES, OWN_WORK, material_terms
from licensing.domain.terms import PERMIT, Terms
from licensing.errors import (
    DeclarationIncompleteError,
    DerivationNotAllowedError,
    DerivationRefusedError,
    DerivationSourceError,
)
from licensing.selectors import rights_of, sellable_offers, usable_grants

SOURCE = re.compile(r"(?P<organization>[^\s/]+)/(?P<slug>[^\s/]+)[ @](?P<number>\d+\.\d+\.\d+)")


def check_derivations(actor: User, contribution: Contribution, declaration: Declaration) -> list[DatasetVersion]:
    """The versions named, and those named before count too: an earlier source does not go away by not being repeated.

    Raises DerivationSourceError, DerivationNotAllowedError, and DerivationRefusedError that lists what is possible.
    """
    before = contribution.derivations.select_related("source__dataset__organization")
    named = [_version(actor, each) for each in dict.fromkeys(declaration.derived_from)]
    versions = {version.pk: version for version in (*(each.source for each in before), *named)}
    if versions:
        sources = [terms for version in versions.values() for terms in _terms(actor, version, declaration.consent)]
        _check_license(sources, declaration.source.license_id)
    return named


def sources_of(contribution: Contribution) -> list[str]:
    """The versions it was made from, as people write them."""
    rows = contribution.derivations.select_related("source__dataset__organization").order_by("declared_at", "id")
    return [f"{each.source.dataset.repo_id} {each.source.number}" for each in rows]


def _version(actor: User, source: str) -> DatasetVersion:
    found = SOURCE.fullmatch(source.strip())
    if found is None:
        raise DerivationSourceError(source=source, fields={"derived_from": ["Write organization/dataset 1.0.0."]})
    try:
        return version_by_revision(dataset_for(actor, found["organization"], found["slug"]), found["number"])
    except (DatasetNotFoundError, VersionNotFoundError) as missing:
        raise DerivationSourceError(source=source, fields={"derived_from": ["There is no such version."]}) from missing


def _terms(actor: User, version: DatasetVersion, consent: Consent) -> list[Terms]:
    """Under what the actor has it: a license they hold, one that is open to all, or the stewards' own rights."""
    name = f"{version.dataset.repo_id} {version.number}"
    held = [each.offer.terms_view for each in usable_grants(actor, version.dataset) if each.covers(version)]
    open_to_all = [each.terms_view for each in sellable_offers(version) if each.is_free]
    if can_steward(actor, version.dataset):
        return _of_stewards(version, name, consent)
    for terms in _allowing(held) or [each for each in _allowing(open_to_all) if each.action("redistribute") == PERMIT]:
        return [replace(terms, dataset=name)]
    raise DerivationNotAllowedError(source=name)


def _of_stewards(version: DatasetVersion, name: str, consent: Consent) -> list[Terms]:
    """What the contributions carry. Stewards cannot agree to more than the contributors did."""
    rights = rights_of(Contribution.objects.filter(holdings__version=version).order_by("id"))
    if any(each.withdrawn or each.answers.get("derive") != GIVEN for each in rights):
        raise DerivationNotAllowedError(source=name)
    wider = [code for code, yes in consent.answers.items() if yes and any(e.answers.get(code) != GIVEN for e in rights)]
    if wider:
        listed = "; ".join(PHRASES[code] for code in wider)
        raise DeclarationIncompleteError(fields={"answers": [f"The people in {name} did not agree to this: {listed}."]})
    if consent.commercial and not all(each.commercial for each in rights):
        text = f"The people in {name} did not agree to commercial use."
        raise DeclarationIncompleteError(fields={"commercial": [text]})
    carried = [material_terms(license_id) for license_id in sorted({each.material_license for each in rights})]
    return [replace(terms, dataset=name) for terms in carried if terms is not None]


def _allowing(terms: Iterable[Terms]) -> list[Terms]:
    return [each for each in terms if each.action("derive") == PERMIT]


def _check_license(sources: Sequence[Terms], license_id: str) -> None:
    target = material_terms(license_id)
    if target is None:
        if sources:
            text = "What was made from other data is not your own work alone. Choose a license that they allow."
            raise DeclarationIncompleteError(fields={"license_id": [text]})
        return
    decision = merge(sources, target)
    if not decision.publishable:
        raise DerivationRefusedError(
            license_id=license_id, reasons=_told(decision.reasons), possible=possible_targets(sources, _materials())
        )


def _materials() -> list[Terms]:
    found = (material_terms(license_id) for license_id in MATERIAL_NAMES if license_id not in (OWN_WORK, "NOASSERTION"))
    return [terms for terms in found if terms is not None]


def _told(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    rows = (asdict(each) for each in reasons)
    return [{"source": row["source"], "code": row["code"], "reason": row["text"]} for row in rows]
