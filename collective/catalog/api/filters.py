"""What a list of datasets can be narrowed by. Only these: a filter never walks a relation that is not named here."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from collective.catalog.models import Dataset
from collective.catalog.search import matching


class DatasetFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="Words in the title, summary or card.")
    language = django_filters.CharFilter(method="in_language", label="A BCP 47 tag.")

    class Meta:
        model = Dataset
        fields = ("modality", "task", "state")

    def search(self, queryset: "QuerySet[Dataset]", name: str, value: Any) -> "QuerySet[Dataset]":
        return matching(queryset, str(value))

    def in_language(self, queryset: "QuerySet[Dataset]", name: str, value: Any) -> "QuerySet[Dataset]":
        return queryset.filter(languages__icontains=f'"{value}"')
