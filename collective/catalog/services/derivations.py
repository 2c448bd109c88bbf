"""Saying that a contribution was made from published data."""

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.catalog.errors import SourceWithdrawnError
from collective.catalog.models import Contribution, Derivation
from collective.catalog.policies import check_can_edit_contribution
from collective.catalog.selectors import contribution_for, version_for
from collective.core import audit


@transaction.atomic
def declare_derivations(*, actor: User, contribution_id: UUID, source_ids: Collection[UUID]) -> None:
    """These versions are among its sources, for good: whoever named a wrong one starts another contribution.

    Whether their licenses allow it, licensing has asked. Raises SourceWithdrawnError.
    """
    contribution = contribution_for(actor, contribution_id)
    check_can_edit_contribution(actor, contribution)
    for source_id in source_ids:
        version = version_for(actor, source_id)
        if version.state != "published":
            raise SourceWithdrawnError(source=f"{version.dataset.repo_id} {version.number}")
        _, is_new = Derivation.objects.get_or_create(
            contribution=contribution, source=version, defaults={"declared_by": actor}
        )
        if is_new:
            audit.record(actor=actor, action="catalog.derivation_declared", obj=contribution, source=version.pk)


def check_sources_stand(contribution: Contribution) -> None:
    """Before it goes on: a source may have been withdrawn while it was declared. Raises SourceWithdrawnError."""
    gone = contribution.derivations.exclude(source__state="published").select_related("source__dataset__organization")
    for derivation in gone[:1]:
        source = derivation.source
        raise SourceWithdrawnError(source=f"{source.dataset.repo_id} {source.number}")
