"""“Can I combine these?”: licenses and datasets as people name them, and the answer for all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collective.accounts.selectors import Person
from collective.catalog.errors import DatasetNotFoundError
from collective.catalog.models import Dataset
from collective.catalog.selectors import latest_version
from licensing.domain.compatibility import merge
from licensing.domain.decisions import Decision
from licensing.domain.library import MATERIAL_NAMES, material_terms
from licensing.domain.terms import Terms
from licensing.domain.training import Held, Job, train
from licensing.errors import SourceNotOfferedError, SourceUnclearError, SourceUnknownError, TooManySourcesError
from licensing.models import LicenseGrant, Offer
from licensing.selectors import deliverable_dataset, grants_for_dataset, published_licenses, sellable_offers

MOST_SOURCES = 100
NO_TARGET = "NOASSERTION"


@dataclass(frozen=True)
class KnownLicense:
    """`text_sha256` is empty for a license whose text we do not keep."""

    name: str
    terms: Terms
    text_sha256: str = ""


@dataclass(frozen=True)
class Merged:
    """`decision` is for `target`, and None without one; `targets` answers for every license that we know."""

    sources: tuple[Held, ...]
    target: KnownLicense | None
    decision: Decision | None
    targets: tuple[tuple[KnownLicense, Decision], ...]


@dataclass(frozen=True)
class Trained:
    sources: tuple[Held, ...]
    decision: Decision


def known_licenses() -> dict[str, KnownLicense]:
    """By id: those that offers use, then those that material may carry."""
    found = {
        row.license_id: KnownLicense(row.template.name, row.terms_view, row.text_sha256)
        for row in published_licenses().defer("text")
    }
    for license_id, name in MATERIAL_NAMES.items():
        terms = material_terms(license_id)
        if terms is not None:
            found.setdefault(license_id, KnownLicense(name, terms))
    return found


def check_merge(*, viewer: Person, sources: Sequence[str], target_id: str = "") -> Merged:
    """May data from `sources` be published under one license? `sources` are as in `check_training`."""
    known = known_licenses()
    held = _resolved(viewer, sources, known)
    terms = [each.terms for each in held]
    targets = {license_id: row for license_id, row in known.items() if license_id != NO_TARGET}
    if target_id and target_id not in targets:
        raise SourceUnknownError(source=target_id)
    target = targets.get(target_id)
    return Merged(
        sources=held,
        target=target,
        decision=merge(terms, target.terms) if target else None,
        targets=tuple((each, merge(terms, each.terms)) for each in targets.values()),
    )


def check_training(*, viewer: Person, sources: Sequence[str], job: Job) -> Trained:
    """May all of `sources` be used for the job?

    A source is a license id, or `organization/dataset`, or that with `@` and the id of a license or an offer. A
    dataset is taken under the license that the viewer holds, and without one as it is offered now. Raises
    SourceUnknownError, SourceNotOfferedError, SourceUnclearError, TooManySourcesError.
    """
    held = _resolved(viewer, sources, known_licenses())
    return Trained(held, train(held, job))


def source_of(grant: LicenseGrant) -> str:
    """How a held license is named as a source."""
    return f"{grant.dataset.repo_id}@{grant.license.license_id}"


def _resolved(viewer: Person, sources: Sequence[str], known: dict[str, KnownLicense]) -> tuple[Held, ...]:
    named = list(dict.fromkeys(sources))
    if len(named) > MOST_SOURCES:
        raise TooManySourcesError(most=MOST_SOURCES)
    return tuple(_held(viewer, source, known) for source in named)


def _held(viewer: Person, source: str, known: dict[str, KnownLicense]) -> Held:
    if source in known:
        return Held(known[source].terms)
    repo_id, _, wanted = source.partition("@")
    organization, _, slug = repo_id.partition("/")
    try:
        dataset = deliverable_dataset(viewer, organization, slug)
    except DatasetNotFoundError as missing:
        raise SourceUnknownError(source=source) from missing
    return _under_own_license(viewer, dataset, wanted) or _as_offered(dataset, wanted)


def _under_own_license(viewer: Person, dataset: Dataset, wanted: str) -> Held | None:
    """An active license before one that is over or stopped."""
    grants = [each for each in grants_for_dataset(viewer, dataset) if wanted in _names(each.offer)]
    if len({each.license.license_id for each in grants}) > 1:
        raise SourceUnclearError(source=dataset.repo_id, choices=sorted({source_of(each) for each in grants}))
    best = min(grants, key=lambda each: each.state != "active", default=None)
    return _from_grant(best) if best else None


def _from_grant(grant: LicenseGrant) -> Held:
    version = grant.pinned_version
    terms = replace(
        grant.offer.terms_view,
        dataset=f"{grant.dataset.repo_id} {version.number}",
        starts_at=grant.starts_at,
        ends_at=grant.ends_at,
    )
    return Held(terms, grant.state, withdrawn=version.state != "published")


def _as_offered(dataset: Dataset, wanted: str) -> Held:
    version = latest_version(dataset)
    offers = [each for each in sellable_offers(version) if wanted in _names(each)] if version else []
    if version is None or not offers:
        raise SourceNotOfferedError(source=f"{dataset.repo_id}@{wanted}" if wanted else dataset.repo_id)
    if len(offers) > 1:
        raise SourceUnclearError(source=dataset.repo_id, choices=_choices(dataset, offers))
    return Held(replace(offers[0].terms_view, dataset=f"{dataset.repo_id} {version.number}"))


def _choices(dataset: Dataset, offers: Sequence[Offer]) -> list[str]:
    """By license, and by offer where one license is offered twice."""
    ids = [each.license_version.license_id for each in offers]
    return [
        f"{dataset.repo_id}@{license_id if ids.count(license_id) == 1 else offer.pk}"
        for license_id, offer in zip(ids, offers, strict=True)
    ]


def _names(offer: Offer) -> tuple[str, ...]:
    """What somebody may write after the `@`; nothing means whatever there is."""
    return ("", offer.license_version.license_id, str(offer.pk))
