"""License texts by their hash, and what verifiers fetch."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from collective.core.api.problem import answers_problems
from licensing.domain.odrl_terms import profile_turtle
from licensing.selectors import license_by_hash
from licensing.services import keys
from licensing.services.status import status_token
from licensing.web.words import translated

HOUR = 3600


@require_safe
def license_page(request: HttpRequest, text_sha256: str) -> HttpResponse:
    found = license_by_hash(text_sha256)
    others = found.variants().exclude(pk=found.pk).order_by("language")
    context = {"license": found, "words": translated(found.plain_words), "others": others}
    return render(request, "licensing/license.html", context)


@require_safe
def license_file(request: HttpRequest, text_sha256: str) -> HttpResponse:
    """The exact bytes that the hash covers."""
    return HttpResponse(license_by_hash(text_sha256).text_bytes, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=HOUR)
def jwks(request: HttpRequest) -> HttpResponse:
    return JsonResponse(keys.jwks(), content_type="application/jwk-set+json")


@require_safe
@cache_control(public=True, max_age=HOUR)
def odrl_profile(request: HttpRequest) -> HttpResponse:
    return HttpResponse(profile_turtle(settings.SITE_URL), content_type="text/turtle; charset=utf-8")


@require_safe
@answers_problems
def status_list(request: HttpRequest, number: int) -> HttpResponseBase:
    return HttpResponse(status_token(number), content_type="application/jose", headers={"Cache-Control": "no-cache"})
