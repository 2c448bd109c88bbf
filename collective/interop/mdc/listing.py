"""The catalog by the SDK's query: what it calls things, in our columns."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils import timezone

from collective.catalog.models import DatasetVersion
from collective.catalog.search import matching
from collective.catalog.selectors import datasets_visible_to
from collective.interop.mdc.errors import BadQueryError
from collective.interop.mdc.newest import newest_first
from collective.interop.mdc.vocabulary import FORMATS, HUB_TASKS, TASKS, modalities_of
from licensing.models import Offer

# Datasets with what `_published` adds to them.
Found = QuerySet[Any]
MOST, USUAL = 100, 24
SORTS = {"relevance": "changed_at", "newest": "changed_at", "size": "bytes"}
WINDOWS = {"today": 1, "thisWeek": 7, "thisMonth": 31, "thisYear": 366}


def find_datasets(query: QueryDict) -> Found:
    """Listed ones with a version, as the query says. What no dataset has finds nothing; raises BadQueryError."""
    found = _published().filter(_by_task(query.getlist("task")))
    if words := query.get("q", ""):
        found = matching(found, words)
    if locales := query.getlist("locale"):
        found = _spoken(found, locales)
    if licenses := query.getlist("license"):
        offered = _offers().filter(license_version__template__license_id__in=licenses)
        found = found.filter(pk__in=offered.values("dataset"))
    if formats := query.getlist("format"):
        found = found.filter(modality__in=modalities_of(formats))
    return _ordered(_priced(_recent(_sampled(found, query), query), query), query)


def page_of(query: QueryDict) -> tuple[int, int]:
    """How many to leave out, and how many to show. Raises BadQueryError."""
    limit, page = _number(query, "limit", USUAL, most=MOST), _number(query, "page", 1, most=10**9)
    return (page - 1) * limit, limit


def newest_of(datasets: list[Any]) -> list[DatasetVersion]:
    """Their newest versions in the same order, in one query."""
    ids = [each.newest_id for each in datasets]
    versions = DatasetVersion.objects.in_bulk(ids)
    found = [versions[each] for each in ids]
    for version, dataset in zip(found, datasets, strict=True):
        version.dataset = dataset
    return found


def filters() -> dict[str, list[str]]:
    """The SDK's own tasks; the rest is what published data has."""
    found = _published().order_by()
    languages = {language for each in found.values_list("languages", flat=True) for language in each}
    licenses = _offers().filter(dataset__in=found.values("pk")).values_list("license_version__template__license_id")
    modalities = found.values_list("modality", flat=True).distinct()
    return {
        "tasks": list(TASKS),
        "locales": sorted(languages),
        "licenses": sorted({name for (name,) in licenses}),
        "formats": sorted({FORMATS[each] for each in modalities}),
    }


def _published() -> Found:
    newest = newest_first("pk")
    found: Found = (
        datasets_visible_to(AnonymousUser())
        .filter(state="listed")
        .annotate(
            newest_id=Subquery(newest.values("pk")[:1]),
            changed_at=Subquery(newest.values("published_at")[:1]),
            bytes=Subquery(newest.values("byte_count")[:1]),
        )
        .exclude(newest_id=None)
    )
    return found


def _offers() -> "QuerySet[Offer]":
    return Offer.objects.filter(state="live", audience=None)


def _by_task(tasks: list[str]) -> Q:
    if not tasks:
        return Q()
    wanted = Q(task__in=[hub for task in tasks for hub in HUB_TASKS.get(task, ())])
    if "N/A" in tasks:
        wanted |= Q(task="")
    if "OTH" in tasks:
        known = [hub for names in HUB_TASKS.values() for hub in names]
        wanted |= ~Q(task__in=[*known, ""])
    return wanted


def _spoken(found: Found, locales: list[str]) -> Found:
    wanted = Q(pk=None)
    for locale in locales:
        wanted |= Q(languages_text__contains=f'"{locale}"')
    spoken: Found = found.annotate(languages_text=Cast("languages", TextField())).filter(wanted)
    return spoken


def _sampled(found: Found, query: QueryDict) -> Found:
    """Nothing but `true` asks for it. The text of a preview is long: it is compared where it lies, and not fetched."""
    if query.get("sample") != "true":
        return found
    shown = newest_first("pk").annotate(text=Cast("preview", TextField())).values("text")[:1]
    sampled: Found = found.alias(preview_text=Subquery(shown)).exclude(preview_text="[]")
    return sampled


def _recent(found: Found, query: QueryDict) -> Found:
    name = query.get("uploadDate")
    if name is None:
        return found
    if name not in WINDOWS:
        raise BadQueryError(f"uploadDate is one of: {', '.join(WINDOWS)}.")
    since: datetime = timezone.now() - timedelta(days=WINDOWS[name])
    return found.filter(changed_at__gte=since)


def _priced(found: Found, query: QueryDict) -> Found:
    name = query.get("pricing")
    free = _offers().filter(terms__price__model="free").values("dataset")
    if name is None:
        return found
    if name == "free":
        return found.filter(pk__in=free)
    if name == "compensated":
        return found.filter(pk__in=_offers().values("dataset")).exclude(pk__in=free)
    raise BadQueryError("pricing is free or compensated.")


def _ordered(found: Found, query: QueryDict) -> Found:
    """Every hit has every word, so that the newest comes first where relevance is asked for."""
    sort, direction = query.get("sort", "relevance"), query.get("sortDirection", "desc")
    if sort not in SORTS or direction not in ("asc", "desc"):
        raise BadQueryError(f"sort is one of {', '.join(SORTS)}; sortDirection is asc or desc.")
    sign = "-" if direction == "desc" else ""
    return found.order_by(f"{sign}{SORTS[sort]}", f"{sign}id")


def _number(query: QueryDict, name: str, usual: int, *, most: int) -> int:
    text = query.get(name, str(usual))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if not 1 <= number <= most:
        raise BadQueryError(f"{name} is a number from 1 to {most}.")
    return number
