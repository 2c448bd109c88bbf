"""The keys page. Keys are made and revoked by a person who has just shown who they are."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts import selectors
from collective.accounts.domain.keys import SCOPES
from collective.accounts.services import create_api_key, revoke_api_key
from collective.accounts.web.forms import KeyForm
from collective.accounts.web.fresh import fresh_sign_in_required
from collective.accounts.web.people import person


@require_safe
@never_cache
@login_required
def key_list(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/keys.html", {"keys": selectors.api_keys_of(person(request)), "scopes": SCOPES})


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
@fresh_sign_in_required
@sensitive_variables("plaintext")
def new_key(request: HttpRequest) -> HttpResponse:
    """The key is in the answer to the POST and nowhere else: not in the session, not in an address."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, plaintext = create_api_key(actor=person(request), **form.cleaned_data)
        snippet = f"export HF_ENDPOINT={settings.SITE_URL}\nread -rs HF_TOKEN && export HF_TOKEN"
        return render(request, "accounts/key_created.html", {"key": key, "plaintext": plaintext, "snippet": snippet})
    return render(request, "accounts/key_new.html", {"form": form})


@require_POST
@login_required
def revoke_key(request: HttpRequest, key_id: str) -> HttpResponse:
    key = revoke_api_key(actor=person(request), key_id=key_id)
    messages.info(
        request, _("The key “%(name)s” is revoked. Programs that use it are refused from now on.") % {"name": key.name}
    )
    return redirect("accounts:keys")
