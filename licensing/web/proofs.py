"""Anybody may check a license: by its address, as the code on a certificate gives it, or by pasting the signed text."""

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collective.catalog.selectors import datasets_visible_to
from licensing.models import LicenseGrant
from licensing.services.proving import prove, public_grant
from licensing.web.words import translated

TONES = {"ok": "info", "not_yet": "attention", "expired": "attention"}


class ProofForm(forms.Form):
    token = forms.CharField(
        label=gettext_lazy("The signed license"),
        help_text=gettext_lazy("The whole content of the .jws file. It is checked and not kept."),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest) -> HttpResponse:
    form = ProofForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        proof = prove(form.cleaned_data["token"])
        context["proof"], context["tone"] = proof, TONES.get(proof.outcome.code, "loss")
        if proof.grant is not None:
            context.update(_about(request, proof.grant))
    return render(request, "licensing/verify.html", context)


@never_cache
@require_safe
def grant_state(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """The public state: what a certificate says, as of now. Never the price, the order or who accepted."""
    return render(request, "licensing/verify.html", {"form": ProofForm(), **_about(request, public_grant(grant_id))})


def _about(request: HttpRequest, grant: LicenseGrant) -> dict[str, object]:
    return {"grant": grant, "facts": public_facts(request, grant), "words": translated(grant.offer.plain_words)}


def public_facts(request: HttpRequest, grant: LicenseGrant) -> list[tuple[str, str]]:
    """A person's name and a private dataset's title stand on the certificate; this page does not give them away."""
    shown = datasets_visible_to(request.user).filter(pk=grant.dataset_id).exists()
    dataset = f"{grant.dataset.title} ({grant.dataset.repo_id})" if shown else _("a dataset that is not public")
    end = date_format(grant.ends_at, "j F Y") if grant.ends_at else _("without an end")
    return [
        (_("Licensee"), _("a person") if grant.licensee.is_personal else grant.licensee.name),
        (_("Dataset"), dataset),
        (_("Version"), f"{grant.pinned_version.number} ({grant.version_range})"),
        (_("From"), date_format(grant.starts_at, "j F Y")),
        (_("Until"), end),
        (_("Hash of the manifest"), grant.pinned_version.manifest_sha256),
        (_("Hash of the license text"), grant.license_version.text_sha256),
        (_("Number"), grant.urn),
    ]
