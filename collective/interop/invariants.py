"""What must never be false of what interop keeps."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from collective.core.invariants import invariant
from collective.core.storage import published
from collective.core.storage.errors import ObjectNotFoundError
from collective.interop.models import MdcArchive

# The second look after a withdrawal comes an hour later.
DROPPED_WITHIN = timedelta(hours=2)


@invariant("D1", "an archive that is given is in the store, as long as it says")
def archives_are_stored() -> Iterable[str]:
    for row in MdcArchive.objects.filter(state="ready").iterator():
        try:
            size = published().info(row.sha256).size
        except ObjectNotFoundError:
            yield f"archive {row.pk} of version {row.version_id} is not in the store"
            continue
        if size != row.size:
            yield f"archive {row.pk} has {size} bytes in the store and not {row.size}"


@invariant("D3", "no archive outlives the withdrawal of something in it")
def archives_end_with_their_versions() -> Iterable[str]:
    before = timezone.now() - DROPPED_WITHIN
    kept = MdcArchive.objects.exclude(state="dropped").exclude(sha256="")
    for row in kept.filter(version__withdrawals__withdrawal__at__lt=before).distinct():
        yield f"archive {row.pk} of version {row.version_id} is still {row.state}"
