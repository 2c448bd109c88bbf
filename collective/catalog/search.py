"""Finding datasets by words: every word must occur, in any script, anywhere in what describes the dataset."""

from django.db.models import Q, QuerySet

from collective.catalog.models import Dataset

MAXIMUM_WORDS = 8


def matching(datasets: "QuerySet[Dataset]", words: str) -> "QuerySet[Dataset]":
    for word in words.split()[:MAXIMUM_WORDS]:
        described = Q(title__icontains=word) | Q(summary__icontains=word) | Q(card__icontains=word)
        named = Q(slug__icontains=word) | Q(organization__name__icontains=word) | Q(task__icontains=word)
        datasets = datasets.filter(described | named)
    return datasets
