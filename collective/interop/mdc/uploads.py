"""Transfers of a submission: the data goes through ingestion as any upload does; samples are in `samples.py`."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from collective.accounts.domain.slugs import slug_candidates
from collective.accounts.models import User
from collective.catalog.errors import SlugTakenError
from collective.catalog.models import Dataset
from collective.catalog.services import create_dataset, start_contribution
from collective.core.storage import incoming
from collective.interop.mdc.describing import description_of
from collective.interop.mdc.errors import (
    FieldsError,
    PartsRefusedError,
    SubmissionHandedInError,
    UploadGoneError,
)
from collective.interop.mdc.parts import Announced, Completed
from collective.interop.mdc.samples import complete_sample, is_lost
from collective.interop.mdc.submissions import IN_REVIEW, OPEN, describe_dataset, locked_submission, page_of
from collective.interop.mdc.vocabulary import modality_of
from collective.interop.models import MdcSubmission, MdcUpload
from ingestion.errors import PartsDifferError
from ingestion.services import (
    complete_unhashed,
    discard_upload,
    sign_unhashed_part,
    start_upload,
)

LIVE = ("open", "assembling", "stored")


@transaction.atomic
def start_data(*, actor: User, name: str, announced: Announced) -> MdcUpload:
    """Begin to send the data. The first one makes the draft that it goes into; one after acceptance, the next draft."""
    submission = locked_submission(actor, name)
    draft = _give_contribution(actor, submission)
    upload = start_upload(actor=actor, contribution_id=draft, name=announced.filename, size=announced.size)
    return MdcUpload.objects.create(
        submission=submission, upload=upload, filename=announced.filename, size=announced.size
    )


def sign_part(*, actor: User, upload_id: UUID, number: int) -> str:
    """Where to PUT part `number`. Raises UploadGoneError, which lets the SDK forget what it knew."""
    upload = upload_for(actor, upload_id)
    if upload.completed_at is not None:
        raise UploadGoneError
    if upload.upload is None:
        return incoming().sign_unsized_part(upload.key, upload.storage_id, number, upload.size).url
    return sign_unhashed_part(actor=actor, upload_id=upload.upload.pk, number=number).url


def complete(*, actor: User, upload_id: UUID, said: Completed) -> MdcUpload:
    """All parts were sent. The same call after a lost answer changes nothing; the SHA-256 is compared by a job."""
    upload = upload_for(actor, upload_id)
    if said.upload_id not in ("", upload.pk.hex):
        raise FieldsError("uploadId is not the one of this upload.")
    if upload.completed_at is not None:
        if said.sha256 != upload.sha256:
            raise FieldsError("This upload was completed with another checksum.")
        return upload
    try:
        _complete(actor, upload, said)
    except PartsDifferError as error:
        raise PartsRefusedError(why=error.detail["why"]) from error
    return upload_for(actor, upload_id)


def upload_for(actor: User, upload_id: UUID) -> MdcUpload:
    """One's own that can go on or has arrived. Raises UploadGoneError for all others, so that the SDK starts again."""
    own = MdcUpload.objects.select_related("submission", "upload__contribution").filter(submission__owner=actor)
    upload = own.filter(pk=upload_id).first()
    if upload is None or upload.submission.deleted_at is not None:
        raise UploadGoneError
    if upload.upload.state not in LIVE if upload.upload else is_lost(upload):
        raise UploadGoneError
    return upload


def _complete(actor: User, upload: MdcUpload, said: Completed) -> None:
    if upload.upload is None:
        complete_sample(upload, said)
        return
    complete_unhashed(actor=actor, upload_id=upload.upload.pk, etags=said.etags, sha256=said.sha256)
    MdcUpload.objects.filter(pk=upload.pk, completed_at=None).update(completed_at=timezone.now(), sha256=said.sha256)
    _drop_others(actor, upload)


def _drop_others(actor: User, upload: MdcUpload) -> None:
    """A submission has one file: the newest that arrived takes the place of those before."""
    if upload.upload is None:
        return
    there = upload.upload.contribution.uploads.filter(mdc_upload__submission=upload.submission_id)
    for other in there.filter(state__in=["open", "expired", "assembling", "stored"]).exclude(pk=upload.upload.pk):
        discard_upload(actor=actor, upload_id=other.pk)


def _give_contribution(actor: User, submission: MdcSubmission) -> UUID:
    """The draft to send to. What was handed in is not changed; after the decision a new draft begins."""
    contribution = submission.contribution
    if contribution is not None and contribution.state in OPEN:
        return contribution.pk
    if contribution is not None and contribution.state in IN_REVIEW:
        raise SubmissionHandedInError(url=page_of("catalog:contributions", None))
    dataset = submission.dataset or _made_dataset(actor, submission)
    title = submission.fields["name"]
    submission.contribution = start_contribution(actor=actor, dataset_id=dataset.pk, title=title)
    submission.save(update_fields=["dataset", "made_dataset", "contribution", "updated_at"])
    describe_dataset(actor, submission)
    return submission.contribution.pk


def _made_dataset(actor: User, submission: MdcSubmission) -> Dataset:
    """A draft that nobody but the organization sees, private unless the submission says otherwise."""
    fields = submission.fields
    for slug in slug_candidates(fields["name"], fallback="dataset"):
        try:
            submission.dataset = create_dataset(
                actor=actor,
                organization_id=submission.organization_id,
                slug=slug,
                title=fields["name"],
                modality=modality_of(fields.get("task", "")),
                **description_of(fields),
            )
        except SlugTakenError:
            continue
        submission.made_dataset = True
        return submission.dataset
    raise FieldsError("There are too many datasets of this name. Choose another one.")
