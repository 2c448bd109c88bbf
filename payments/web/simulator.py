"""The steward's simulator: what each contributor would get, before anything is on offer."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from collective.accounts.models import Organization
from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for, published_versions
from collective.core.domain.money import CURRENCIES, Money, parse_minor
from collective.core.errors import DomainError, InvalidError
from licensing.models import Offer
from licensing.selectors import live_offers
from payments.domain.percent import percent
from payments.domain.simulation import SALES, Simulation
from payments.selectors.simulation import simulated_sales
from payments.web.money import fee_note

BPS_PER_PERCENT = 100
MOST_PAYEES = 100
MOST_BARS = 12
FIRST_PRICE = "100.00"


class SimulatorForm(forms.Form):
    price = forms.CharField(
        label=gettext_lazy("Price of one license"),
        max_length=16,
        help_text=gettext_lazy("Digits, with a point before cents: 250 or 250.00."),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=[(code, code) for code in CURRENCIES])
    fee_mode = forms.ChoiceField(label=gettext_lazy("The fee of this marketplace is"), choices=Offer.FEE_MODES)
    version = forms.ChoiceField(label=gettext_lazy("Divided among those whose data is in"), required=False)
    steward_percent = forms.IntegerField(
        label=gettext_lazy("Steward's share of the price, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_lazy("Empty: as it is now."),
    )

    def __init__(self, *args: Any, dataset: Dataset, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(each.number, each.number) for each in published_versions(dataset)]
        field = self.fields["version"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("the next version, as of now")), *numbers]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("price") and given.get("currency"):
            try:
                given["price_minor"] = parse_minor(given["price"], given["currency"])
            except InvalidError as refusal:
                self.add_error("price", refusal.message)
        return given


@require_safe
@never_cache
@login_required
def simulator(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(person(request), organization, slug)
    check_can_steward(person(request), dataset)
    form = SimulatorForm({**_first(dataset), **request.GET.dict()}, dataset=dataset)
    made = _simulated(form, dataset) if form.is_valid() else None
    context: dict[str, Any] = {"dataset": dataset, "form": form}
    if made is not None:
        context |= _shown(made, dataset) | {"fee_note": fee_note(settings.FEE_BPS, form.cleaned_data["fee_mode"])}
    return render(request, "payments/simulator.html", context)


def _first(dataset: Dataset) -> dict[str, str]:
    """As the dataset is on offer, if it is."""
    offer = next((each for each in live_offers(dataset) if each.price_minor), None)
    if offer is None:
        return {"price": FIRST_PRICE, "currency": "EUR", "fee_mode": "added"}
    return {"price": offer.price.decimal(), "currency": offer.currency, "fee_mode": offer.fee_mode}


def _simulated(form: SimulatorForm, dataset: Dataset) -> Simulation[UUID] | None:
    given = form.cleaned_data
    share = given["steward_percent"]
    try:
        return simulated_sales(
            dataset,
            price_minor=given["price_minor"],
            currency=given["currency"],
            fee_mode=given["fee_mode"],
            steward_bps=None if share is None else share * BPS_PER_PERCENT,
            version=given["version"],
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None


def _shown(made: Simulation[UUID], dataset: Dataset) -> dict[str, Any]:
    currency = made.sale.currency
    payees = sorted(made.weights, key=lambda payee: (-made.weights[payee], payee))
    names = _names(payees[:MOST_PAYEES], dataset)
    rows: list[dict[str, Any]] = [
        {
            "name": names[payee],
            "weight": made.weights[payee],
            "share": percent(made.weights[payee], made.total_weight),
            "amounts": [Money(minor, currency) for minor in made.shares[payee]],
        }
        for payee in payees[:MOST_PAYEES]
    ]
    sums = [Money(count * made.sale.pool_minor, currency) for count in SALES]
    bars = [[row["name"], row["amounts"][-1].decimal()] for row in rows[:MOST_BARS]]
    return {
        "counts": SALES,
        "total_weight": made.total_weight,
        "rows": rows,
        "more": len(payees) - len(rows),
        "sums": sums,
        "sale": {
            name: Money(getattr(made.sale, f"{name}_minor"), currency) for name in ("price", "fee", "total", "pool")
        },
        "bars": bars,
        "currency": currency,
        "series": [_("From %(count)s sales (%(currency)s)") % {"count": SALES[-1], "currency": currency}],
    }


def _names(payees: list[UUID], dataset: Dataset) -> dict[UUID, str]:
    found = dict(Organization.objects.filter(pk__in=payees).values_list("pk", "name"))
    steward = dataset.organization_id
    if steward in found:
        found[steward] = _("%(name)s (steward)") % {"name": found[steward]}
    return found
