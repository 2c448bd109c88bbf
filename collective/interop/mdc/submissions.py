"""Submissions: words first, a draft contribution with the first file, and the hand-in that everybody else does too.

What the SDK cannot say is asked in the browser: where the data comes from and what its people allow. Until somebody has
said it there, nothing is handed in, and nothing of it is ever public.
"""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from collective.accounts.models import Organization, User
from collective.accounts.selectors import administered_by, personal_organization
from collective.catalog.models import Contribution, Dataset
from collective.catalog.policies import check_can_contribute
from collective.catalog.selectors import contributable_datasets
from collective.catalog.services import submit_contribution, update_dataset
from collective.core import audit
from collective.core.addresses import address_of
from collective.interop.mdc.describing import description_of
from collective.interop.mdc.errors import (
    DeclarationMissingError,
    FieldsError,
    SubmissionDeletedError,
    SubmissionHandedInError,
    SubmissionNotFoundError,
    SubmissionPublishedError,
    UploadBeingCheckedError,
    UploadFailedError,
    UploadMissingError,
)
from collective.interop.mdc.fields import check_complete, merged
from collective.interop.mdc.names import parsed_id
from collective.interop.models import MdcSubmission, MdcUpload
from licensing.services import withdraw_contribution

OPEN = ("draft", "needs_changes")
IN_REVIEW = ("submitted", "validating", "validated")
EMPTY_DRAFTS_KEPT = timedelta(days=30)


@transaction.atomic
def create_submission(*, actor: User, given: Any) -> MdcSubmission:
    """A draft of nothing but a name. `organization/name` says where; `organization/dataset` names one that is there."""
    fields = merged({}, {"name": given.get("name")} if isinstance(given, dict) else given)
    if "name" not in fields:
        raise FieldsError("name is missing.")
    organization, dataset, title = _place(actor, fields["name"])
    submission = MdcSubmission.objects.create(
        owner=actor, organization=organization, dataset=dataset, fields={**fields, "name": title}
    )
    audit.record(actor=actor, action="interop.mdc_submission_created", obj=submission)
    return submission


@transaction.atomic
def update_submission(*, actor: User, name: str, given: Any) -> MdcSubmission:
    """Change its words, and those of the dataset that was made for it as long as that is a draft."""
    submission = locked_submission(actor, name)
    check_open(submission)
    submission.fields = merged(submission.fields, given)
    submission.save(update_fields=["fields", "updated_at"])
    describe_dataset(actor, submission)
    return submission


def submit(*, actor: User, name: str, given: Any) -> MdcSubmission:
    """Hand it in, by the same rules as in the browser. Submitting twice changes nothing.

    Raises FieldsError, UploadMissingError, UploadBeingCheckedError, UploadFailedError, DeclarationMissingError.
    """
    if not isinstance(given, dict) or given.get("agreeToSubmit") is not True:
        raise FieldsError("agreeToSubmit must be true.")
    submission = submission_for(actor, name)
    contribution = submission.contribution
    if contribution is not None and contribution.state not in OPEN:
        return submission
    check_complete(submission.fields)
    upload = completed_upload(submission)
    if contribution is None or upload is None:
        raise UploadMissingError
    if contribution.rights_declared_at is None:
        raise DeclarationMissingError(url=page_of("licensing:rights", contribution), submission=str(submission.pk))
    _check_stored(upload)
    submit_contribution(actor=actor, contribution_id=contribution.pk)
    return submission_for(actor, name)


def delete_submission(*, actor: User, name: str) -> None:
    """Take it back, words and files. Raises SubmissionPublishedError once it was accepted."""
    submission = submission_for(actor, name)
    contribution = submission.contribution
    if contribution is not None and contribution.state == "accepted":
        raise SubmissionPublishedError(url=page_of("licensing:withdraw", contribution))
    if contribution is not None:
        withdraw_contribution(actor=actor, contribution_id=contribution.pk)
    if MdcSubmission.objects.filter(pk=submission.pk, deleted_at=None).update(deleted_at=timezone.now(), fields={}):
        audit.record(actor=actor, action="interop.mdc_submission_deleted", obj=submission)


def submission_for(actor: User, name: str) -> MdcSubmission:
    """The actor's own, by its id, or by its dataset's id where there is one submission only.

    Raises SubmissionNotFoundError, SubmissionDeletedError.
    """
    found, own = parsed_id(name), MdcSubmission.objects.filter(owner=actor).select_related("contribution", "dataset")
    if found is None:
        raise SubmissionNotFoundError
    submission = own.filter(pk=found).first()
    if submission is None:
        of_dataset = list(own.filter(dataset=found, deleted_at=None)[:2])
        submission = of_dataset[0] if len(of_dataset) == 1 else None
    if submission is None:
        raise SubmissionNotFoundError
    if submission.deleted_at is not None:
        raise SubmissionDeletedError
    return submission


def locked_submission(actor: User, name: str) -> MdcSubmission:
    """The same, against two who change it at once."""
    submission = submission_for(actor, name)
    MdcSubmission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    return submission_for(actor, name)


def check_open(submission: MdcSubmission) -> None:
    """Raises SubmissionHandedInError, SubmissionPublishedError."""
    contribution = submission.contribution
    if contribution is None or contribution.state in OPEN:
        return
    kind = SubmissionHandedInError if contribution.state in IN_REVIEW else SubmissionPublishedError
    raise kind(url=page_of("catalog:contributions", None))


def describe_dataset(actor: User, submission: MdcSubmission) -> None:
    """Nobody's published words are ever replaced by a client's: only those of the draft that was made for it."""
    dataset = submission.dataset
    if dataset is not None and submission.made_dataset and dataset.state == "draft":
        described = {"title": submission.fields["name"], **description_of(submission.fields)}
        update_dataset(actor=actor, dataset_id=dataset.pk, **described)


def completed_upload(submission: MdcSubmission) -> MdcUpload | None:
    """The newest file of the data that arrived whole, whatever the check of its bytes said."""
    done = submission.uploads.filter(upload__contribution=submission.contribution_id, upload__isnull=False)
    return done.exclude(completed_at=None).select_related("upload").order_by("-completed_at", "-id").first()


def completed_sample(submission: MdcSubmission) -> MdcUpload | None:
    return submission.uploads.filter(upload=None).exclude(completed_at=None).order_by("-completed_at", "-id").first()


def status_of(submission: MdcSubmission) -> str:
    """In the SDK's words, as far as they are known; ours where it has none."""
    state = submission.contribution.state if submission.contribution else "draft"
    if state in OPEN:
        return "draft"
    return "submitted" if state in IN_REVIEW else {"accepted": "approved"}.get(state, state)


def page_of(route: str, contribution: Contribution | None) -> str:
    kwargs = {"contribution_id": contribution.pk} if contribution else {}
    return address_of(route, **kwargs)


def _check_stored(upload: MdcUpload) -> None:
    if upload.upload is None or upload.upload.state == "assembling":
        raise UploadBeingCheckedError
    if upload.upload.state != "stored":
        raise UploadFailedError(problem=upload.upload.problem or "it was removed.")


def _place(actor: User, name: str) -> tuple[Organization, Dataset | None, str]:
    """Whose the dataset is, which it is if it is there already, and how it is called."""
    slug, slash, rest = name.partition("/")
    dataset = contributable_datasets(actor).filter(organization__slug=slug, slug=rest).first() if slash else None
    if dataset is not None:
        check_can_contribute(actor, dataset)
        return dataset.organization, dataset, dataset.title
    shared = list(administered_by(actor).filter(personal_of=None))
    named = next((each for each in shared if slash and rest.strip() and each.slug == slug), None)
    if named is not None:
        return named, None, rest.strip()
    if len(shared) > 1:
        slugs = ", ".join(each.slug for each in shared)
        example = f"{shared[0].slug}/{name}"
        raise FieldsError(f"You act for several organizations: {slugs}. Write one before the name, as in {example}.")
    return (shared[0] if shared else personal_organization(actor)), None, name


def forget_drafts() -> None:
    """Job: drafts that never got a file; a failed script leaves one behind each time it runs."""
    before = timezone.now() - EMPTY_DRAFTS_KEPT
    empty = MdcSubmission.objects.filter(contribution=None, deleted_at=None, updated_at__lt=before)
    empty.update(deleted_at=timezone.now(), fields={})
