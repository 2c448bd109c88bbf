"""Claims of ownership: filing one, and the desk where they are decided."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.models import User
from collective.accounts.web.limits import is_within_limit
from collective.accounts.web.people import person
from collective.catalog.models import Contribution, Dataset
from collective.catalog.selectors import dataset_for
from collective.core.errors import InvalidError, LimitedError
from licensing import services
from licensing.errors import OwnershipClaimsLimitError
from licensing.models import OwnershipClaim, OwnershipClaimEvent
from licensing.policies import can_review_claim, can_uphold_claim, can_withdraw_claim
from licensing.selectors.ownership import claim_for, claims_visible_to
from licensing.services import Claimed
from licensing.web.ownership_forms import ClaimForm, ReasonForm, ReviewForm

PAGE_SIZE = 25
EVENTS = {
    "filed": gettext_lazy("Filed"),
    "reviewed": gettext_lazy("Somebody looks into it"),
    "upheld": gettext_lazy("Upheld: sales and deliveries stopped"),
    "taken_out": gettext_lazy("The contribution is taken out"),
    "rejected": gettext_lazy("Rejected"),
    "withdrawn": gettext_lazy("Withdrawn by the claimant"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def file_claim(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    """For everybody who sees the dataset, also without an account."""
    dataset = dataset_for(request.user, organization, slug)
    known = {"name": request.user.name, "email": request.user.email} if isinstance(request.user, User) else {}
    form = ClaimForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid() and _filed(request, dataset, form):
        messages.success(request, _("Sent. The publisher and the operators look into it and write to you."))
        return redirect("catalog:dataset", organization, slug)
    return render(request, "licensing/ownership/file.html", {"form": form, "dataset": dataset})


@login_required
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(claims_visible_to(person(request)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "licensing/ownership/claims.html", {"page": page})


@login_required
@require_safe
def claim_page(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    actor = person(request)
    claim = claim_for(actor, claim_id)
    context = {
        "claim": claim,
        "reviews": can_review_claim(actor, claim),
        "upholds": can_uphold_claim(actor, claim),
        "withdraws": can_withdraw_claim(actor, claim) and claim.state in ("filed", "under_review", "upheld"),
        "review_form": ReviewForm(parts=_parts(claim.dataset)),
        "reason_form": ReasonForm(),
        "taken_out": claim.events.filter(kind="taken_out").exists(),
        "events": [_told(claim, event) for event in claim.events.select_related("actor").order_by("-at", "-id")],
    }
    return render(request, "licensing/ownership/claim.html", context)


@login_required
@require_POST
def review(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    actor = person(request)
    form = ReviewForm(request.POST, parts=_parts(claim_for(actor, claim_id).dataset))
    part = form.cleaned_data["contribution_id"] if form.is_valid() else None
    services.review_claim(actor=actor, claim_id=claim_id, contribution_id=UUID(part) if part else None)
    return redirect("licensing:ownership-claim", claim_id=claim_id)


@login_required
@require_POST
def uphold(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, services.uphold_claim)


@login_required
@require_POST
def reject(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, services.reject_claim)


@login_required
@require_POST
def withdraw(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, services.withdraw_claim)


@login_required
@require_POST
def take_out(request: HttpRequest, claim_id: UUID) -> HttpResponse:
    return _step(request, claim_id, services.take_out_claimed)


def _step(request: HttpRequest, claim_id: UUID, act: Callable[..., OwnershipClaim]) -> HttpResponse:
    try:
        act(actor=person(request), claim_id=claim_id, reason=request.POST.get("reason", ""))
    except InvalidError as refusal:
        messages.error(request, refusal.message)
    return redirect("licensing:ownership-claim", claim_id=claim_id)


def _filed(request: HttpRequest, dataset: Dataset, form: ClaimForm) -> bool:
    try:
        if not is_within_limit(request, "ownership_claim"):
            raise OwnershipClaimsLimitError
        services.file_claim(actor=request.user, dataset_id=dataset.pk, claimed=Claimed(**form.cleaned_data))
    except (InvalidError, LimitedError) as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _parts(dataset: Dataset) -> list[Contribution]:
    held = Contribution.objects.filter(dataset=dataset, holdings__version__published_at__isnull=False)
    return list(held.distinct().order_by("title", "id"))


def _told(claim: OwnershipClaim, event: OwnershipClaimEvent) -> dict[str, object]:
    """Who did it by their part in it: names and addresses of the others are nobody's business."""
    title = f"{EVENTS[event.kind]}: {_role(claim, event.actor)}" if event.actor else str(EVENTS[event.kind])
    return {"title": title, "at": event.at, "text": event.reason, "tone": "loss" * (event.kind == "upheld")}


def _role(claim: OwnershipClaim, actor: User) -> str:
    if actor.pk == claim.filed_by_id:
        return _("the claimant")
    return _("an operator") if actor.is_staff else _("the publisher")


def claim_url(dataset: Dataset) -> str:
    return reverse("licensing:ownership-file", args=[dataset.organization.slug, dataset.slug])
