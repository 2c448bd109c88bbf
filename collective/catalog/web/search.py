"""Search and facets of the catalog, read from the URL.

Every visible dataset's few words are matched in memory, which is exact for every script and needs no index; measured
fine to some ten thousand datasets, where an index of the database's own has to take over.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collective.catalog.models import Dataset
from collective.core.web.facets import registered_facets
from collective.core.web.languages import language_of

SORTS = {"new": _("Newest first"), "title": _("By title")}
Values = Mapping[UUID, list[tuple[str, str]]]


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class FacetShown:
    name: str
    label: str | Promise
    choices: list[Choice]


@dataclass(frozen=True)
class Found:
    datasets: list[Dataset]
    facets: list[FacetShown]
    query: str


def search(datasets: Iterable[Dataset], asked: QueryDict) -> Found:
    """Datasets that match every word and every facet of `asked`. Choices of one facet widen, facets narrow."""
    rows = list(datasets)
    facets = _facets(rows)
    chosen = {name: set(asked.getlist(name)) for name in facets}
    words = normalized(asked.get("q", "")).split()
    matching = [row for row in rows if all(word in _haystack(row) for word in words)]
    found = [row for row in matching if _fits(row, facets, chosen)]
    shown = [_shown(name, label, values, matching, facets, chosen) for name, (label, values) in facets.items()]
    return Found(_sorted(found, asked.get("sort", "")), [each for each in shown if each.choices], query_string(asked))


def normalized(text: str) -> str:
    """Without case and accents, so that `yoruba` finds `Yorùbá`; letters of every script stay."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


def query_string(asked: QueryDict) -> str:
    """The search without its page, to share or to turn pages with."""
    return urlencode([(name, value) for name, values in asked.lists() if name != "page" for value in values if value])


def _haystack(row: Dataset) -> str:
    languages = [language_of(tag) for tag in row.languages]
    spoken = [f"{each.tag} {each.name} {each.own_name}" for each in languages]
    return normalized(" ".join([row.title, row.summary, row.task, row.organization.name, row.repo_id, *spoken]))


def _facets(rows: list[Dataset]) -> dict[str, tuple[str | Promise, Values]]:
    own: dict[str, tuple[str | Promise, Values]] = {
        "language": (_("Language"), {row.pk: [(tag, _language(tag)) for tag in row.languages] for row in rows}),
        "modality": (_("Kind of data"), {row.pk: [(row.modality, row.get_modality_display())] for row in rows}),
        "task": (_("Task"), {row.pk: [(row.task, row.task.replace("-", " "))] for row in rows if row.task}),
    }
    ids = [row.pk for row in rows]
    others = {each.name: (each.label, {k: list(v) for k, v in each.read(ids).items()}) for each in registered_facets()}
    return own | others


def _language(tag: str) -> str:
    """In English and in its own words, where they differ."""
    shown = language_of(tag)
    return f"{shown.name} · {shown.own_name}" if shown.own_name not in {"", shown.name} else shown.name


def _fits(row: Dataset, facets: Mapping[str, tuple[object, Values]], chosen: Mapping[str, set[str]]) -> bool:
    return all(
        not wanted or wanted & {value for value, _label in facets[name][1].get(row.pk, [])}
        for name, wanted in chosen.items()
    )


def _shown(
    name: str,
    label: str | Promise,
    values: Values,
    matching: list[Dataset],
    facets: Mapping[str, tuple[object, Values]],
    chosen: Mapping[str, set[str]],
) -> FacetShown:
    """Counts say what choosing one would find: the other facets hold, this one is open."""
    others = {other: wanted for other, wanted in chosen.items() if other != name}
    pairs = [pair for row in matching if _fits(row, facets, others) for pair in values.get(row.pk, [])]
    counts = Counter(value for value, _label in pairs)
    labels = {value: text for of_row in values.values() for value, text in of_row}
    listed = [value for value in labels if counts[value] or value in chosen[name]]
    choices = [Choice(value, labels[value], counts[value], value in chosen[name]) for value in listed]
    return FacetShown(name, label, sorted(choices, key=lambda choice: (-choice.count, choice.label)))


def _sorted(found: list[Dataset], sort: str) -> list[Dataset]:
    if sort == "title":
        return sorted(found, key=lambda row: normalized(row.title))
    return sorted(found, key=lambda row: row.created_at, reverse=True)
