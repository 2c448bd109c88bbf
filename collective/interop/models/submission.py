"""What somebody hands in through Mozilla Data Collective's SDK: words beside a contribution, and its transfers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from collective.accounts.models import Organization
from collective.catalog.models import Contribution, Dataset
from collective.core.ids import new_id
from ingestion.models import Upload


class MdcSubmission(models.Model):
    """The dataset and the contribution are made with the first upload. `fields`: what the SDK sent, as it sent it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, related_name="mdc_submissions")
    # Of a dataset that is the submission's own, its words describe it as long as nobody has listed it.
    made_dataset = models.BooleanField(default=False)
    contribution = models.OneToOneField(
        Contribution, on_delete=models.PROTECT, null=True, related_name="mdc_submission"
    )
    fields = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.fields.get("name", self.pk))


class MdcUpload(models.Model):
    """A transfer. The data's is an upload of ingestion; a sample is only checked and thrown away, so it is kept here.

    What everybody sees of a dataset is cut from its checked data, never taken from a file that nobody checked.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    submission = models.ForeignKey(MdcSubmission, on_delete=models.PROTECT, related_name="uploads")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, null=True, related_name="mdc_upload")
    filename = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    storage_id = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at=None) | ~Q(sha256=""), name="mdc_upload_completed_has_a_checksum"
            )
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_sample(self) -> bool:
        return self.upload_id is None

    @property
    def key(self) -> str:
        """Where a sample's bytes lie in the incoming store until they are thrown away."""
        return f"mdc-samples/{self.pk}"
