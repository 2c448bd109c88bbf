"""Withdrawals and notices as JSON. Nothing here names a contributor."""

from typing import Any

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from collective.catalog.models import Withdrawal
from collective.catalog.selectors import latest_version
from collective.core.api import StrictSerializer
from licensing.models import WithdrawalNotice, WithdrawalNoticeEvent
from licensing.selectors.withdrawals import versions_of
from licensing.services import notice_facts

BIGGEST = 2**63 - 1
SHA256 = r"^[0-9a-f]{64}$"


class FeedQuery(StrictSerializer):
    after = serializers.IntegerField(min_value=0, max_value=BIGGEST, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=100, default=50)
    dataset = serializers.RegexField(r"^[-\w]+/[-\w]+$", required=False, default="")


class RecordsQuery(StrictSerializer):
    after = serializers.IntegerField(min_value=0, max_value=BIGGEST // 2, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=5000, default=1000)


class WithdrawalOutput(serializers.ModelSerializer[Withdrawal]):
    dataset = serializers.CharField(source="dataset.repo_id")
    versions = serializers.SerializerMethodField(help_text="Those that held it, and are not delivered any more.")
    replaced_by = serializers.SerializerMethodField(help_text="The version to use now; null while there is none.")
    whole = serializers.BooleanField(source="is_whole")
    records_url = serializers.SerializerMethodField()

    class Meta:
        model = Withdrawal
        fields = ("number", "at", "dataset", "versions", "whole", "record_count", "replaced_by", "records_url")

    def get_versions(self, row: Withdrawal) -> list[str]:
        return [version.number for version in versions_of(row)]

    def get_replaced_by(self, row: Withdrawal) -> str | None:
        newest = latest_version(row.dataset)
        return newest.number if newest else None

    def get_records_url(self, row: Withdrawal) -> str:
        return f"{settings.SITE_URL}/api/v1/withdrawals/{row.number}/records"


class FeedOutput(serializers.Serializer[Any]):
    """`next` is what to ask after, now or another day; `more` says that it is worth asking at once."""

    results = WithdrawalOutput(many=True)
    next = serializers.IntegerField()
    more = serializers.BooleanField()


class WithdrawnRecordOutput(serializers.Serializer[Any]):
    record_id = serializers.CharField()
    sha256 = serializers.CharField(source="record_sha256")


class WithdrawnRecordsOutput(serializers.Serializer[Any]):
    """`next` is null on the last page."""

    results = WithdrawnRecordOutput(many=True, source="records")
    next = serializers.IntegerField(source="next_place", allow_null=True)


class NoticeEventOutput(serializers.ModelSerializer[WithdrawalNoticeEvent]):
    class Meta:
        model = WithdrawalNoticeEvent
        fields = ("kind", "at", "signer_name", "statement", "statement_sha256", "proof_sha256")


class NoticeOutput(serializers.ModelSerializer[WithdrawalNotice]):
    number = serializers.IntegerField(source="withdrawal.number")
    withdrawn_at = serializers.DateTimeField(source="withdrawal.at")
    dataset = serializers.CharField(source="withdrawal.dataset.repo_id")
    licensee = serializers.SlugField(source="grant.licensee.slug")
    record_count = serializers.IntegerField(source="withdrawal.record_count")
    whole = serializers.BooleanField(source="withdrawal.is_whole")
    records_url = serializers.SerializerMethodField()

    class Meta:
        model = WithdrawalNotice
        fields = (
            "id",
            "number",
            "withdrawn_at",
            "dataset",
            "licensee",
            "grant",
            "state",
            "is_open",
            "due_at",
            "open_license",
            "record_count",
            "whole",
            "records_url",
        )

    def get_records_url(self, row: WithdrawalNotice) -> str:
        return f"{settings.SITE_URL}/api/v1/withdrawals/{row.withdrawal.number}/records"


class StatementOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    text_sha256 = serializers.CharField()


class NoticeDetailOutput(NoticeOutput):
    """With the files concerned, what has happened, and the statement that an attestation signs."""

    files = serializers.SerializerMethodField()
    events = serializers.SerializerMethodField()
    statement = serializers.SerializerMethodField()

    class Meta(NoticeOutput.Meta):
        fields = (*NoticeOutput.Meta.fields, "files", "events", "statement")  # type: ignore[assignment]  # three more

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_files(self, row: WithdrawalNotice) -> Any:
        return notice_facts(row)["files"]

    @extend_schema_field(NoticeEventOutput(many=True))
    def get_events(self, row: WithdrawalNotice) -> Any:
        return NoticeEventOutput(row.events.order_by("at", "id"), many=True).data

    @extend_schema_field(StatementOutput)
    def get_statement(self, row: WithdrawalNotice) -> Any:
        return {"text": self.context["statement"], "text_sha256": self.context["statement_sha256"]}


class AttestationOfDeletionInput(StrictSerializer):
    signer_name = serializers.CharField(max_length=150, help_text="A person's name, as a signature.")
    statement_sha256 = serializers.CharField(max_length=64, help_text="Of the statement that was shown.")
    proof_sha256 = serializers.RegexField(
        SHA256, required=False, allow_blank=True, default="", help_text="Of a program's report, as of collective sync."
    )


class ToldOutput(serializers.ModelSerializer[WithdrawalNotice]):
    """One licensee's answer, for the contributor and for stewards."""

    number = serializers.IntegerField(source="withdrawal.number")
    licensee = serializers.CharField(source="grant.licensee.name")
    license = serializers.CharField(source="grant.license.name")

    class Meta:
        model = WithdrawalNotice
        fields = ("number", "licensee", "license", "state", "due_at", "made_at")


class AnswersOutput(serializers.Serializer[Any]):
    told = serializers.IntegerField(help_text="Licensees.")
    notices = serializers.IntegerField(help_text="A licensee has one per license and withdrawal.")
    acknowledged = serializers.IntegerField()
    attested = serializers.IntegerField()
    overdue = serializers.IntegerField()
    licensees = ToldOutput(many=True)
