"""Reads of the catalog. The `…_visible_to` functions are the only place where row visibility is decided."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from collective.accounts.models import Membership, Organization, User
from collective.catalog.errors import ContributionNotFoundError, DatasetNotFoundError, VersionNotFoundError
from collective.catalog.models import Contribution, Dataset, DatasetVersion, VersionFile
from collective.core.storage.withholding import withholds_objects

Viewer = User | AnonymousUser


def datasets_visible_to(user: Viewer) -> "QuerySet[Dataset]":
    """Public ones for everybody; drafts and private ones for the organization and for who contributed to them.

    Operators see what everybody sees: looking into private things needs a written reason, and has no way in yet.
    """
    datasets = Dataset.objects.select_related("organization")
    public = Q(state__in=Dataset.PUBLIC_STATES, visibility__in=Dataset.PUBLIC)
    if not user.is_authenticated:
        return datasets.filter(public)
    return datasets.filter(
        public | Q(organization__in=_organizations(user)) | Q(pk__in=_contributed_to(user)) | _open()
    )


def contributable_datasets(user: Viewer) -> "QuerySet[Dataset]":
    """Where this person may put something in."""
    open_or_ours = Q(open_to_contributions=True) | Q(organization__in=_organizations(user))
    return datasets_visible_to(user).filter(open_or_ours, state__in=Dataset.IN_ORDER)


def stewarded_datasets(user: User) -> "QuerySet[Dataset]":
    """Datasets whose organization this person owns or administers."""
    mine = Organization.objects.with_member(user, Membership.OWNER, Membership.ADMIN)
    return Dataset.objects.filter(organization__in=mine).select_related("organization")


def dataset_for(user: Viewer, organization_slug: str, slug: str) -> Dataset:
    """Most are public, which the row says by itself: clients ask for it with every request."""
    named = Dataset.objects.select_related("organization").filter(organization__slug=organization_slug, slug=slug)
    found = named.first()
    if found is None or not (found.is_public or datasets_visible_to(user).filter(pk=found.pk).exists()):
        raise DatasetNotFoundError
    return found


def contributions_visible_to(user: Viewer) -> "QuerySet[Contribution]":
    """One's own, and those handed in to datasets that one stewards."""
    contributions = Contribution.objects.select_related("dataset__organization", "contributor", "payee")
    if not user.is_authenticated:
        return contributions.none()
    stewarded = Organization.objects.with_member(user, Membership.OWNER, Membership.ADMIN)
    handed_in = ~Q(state="draft") & Q(dataset__organization__in=stewarded)
    return contributions.filter(Q(contributor=user) | handed_in)


def contribution_for(user: Viewer, contribution_id: UUID) -> Contribution:
    found = contributions_visible_to(user).filter(pk=contribution_id).first()
    if found is None:
        raise ContributionNotFoundError
    return found


def contribution_to_change(user: User, dataset_id: UUID) -> Contribution | None:
    """Their newest one to the dataset that may still change."""
    mine = Contribution.objects.filter(contributor=user, dataset_id=dataset_id, state__in=["draft", "needs_changes"])
    return mine.order_by("-created_at", "-id").first()


def versions_visible_to(user: Viewer) -> "QuerySet[DatasetVersion]":
    """Of visible datasets: published and withdrawn ones for all, unfinished ones for the organization."""
    versions = DatasetVersion.objects.filter(dataset__in=datasets_visible_to(user)).select_related(
        "dataset__organization"
    )
    finished = Q(state__in=["published", "withdrawn_content", "retracted"], published_at__isnull=False)
    if not user.is_authenticated:
        return versions.filter(finished)
    return versions.filter(finished | Q(dataset__organization__in=_organizations(user)))


def version_for(user: Viewer, version_id: UUID) -> DatasetVersion:
    found = versions_visible_to(user).filter(pk=version_id).first()
    if found is None:
        raise VersionNotFoundError
    return found


def published_versions(dataset: Dataset) -> "QuerySet[DatasetVersion]":
    """Servable versions, newest first."""
    return dataset.versions.filter(state="published").order_by("-major", "-minor", "-patch")


def latest_version(dataset: Dataset) -> DatasetVersion | None:
    """The newest servable version; None while nothing is published or all of it is withdrawn."""
    return published_versions(dataset).first()


def version_by_revision(dataset: Dataset, revision: str, *, without: Iterable[str] = ()) -> DatasetVersion:
    """`main`, a tag (`v1.2.0` or `1.2.0`) or a full commit id, servable or withdrawn. Raises VersionNotFoundError.

    `without`: columns that are not needed now.
    """
    sealed = dataset.versions.exclude(published_at=None).defer(*without)
    if revision == "main":
        found = (
            published_versions(dataset).defer(*without).first() or sealed.order_by("-major", "-minor", "-patch").first()
        )
    else:
        found = sealed.filter(_matches(revision)).first()
    if found is None:
        raise VersionNotFoundError
    return found


def replacement_of(version: DatasetVersion) -> DatasetVersion | None:
    """The servable version to use in place of a withdrawn one."""
    return latest_version(version.dataset)


def version_file(version: DatasetVersion, path: str) -> VersionFile | None:
    return version.files.filter(path=path).first()


@withholds_objects
def is_out_of_service(sha256: str) -> bool:
    """Data of versions none of which may be served now. Links are made for data alone, and a shard's key is its hash.

    What no version has ever held is not ours to withhold.
    """
    holding = VersionFile.objects.filter(shard=sha256).values_list("version__state", "version__dataset__state")
    states = set(holding.distinct())
    return bool(states) and not any(
        version == "published" and dataset not in ("quarantined", "withdrawn") for version, dataset in states
    )


def preview_sample(version: DatasetVersion, sha256: str) -> dict[str, Any] | None:
    """The clip or thumbnail of that hash in the version's preview: {"sha256", "media_type", "size"}.

    Only columns of media count: what other columns hold was written by users, whatever it looks like.
    """
    columns = [each["name"] for each in version.columns if (each["feature"] or {}).get("_type") in ("Audio", "Image")]
    cells = [record.get(name) or {} for record in version.preview for name in columns]
    return next((cell["sample"] for cell in cells if cell.get("sample", {}).get("sha256") == sha256), None)


def acceptable_contributions(dataset: Dataset) -> "QuerySet[Contribution]":
    """What a new version would hold, in the stable order in which it was accepted."""
    return dataset.contributions.filter(state="accepted").order_by("decided_at", "id")


def _matches(revision: str) -> Q:
    number = revision.removeprefix("v").split(".")
    if len(number) == 3 and all(part.isascii() and part.isdigit() and len(part) < 9 for part in number):
        major, minor, patch = map(int, number)
        return Q(major=major, minor=minor, patch=patch)
    return Q(commit_id=revision) if len(revision) == 40 else Q(pk=None)


def _organizations(user: Viewer) -> "QuerySet[Organization]":
    return Organization.objects.with_member(user)


def _contributed_to(user: Viewer) -> "QuerySet[Contribution, UUID]":
    return Contribution.objects.filter(contributor_id=user.pk).values_list("dataset_id", flat=True)


def _open() -> Q:
    """A draft that calls for contributions is visible to everybody who could contribute."""
    return Q(state="draft", open_to_contributions=True, visibility__in=["public", "restricted"])
