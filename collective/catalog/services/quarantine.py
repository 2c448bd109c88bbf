"""An operator puts a dataset on hold while they look at it, and lets it go on."""

from uuid import UUID

from django.db import transaction

from collective.accounts.models import User
from collective.catalog.errors import DatasetNotFoundError, HoldReasonMissingError
from collective.catalog.events import DatasetCleared, DatasetQuarantined
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_clear, check_can_quarantine
from collective.core import audit
from collective.core.events import publish


@transaction.atomic
def quarantine_dataset(*, actor: User | None, dataset_id: UUID, reason: str) -> Dataset:
    """From the commit on nothing of it is shown, sold or delivered. Doing it twice is doing it once.

    `actor` is None for the command line of the server. Raises HoldReasonMissingError, and WrongStateError for a dataset
    that is not in the catalog.
    """
    dataset = _locked(dataset_id)
    if actor is not None:
        check_can_quarantine(actor)
    if dataset.state == "quarantined":
        return dataset
    dataset.transition_to("quarantined")
    noted = audit.record(actor=actor, action="catalog.dataset_quarantined", obj=dataset, reason=_stated(reason))
    publish(DatasetQuarantined(dataset.pk, noted.pk))
    return dataset


@transaction.atomic
def clear_quarantine(*, actor: User | None, dataset_id: UUID, reason: str) -> Dataset:
    """It goes on as before; one that is not on hold stays as it is. Nobody clears what their organization publishes.

    Raises HoldReasonMissingError, ConflictOfInterestError.
    """
    dataset = _locked(dataset_id)
    if actor is not None:
        check_can_clear(actor, dataset)
    if dataset.state != "quarantined":
        return dataset
    dataset.transition_to("listed")
    noted = audit.record(actor=actor, action="catalog.dataset_cleared", obj=dataset, reason=_stated(reason))
    publish(DatasetCleared(dataset.pk, noted.pk))
    return dataset


def _locked(dataset_id: UUID) -> Dataset:
    rows = Dataset.objects.select_related("organization").select_for_update(of=("self",), no_key=True)
    dataset = rows.filter(pk=dataset_id).first()
    if dataset is None:
        raise DatasetNotFoundError
    return dataset


def _stated(reason: str) -> str:
    if not reason.strip():
        raise HoldReasonMissingError
    return reason.strip()
