"""The part of the offer's form in which a steward allows less than the license does."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from licensing.domain.actions import ACTIONS, PROHIBITED_USES
from licensing.domain.terms import PROHIBIT
from licensing.domain.vocabulary import PURPOSES


def _boxes(label: Any, choices: list[tuple[str, Any]], help_text: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class LimitFields(forms.Form):
    """Nothing ticked: as the license says."""

    LIMITS = ("prohibited_actions", "prohibited_uses", "purpose", "country_group")

    prohibited_actions = _boxes(
        _("They may not"),
        [(action.code, action.question) for action in ACTIONS],
        _("Besides what the license itself does not permit."),
    )
    prohibited_uses = _boxes(
        _("Nor may they"),
        [(code, phrase.capitalize()) for code, phrase in PROHIBITED_USES.items()],
        _("Besides what the license itself names."),
    )
    purpose = _boxes(
        _("Only for these purposes"),
        list(PURPOSES.items()),
        _("None ticked: every purpose. The Stewarded License is for one."),
    )
    country_group = forms.CharField(
        label=_("Only for licensees from these countries"),
        max_length=400,
        required=False,
        help_text=_("Two letters each, or EU, or AFRICA, with spaces between. Empty: from everywhere."),
    )


def limits(given: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters for what was filled in. What the license names among the forbidden uses stays among them."""
    found: dict[str, Any] = {"scope": {}}
    if given["prohibited_actions"]:
        found["actions"] = dict.fromkeys(given["prohibited_actions"], PROHIBIT)
    if given["prohibited_uses"]:
        found["prohibited_uses"] = {"codes": sorted({*template["prohibited_uses"]["codes"], *given["prohibited_uses"]})}
    if given["purpose"]:
        found["scope"]["purpose"] = given["purpose"]
    if countries := codes_in(given["country_group"]):
        found["scope"]["country_group"] = countries
    return found


def codes_in(text: str) -> list[str]:
    """As people write them: with spaces or commas, in any case."""
    return text.replace(",", " ").upper().split()
