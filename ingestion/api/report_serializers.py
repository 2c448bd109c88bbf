"""A contribution's report as JSON."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ingestion.domain.findings import Finding
from ingestion.models import ValidationReport
from ingestion.selectors import acknowledgement_of, secrets_found
from ingestion.web.finding_words import words_for
from ingestion.web.places import FileRows, file_rows, places_of
from ingestion.web.progress import pace_of, phase_text

SEVERITIES = ("block", "warning", "note")
COUNTED = ("files_done", "files_total", "rows_done", "bytes_done", "bytes_total")


class ProblemOutput(serializers.Serializer[Any]):
    """`row` counts from 1 without the header. `example` is short, with dots for what may be somebody's."""

    file = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField(allow_null=True)
    column = serializers.CharField(allow_null=True)
    code = serializers.CharField()
    message = serializers.CharField()
    action = serializers.CharField()
    example = serializers.CharField(allow_null=True)


class PlaceOutput(serializers.Serializer[Any]):
    file = serializers.CharField()
    rows = serializers.ListField(child=serializers.IntegerField())


class FindingOutput(serializers.Serializer[Any]):
    """What a check counted; never what it found. `column` is empty when the whole record is meant."""

    check = serializers.CharField()
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITIES)
    column = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField()
    places = PlaceOutput(many=True, help_text="The first rows of each file, from 1.")
    title = serializers.CharField()
    action = serializers.CharField()


class ProgressOutput(serializers.Serializer[Any]):
    """Rates and the time left are null in the first seconds, and when nothing runs."""

    phase = serializers.CharField(allow_blank=True)
    phase_text = serializers.CharField()
    current_file = serializers.CharField(allow_blank=True)
    percent = serializers.IntegerField()
    files_done = serializers.IntegerField()
    files_total = serializers.IntegerField()
    rows_done = serializers.IntegerField()
    bytes_done = serializers.IntegerField()
    bytes_total = serializers.IntegerField()
    rows_per_second = serializers.FloatField(allow_null=True)
    bytes_per_second = serializers.FloatField(allow_null=True)
    seconds_left = serializers.FloatField(allow_null=True)


class FileStatisticsOutput(serializers.Serializer[Any]):
    """`columns`: dtype, count, nulls, and what is measured of such a column. `withheld` stands for values that are not
    listed, because somebody's data or a secret was found among them."""

    rows = serializers.IntegerField()
    seconds = serializers.FloatField(required=False, help_text="Length of all recordings.")
    columns = serializers.DictField(child=serializers.JSONField())


class ReportOutput(serializers.ModelSerializer[ValidationReport]):
    warnings = ProblemOutput(many=True)
    progress = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    statistics = serializers.DictField(child=FileStatisticsOutput(), help_text="By file.")
    secrets_found = serializers.SerializerMethodField(help_text="In how many places keys or passwords were found.")
    secrets_acknowledged_at = serializers.SerializerMethodField(help_text="When the steward answered for them.")

    class Meta:
        model = ValidationReport
        fields = (
            "id",
            "contribution",
            "number",
            "state",
            "started_at",
            "finished_at",
            "progress",
            "error_count",
            "warnings",
            "findings",
            "statistics",
            "secrets_found",
            "secrets_acknowledged_at",
            "own_keys_found",
            "own_keys_revoked",
        )

    def get_fields(self) -> dict[str, Any]:
        """`errors` is a name of the class itself, so that this field cannot be declared like the others."""
        return {**super().get_fields(), "errors": ProblemOutput(many=True)}

    @extend_schema_field(ProgressOutput)
    def get_progress(self, report: ValidationReport) -> dict[str, Any]:
        pace = pace_of(report)
        return {
            "phase": report.phase,
            "phase_text": phase_text(report),
            "current_file": report.current_file,
            "percent": report.percent,
            **{name: getattr(report, name) for name in COUNTED},
            "rows_per_second": round(pace.rows_per_second, 1) if pace else None,
            "bytes_per_second": round(pace.bytes_per_second, 1) if pace else None,
            "seconds_left": round(pace.seconds_left, 1) if pace else None,
        }

    def get_secrets_found(self, report: ValidationReport) -> int:
        return secrets_found(report)

    def get_secrets_acknowledged_at(self, report: ValidationReport) -> datetime | None:
        answer = acknowledgement_of(report)
        return answer.at if answer else None

    @extend_schema_field(FindingOutput(many=True))
    def get_findings(self, report: ValidationReport) -> list[dict[str, Any]]:
        files = file_rows(report) if report.findings else []
        return [_told(Finding.from_json(each), files) for each in report.findings]


def _told(finding: Finding, files: list[FileRows]) -> dict[str, Any]:
    words = words_for(finding)
    told = finding.as_json() | {"title": str(words.title), "action": str(words.action)}
    del told["rows"]
    return told | {"places": [{"file": place.file, "rows": place.rows} for place in places_of(finding, files)]}
