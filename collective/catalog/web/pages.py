"""The public front: home, catalog, the style page, the theme."""

from collections import Counter
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from collective.catalog.models import Dataset
from collective.catalog.selectors import contributable_datasets, datasets_visible_to
from collective.catalog.web import samples
from collective.catalog.web.cards import dataset_cards
from collective.catalog.web.search import SORTS, search

PAGE_SIZE = 20
NEW_ON_HOME = 6
THEME_SECONDS = 365 * 24 * 3600


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    listed = datasets_visible_to(request.user).filter(state="listed").order_by("-created_at")
    tags = Counter(tag for languages in listed.values_list("languages", flat=True) for tag in languages)
    modalities = Counter(listed.values_list("modality", flat=True))
    context = {
        "cards": dataset_cards(request, listed[:NEW_ON_HOME]),
        "dataset_count": listed.count(),
        "language_counts": sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))[:24],
        "modality_counts": [(name, word, modalities[name]) for name, word in Dataset.MODALITIES if modalities[name]],
        "calls": dataset_cards(request, contributable_datasets(request.user).order_by("-created_at")[:3]),
    }
    return render(request, "home.html", context)


@require_safe
@vary_on_headers("HX-Request")
def catalog(request: HttpRequest) -> HttpResponse:
    found = search(datasets_visible_to(request.user).filter(state="listed"), request.GET)
    page = Paginator(found.datasets, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "page": page,
        "cards": dataset_cards(request, page.object_list),
        "sorts": [(value, label, request.GET.get("sort", "new") == value) for value, label in SORTS.items()],
        "q": request.GET.get("q", ""),
    }
    partial = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    return render(request, "catalog/_results.html" if partial else "catalog/catalog.html", context)


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    return render(request, "style.html", samples.context())


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie; anything else leaves it to the device."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) or urlsplit(target).netloc:
        target = "/"
    response = redirect(target)
    if (chosen := request.POST.get("theme")) in {"light", "dark"}:
        response.set_cookie("theme", chosen, max_age=THEME_SECONDS, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
