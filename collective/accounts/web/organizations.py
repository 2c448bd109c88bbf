"""Pages of organizations: mine, one, a new one, and its description."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from collective.accounts import policies, selectors, services
from collective.accounts.web.forms import ROLES, InvitationForm, OrganizationEditForm, OrganizationForm
from collective.accounts.web.people import person
from collective.core.errors import ConflictError, InvalidError


@require_safe
@never_cache
@login_required
def organization_list(request: HttpRequest) -> HttpResponse:
    me = person(request)
    context = {"memberships": selectors.memberships_of(me), "invitations": selectors.invitations_for(me)}
    return render(request, "accounts/organizations.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new_organization(request: HttpRequest) -> HttpResponse:
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            organization = services.create_organization(actor=person(request), **form.cleaned_data)
        except (ConflictError, InvalidError) as error:
            form.add_error("slug", error.message)
        else:
            return redirect("accounts:organization", organization.slug)
    return render(request, "accounts/organization_form.html", {"form": form})


@require_safe
@never_cache
def organization_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody sees what it is; its members see each other; its owners and admins can change that."""
    organization = selectors.organization_visible_to(request.user, slug)
    is_mine = policies.can_act_for(request.user, organization)
    can_manage = policies.can_manage(request.user, organization)
    context = {
        "organization": organization,
        "is_mine": is_mine,
        "can_manage": can_manage,
        "members": selectors.members_of(organization) if is_mine else [],
        "invitations": selectors.invitations_of(organization) if can_manage else [],
        "invitation_form": InvitationForm(auto_id="invite_%s"),
        "roles": ROLES,
    }
    return render(request, "accounts/organization.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit_organization(request: HttpRequest, slug: str) -> HttpResponse:
    organization = selectors.organization_of(person(request), slug)
    policies.check_can_manage(request.user, organization)
    now = {"name": organization.name, "kind": organization.kind, "about": organization.about}
    form = OrganizationEditForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        services.edit_organization(actor=person(request), organization_id=organization.pk, **form.cleaned_data)
        return redirect("accounts:organization", slug)
    return render(request, "accounts/organization_form.html", {"form": form, "organization": organization})
