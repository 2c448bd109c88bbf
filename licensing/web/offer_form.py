"""The form of a new offer. It shapes input into parameters and a plan; the rules are the services'."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from collective.core.domain.money import CURRENCIES, Money, parse_minor
from collective.core.errors import InvalidError
from licensing.domain.actions import ACTIONS
from licensing.domain.plans import GRACE_DAYS_MAX, STATEMENT_MAX
from licensing.domain.vocabulary import ANYWHERE, FIELDS, LICENSEE_TYPES, PURPOSES
from licensing.models import LicenseVersion, Offer
from licensing.services.offers import Options

PLANS = [
    ("one_off", _("One price, paid once. 0 is free")),
    ("subscription", _("A subscription")),
    ("tiered", _("A price for each kind of licensee")),
    ("pay_what_you_want", _("The buyer chooses the price")),
    ("cost_recovery", _("The costs, which you name")),
    ("quote", _("A price on request")),
]
# Where a refusal of the service, named by its path in the terms, is shown.
SHOWN_AT = {
    "scope.field": "field",
    "scope.purpose": "purpose",
    "plan.approval_required": "approval_required",
    "scope.territory": "territory",
    "scope.licensee_types": "licensee_types",
    "caps.seats": "seats",
    "caps.service_accounts": "service_accounts",
    "duties.attribute.where": "where",
    "legal.exclusivity": "exclusive_actions",
    "legal.exclusivity.actions": "exclusive_actions",
    "duration_days": "duration_days",
    "price": "price",
    "price.amount": "price",
    "price.minimum": "minimum",
    "price.statement": "statement",
    "price.grace_days": "grace_days",
}


def _amount(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=16, required=False, widget=forms.TextInput(attrs={"inputmode": "decimal"}), **options
    )


class OfferForm(forms.Form):
    """`licenses` are those that nothing blocks. Four groups: the license and price, the plan, the scope, the rest."""

    MAIN = ("license", "plan", "price", "currency")
    OF_PLAN = ("period", "grace_days", "minimum", *(f"tier_{kind}" for kind in LICENSEE_TYPES), "statement")
    SCOPE = (
        *("field", "purpose", "territory", "licensee_types", "seats", "service_accounts", "duration_days"),
        "exclusive_actions",
    )
    REST = ("attribution", "where", "approval_required", "fee_mode")

    license = forms.ChoiceField(label=_("License"), widget=forms.RadioSelect)
    plan = forms.ChoiceField(label=_("How it is paid"), choices=PLANS, required=False, initial="one_off")
    price = _amount(
        _("Price"),
        help_text=_("Digits, with a point before cents: 250 or 250.00. Where the buyer chooses, what you suggest."),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])

    period = forms.ChoiceField(
        label=_("A subscription is paid by the"), choices=[("month", _("month")), ("year", _("year"))], required=False
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace after a period"), min_value=0, max_value=GRACE_DAYS_MAX, required=False, initial=7
    )
    minimum = _amount(_("Least that a buyer may choose"), help_text=_("Empty: 0."))
    statement = forms.CharField(
        label=_("Which costs the price covers"),
        max_length=STATEMENT_MAX,
        required=False,
        help_text=_("Every buyer reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    field = forms.MultipleChoiceField(
        label=_("Only for these fields"),
        choices=list(FIELDS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every field."),
    )
    purpose = forms.ChoiceField(
        label=_("Only for this purpose"),
        choices=[("", _("any that the license allows")), *PURPOSES.items()],
        required=False,
        help_text=_("The Stewarded License is for one purpose."),
    )
    territory = forms.CharField(
        label=_("Only for use in these countries"),
        max_length=400,
        required=False,
        help_text=_("Two letters each, or EU, or AFRICA, with spaces between. Empty: everywhere."),
    )
    licensee_types = forms.MultipleChoiceField(
        label=_("Only for these licensees"),
        choices=list(LICENSEE_TYPES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: whom the license is for."),
    )
    seats = forms.IntegerField(label=_("People who may use it"), min_value=1, required=False)
    service_accounts = forms.IntegerField(label=_("Machines with keys of their own"), min_value=0, required=False)
    duration_days = forms.IntegerField(
        label=_("How many days the license lasts"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("Empty: without an end. A subscription lasts as long as it is paid."),
    )
    exclusive_actions = forms.MultipleChoiceField(
        label=_("Exclusive for"),
        choices=[(action.code, action.question) for action in ACTIONS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only with the Exclusive License, which needs an end."),
    )

    attribution = forms.CharField(
        label=_("How licensees must name the source"),
        required=False,
        max_length=300,
        help_text=_("Empty: the organization and the dataset's title."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    where = forms.CharField(
        label=_("Where they must name it"),
        required=False,
        max_length=300,
        help_text=_("As in: in the model card. Empty: wherever the data or a model is described."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    approval_required = forms.BooleanField(label=_("I approve each request first"), required=False)
    fee_mode = forms.ChoiceField(label=_("The fee of this marketplace is"), choices=Offer.FEE_MODES)

    def __init__(self, data: Any = None, *, licenses: list[LicenseVersion]) -> None:
        super().__init__(data)
        field = self.fields["license"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [(str(each.pk), each.template.name) for each in licenses]
        for kind, name in LICENSEE_TYPES.items():
            self.fields[f"tier_{kind}"] = _amount(_("Price for %(kind)s") % {"kind": _(name)})
        self.fields["fee_mode"].help_text = _(
            "%(percent)s percent of the price. Added: the buyer pays it on top. Included: it is taken from the price."
        ) % {"percent": f"{settings.FEE_BPS / 100:g}"}

    def group(self, names: tuple[str, ...]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField], bool]]:
        """What folds away: its title, its fields, and whether it is open because something is in it."""
        titled = (
            (_("Details of the price"), self.OF_PLAN),
            (_("For what, where, for whom, how long"), self.SCOPE),
            (_("Naming the source, approval, fee"), self.REST),
        )
        usual = {"period", "grace_days", "fee_mode"}
        return [
            (title, self.group(names), any(self[name].data or self[name].errors for name in {*names} - usual))
            for title, names in titled
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        amounts = ["price", "minimum", *(f"tier_{kind}" for kind in LICENSEE_TYPES)]
        for name in amounts:
            try:
                wanted = given.get(name) or ("" if name.startswith("tier_") else "0")
                given[f"{name}_minor"] = parse_minor(wanted, given.get("currency", "EUR")) if wanted else None
            except InvalidError as refusal:
                self.add_error(name, refusal.message)
        if given.get("plan") in ("", "one_off", "subscription", "cost_recovery") and not given.get("price"):
            self.add_error("price", _("Write a price."))
        return given

    def wanted(self) -> dict[str, Any]:
        """As `publish_offer` takes it. Precondition: `is_valid`."""
        given = self.cleaned_data
        options: Options = {
            "fee_mode": given["fee_mode"],
            "duration_days": given["duration_days"],
            "attribution": given["attribution"],
            "parameters": self._parameters(given),
            "plan": self._plan(given),
        }
        price = max(self._tier_amounts(given), default=0) if given["plan"] == "tiered" else given["price_minor"]
        return {
            "license_version_id": UUID(given["license"]),
            "price_minor": 0 if given["plan"] == "quote" else price,
            "currency": given["currency"],
            **options,
        }

    def show(self, refusal: InvalidError) -> None:
        """Beside the field that is meant, or above the form."""
        for path, texts in (refusal.fields or {"": [refusal.message]}).items():
            name = SHOWN_AT.get(path)
            for text in texts:
                self.add_error(name, text if name or not path else f"{path}: {text}")

    def _parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """Only what was filled in: a license that leaves nothing open is offered as it is."""
        territory = given["territory"].replace(",", " ").upper().split()
        purpose = [given["purpose"]] if given["purpose"] else []
        scope = {"field": given["field"], "purpose": purpose, "territory": territory}
        scope["licensee_types"] = given["licensee_types"]
        caps = {name: given[name] for name in ("seats", "service_accounts") if given[name] is not None}
        found: dict[str, Any] = {
            "scope": {name: value for name, value in scope.items() if value and ANYWHERE not in value},
            "caps": caps,
        }
        if given["where"]:
            found["duties"] = {"attribute": {"where": given["where"]}}
        if given["exclusive_actions"]:
            found["legal"] = {"exclusivity": {"actions": given["exclusive_actions"]}}
        return found

    def _plan(self, given: dict[str, Any]) -> dict[str, Any]:
        plan: dict[str, Any] = {"approval_required": given["approval_required"]}
        model, currency = given["plan"] or "one_off", given["currency"]
        own: dict[str, dict[str, Any]] = {
            "subscription": {"period": given["period"] or "month", "grace_days": given["grace_days"] or 0},
            "tiered": {"tiers": self._tiers(given)},
            "pay_what_you_want": {"minimum": Money(given["minimum_minor"], currency).decimal()},
            "cost_recovery": {"statement": given["statement"]},
        }
        # Without a model of its own, the price says whether it is free.
        return plan if model == "one_off" else {**plan, "model": model, **own.get(model, {})}

    def _tiers(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {
                "licensee_types": [kind],
                "country_group": [ANYWHERE],
                "amount": Money(given[f"tier_{kind}_minor"], given["currency"]).decimal(),
            }
            for kind in LICENSEE_TYPES
            if given[f"tier_{kind}_minor"] is not None
        ]

    def _tier_amounts(self, given: dict[str, Any]) -> list[int]:
        return [given[f"tier_{kind}_minor"] for kind in LICENSEE_TYPES if given[f"tier_{kind}_minor"] is not None]
