"""A training job's right to fresh addresses: what it was opened for, and how much has been given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from collective.catalog.models import DatasetVersion
from collective.core.ids import new_id
from licensing.models.grant import LicenseGrant


class DownloadSession(models.Model):
    """One person's key, one grant (none for a steward), one version, for a day at most. Only its count moves.

    All workers of a job share it: while one is open, the same key is given the same token again. Address and program
    are those of the first request, and are written down without being asked for again: the workers of a job come from
    many addresses, and what binds is the key. The evidence of what was given are AccessRecords; sessions are deleted.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=8, blank=True, help_text="Empty: asked for by somebody signed in.")
    grant = models.ForeignKey(LicenseGrant, on_delete=models.PROTECT, null=True, related_name="download_sessions")
    version = models.ForeignKey(DatasetVersion, on_delete=models.PROTECT, related_name="+")
    manifest_sha256 = models.CharField(max_length=64)
    action = models.CharField(max_length=30, blank=True, help_text="What the files are for, if that was said.")
    size = models.PositiveBigIntegerField(help_text="Bytes of all its files, once.")
    byte_budget = models.PositiveBigIntegerField()
    bytes_given = models.PositiveBigIntegerField(default=0)
    whole_until = models.DateTimeField(help_text="Until when the addresses of all files that were given last work.")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, help_text="Since when a later session is given out in its place.")
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key_id", "grant", "version", "action"],
                condition=Q(superseded_at=None, grant__isnull=False),
                name="session_one_of_a_licensee",
            ),
            models.UniqueConstraint(
                fields=["user", "key_id", "version", "action"],
                condition=Q(superseded_at=None, grant=None),
                name="session_one_of_a_steward",
            ),
            models.CheckConstraint(
                condition=Q(bytes_given__lte=models.F("byte_budget")), name="session_within_its_budget"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("opened_at")), name="session_ends_after_its_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} until {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return timezone.now() >= self.expires_at


class SessionFile(models.Model):
    """A file of which a fresh address was given, and until when that one works: until then others cost nothing."""

    session = models.ForeignKey(DownloadSession, on_delete=models.CASCADE, related_name="files")
    sha256 = models.CharField(max_length=64)
    given_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "sha256"], name="session_file_once")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} until {self.given_until:%H:%M:%S}"
