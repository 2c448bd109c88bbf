"""The operator's page of signing keys: rotation, and what to do when a key fell into other hands."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from collective.accounts.web.fresh import fresh_sign_in_required
from collective.accounts.web.people import person
from collective.core.errors import DomainError
from collective.core.operator.access import operators_only
from licensing import services
from licensing.models import SigningKey
from licensing.services import keys

DOINGS = [
    ("rotate", gettext_lazy("Rotate: sign with a new key from now on; what the old one signed stays valid")),
    ("condemn", gettext_lazy("Condemn: the key is in other hands; sign all its licenses anew with another key")),
]


class KeyForm(forms.Form):
    doing = forms.ChoiceField(label=gettext_lazy("What to do"), choices=DOINGS, widget=forms.RadioSelect)
    kid = forms.ChoiceField(label=gettext_lazy("Key"), help_text=gettext_lazy("Only the active key can be rotated."))
    reason = forms.CharField(label=gettext_lazy("Reason, for the audit trail"), max_length=300)
    confirm = forms.CharField(
        label=gettext_lazy("Repeat the name of the key"),
        max_length=64,
        help_text=gettext_lazy("So that nobody does this by a slip."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, kids: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kid"].choices = [(kid, kid) for kid in kids]  # type: ignore[attr-defined]  # a ChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
@fresh_sign_in_required
def signing_keys(request: HttpRequest) -> HttpResponse:
    keys.active_key()
    rows = list(SigningKey.objects.annotate(signed=Count("grants")).order_by("-created_at"))
    form = KeyForm(request.POST or None, kids=[row.kid for row in rows if row.state != "compromised"])
    if request.method == "POST" and form.is_valid() and _done(request, form):
        return redirect("licensing:signing-keys")
    return render(request, "licensing/signing_keys.html", {"rows": rows, "form": form})


def _done(request: HttpRequest, form: KeyForm) -> bool:
    given = {name: form.cleaned_data[name] for name in ("kid", "reason", "confirm")}
    rotate = form.cleaned_data["doing"] == "rotate"
    act = services.rotate_signing_key if rotate else services.condemn_signing_key
    try:
        act(actor=person(request), **given)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Done. From now on another key signs."))
    return True
