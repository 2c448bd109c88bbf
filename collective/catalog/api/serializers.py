"""What the catalog reads and writes as JSON. Reading and writing are separate classes."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from collective.catalog.models import Contribution, Dataset, DatasetVersion, SplitShare, VersionFile
from collective.core.api import StrictSerializer


def basis_points(*, help_text: str = "") -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=10_000, required=False, help_text=help_text)


class DatasetInput(StrictSerializer):
    organization = serializers.SlugField(help_text="The organization that stewards it.")
    slug = serializers.SlugField(max_length=80)
    title = serializers.CharField(max_length=200)
    modality = serializers.ChoiceField(choices=Dataset.MODALITIES)
    summary = serializers.CharField(max_length=300, required=False, allow_blank=True)
    card = serializers.CharField(max_length=100_000, required=False, allow_blank=True, help_text="Markdown.")
    task = serializers.CharField(max_length=80, required=False, allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(max_length=35), max_length=200, required=False)
    visibility = serializers.ChoiceField(choices=["public", "restricted", "private"], required=False)
    open_to_contributions = serializers.BooleanField(required=False)
    steward_bps = basis_points(help_text="The steward's share, in 1/100 percent.")


class DatasetChange(StrictSerializer):
    title = serializers.CharField(max_length=200, required=False)
    modality = serializers.ChoiceField(choices=Dataset.MODALITIES, required=False)
    summary = serializers.CharField(max_length=300, required=False, allow_blank=True)
    card = serializers.CharField(max_length=100_000, required=False, allow_blank=True)
    task = serializers.CharField(max_length=80, required=False, allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(max_length=35), max_length=200, required=False)
    visibility = serializers.ChoiceField(choices=["public", "restricted", "private"], required=False)
    open_to_contributions = serializers.BooleanField(required=False)
    steward_bps = basis_points()


class ContributionInput(StrictSerializer):
    title = serializers.CharField(max_length=200)


class DecisionInput(StrictSerializer):
    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class DatasetOutput(serializers.ModelSerializer[Dataset]):
    organization = serializers.CharField(source="organization.slug")
    repo_id = serializers.CharField()
    url = serializers.SerializerMethodField()

    class Meta:
        model = Dataset
        fields = (
            "id",
            "repo_id",
            "organization",
            "slug",
            "title",
            "summary",
            "card",
            "modality",
            "task",
            "languages",
            "visibility",
            "state",
            "open_to_contributions",
            "steward_bps",
            "created_at",
            "url",
        )

    def get_url(self, dataset: Dataset) -> str:
        return reverse("catalog:dataset", args=[dataset.organization.slug, dataset.slug])


class ContributionOutput(serializers.ModelSerializer[Contribution]):
    dataset = serializers.CharField(source="dataset.repo_id")
    rights_declared = serializers.SerializerMethodField()

    class Meta:
        model = Contribution
        fields = (
            "id",
            "dataset",
            "title",
            "state",
            "file_count",
            "record_count",
            "byte_count",
            "rights_declared",
            "material_license",
            "created_at",
            "submitted_at",
            "decided_at",
            "decision_reason",
            "withdrawn_at",
        )

    def get_rights_declared(self, contribution: Contribution) -> bool:
        return contribution.rights_declared_at is not None


class FileOutput(serializers.ModelSerializer[VersionFile]):
    class Meta:
        model = VersionFile
        fields = ("path", "kind", "sha256", "size", "config", "split")


class ShareOutput(serializers.ModelSerializer[SplitShare]):
    """Weights are text: they may pass what JSON numbers carry exactly."""

    weight = serializers.CharField()

    class Meta:
        model = SplitShare
        fields = ("payee_id", "records", "weight")


class VersionOutput(serializers.ModelSerializer[DatasetVersion]):
    number = serializers.CharField()
    dataset = serializers.CharField(source="dataset.repo_id")
    files = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField()

    class Meta:
        model = DatasetVersion
        fields = (
            "id",
            "dataset",
            "number",
            "state",
            "commit_id",
            "manifest_sha256",
            "merkle_root",
            "split_sha256",
            "row_count",
            "byte_count",
            "columns",
            "files",
            "notes",
            "failure",
            "created_at",
            "published_at",
        )

    def get_files(self, version: DatasetVersion) -> list[Any]:
        return list(FileOutput(version.files.order_by("path"), many=True).data)

    def get_columns(self, version: DatasetVersion) -> list[Any]:
        return version.columns if version.state == "published" else []
