"""Asking for a price, and the requests of both sides."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.models import Organization
from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.catalog.policies import can_steward
from collective.core.domain.money import CURRENCIES, parse_minor
from collective.core.errors import ConflictError, DomainError, InvalidError
from licensing import services
from licensing.selectors import offer_for, quotes_visible_to
from licensing.web.words import translated


class AskForm(forms.Form):
    licensee = forms.ModelChoiceField(
        queryset=Organization.objects.none(), label=gettext_lazy("Who wants the license"), empty_label=None
    )
    use = forms.CharField(
        label=gettext_lazy("What you want the data for"),
        max_length=5000,
        help_text=gettext_lazy("The publisher names a price for this use."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    actor = person(request)
    offer = offer_for(actor, offer_id)
    mine = organizations_of(actor).exclude(pk=offer.dataset.organization_id)
    form = AskForm(request.POST or None, initial={"licensee": mine.first()})
    field = form.fields["licensee"]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
    field.queryset = mine
    if request.method == "POST" and form.is_valid():
        licensee, use = form.cleaned_data["licensee"], form.cleaned_data["use"]
        try:
            services.ask_for_quote(actor=actor, offer_id=offer.pk, licensee_id=licensee.pk, use=use)
        except (ConflictError, InvalidError) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The publisher has your request. The answer appears here."))
            return redirect("licensing:quotes")
    context = {"offer": offer, "form": form, "words": translated(offer.plain_words)}
    return render(request, "licensing/quote_ask.html", context)


@login_required
@require_safe
def quotes(request: HttpRequest) -> HttpResponse:
    rows = list(quotes_visible_to(person(request)))
    to_answer = {row.pk for row in rows if row.state == "open" and can_steward(request.user, row.offer.dataset)}
    context = {"rows": [(row, row.pk in to_answer) for row in rows], "currencies": sorted(CURRENCIES)}
    return render(request, "licensing/quotes.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, quote_id: UUID) -> HttpResponse:
    """One button names a price, the other declines with a reason."""
    actor, given = person(request), request.POST
    try:
        if "decline" in given:
            services.decline_quote(actor=actor, quote_id=quote_id, reason=given.get("reason", ""))
        else:
            currency = given.get("currency", "")
            price = parse_minor(given.get("price", ""), currency)
            services.answer_quote(actor=actor, quote_id=quote_id, price_minor=price, currency=currency)
    except (ConflictError, InvalidError) as refusal:
        messages.error(request, _refused(refusal))
    else:
        messages.success(request, _("The one who asked sees your answer now."))
    return redirect("licensing:quotes")


def _refused(refusal: DomainError) -> str:
    told = [text for texts in refusal.fields.values() for text in texts if text != refusal.message]
    return " ".join([refusal.message, *told])
