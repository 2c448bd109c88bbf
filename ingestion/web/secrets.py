"""Keys and passwords in a contribution, beside its check: how many, who decides, and the steward's answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from collective.accounts.web.people import person
from collective.catalog.models import Contribution
from collective.catalog.policies import can_steward, check_can_steward
from ingestion.domain.similarity import LIVE
from ingestion.models import ValidationReport
from ingestion.selectors import acknowledgement_of, secrets_found
from ingestion.services import acknowledge_secrets
from ingestion.services.secrets import MOST_NOTE


class SecretsForm(forms.Form):
    looked = forms.BooleanField(label=gettext_lazy("I have looked into the places that are named above."))
    note = forms.CharField(
        max_length=MOST_NOTE,
        label=gettext_lazy("They may be published because …"),
        help_text=gettext_lazy("This is kept for good, with your name. Do not repeat a key here."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


def secrets_context(
    request: HttpRequest, contribution: Contribution, report: ValidationReport | None, form: SecretsForm | None = None
) -> dict[str, Any]:
    """For `_secrets.html`; nothing while a check runs, and if it found no key."""
    if report is None or report.is_running:
        return {}
    count = secrets_found(report) if report.state == "passed" and contribution.state in LIVE else 0
    if not count and not report.own_keys_found:
        return {}
    told = {"secrets_count": count, "answer": acknowledgement_of(report), "form": form or SecretsForm()}
    return {"secrets": told, "may_decide": can_steward(request.user, contribution.dataset)}


def is_acknowledged(request: HttpRequest, contribution: Contribution, form: SecretsForm) -> bool:
    """The steward's answer, if it is whole. For everybody else it is refused first."""
    check_can_steward(request.user, contribution.dataset)
    if not form.is_valid():
        return False
    acknowledge_secrets(actor=person(request), contribution_id=contribution.pk, note=form.cleaned_data["note"])
    messages.success(request, _("Your answer is kept. What was found no longer keeps a version from being published."))
    return True
