"""Many uploads of one part each, looked up or begun in the store side by side: one after the other takes too long."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from collective.core.storage import incoming
from collective.core.storage.errors import UploadNotFoundError
from ingestion.models import Upload
from ingestion.services.uploads import forget_storage_id, keep_storage_id

AT_ONCE = 16


def begin_in_store(uploads: Iterable[Upload]) -> None:
    """Each gets the store's own id, if it has none."""
    store, fresh = incoming(), [upload for upload in uploads if not upload.storage_id]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        begun = list(pool.map(lambda upload: store.create(upload.key), fresh))
    for upload, storage_id in zip(fresh, begun, strict=True):
        keep_storage_id(upload, storage_id)


def arrived_whole(uploads: Iterable[Upload]) -> set[UUID]:
    """Ids of those whose one part is there, as long as announced. What the store has lost begins anew."""
    begun = [upload for upload in uploads if upload.storage_id]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = list(pool.map(_size_there, begun))
    for upload, size in zip(begun, sizes, strict=True):
        if size is None:
            forget_storage_id(upload)
    return {upload.pk for upload, size in zip(begun, sizes, strict=True) if size == upload.size}


def _size_there(upload: Upload) -> int | None:
    """None: the store knows nothing of the upload."""
    try:
        parts = incoming().list_parts(upload.key, upload.storage_id)
    except UploadNotFoundError:
        return None
    return sum(part.size for part in parts)
