"""Panels: how a page of a lower app shows what only a higher app knows, without importing it.

The catalog's dataset page must show a license and a price, and may import neither licensing nor payments. So the page
names slots, and the higher apps fill them. In `licensing/web/panels.py`, imported by `licensing/web/urls.py`:

    @panel("dataset.license", order=10)
    def license_panel(request: HttpRequest, *, dataset: Dataset, version: DatasetVersion | None) -> str:
        return render_to_string("licensing/panels/license.html", {...}, request)  # "" shows nothing

A template shows a slot with `{% panels "dataset.license" dataset=dataset version=version %}`; the keyword arguments
reach every panel of the slot as they are. Panels of one slot follow each other by `order`, then by name.

| slot | page | keyword arguments |
|---|---|---|
| `dataset.license` | `/datasets/{org}/{slug}/`, beside the preview | `dataset`, `version` (or None) |
| `offer.price` | inside each license: the price and the way to it | `dataset`, `version`, `offer` |
| `dataset.use` | the same, "How to load it" | `dataset`, `version` |
| `version.clients` | the same, and `/licenses/{id}/`: how each client loads it | `version` |
| `dataset.withheld` | the same, instead of the preview: why its records are not shown | `dataset`, `version` |
| `dataset.claim` | the same, for somebody who owns what is in it | `dataset` |
| `dataset.card` | one line in lists: "262.50 EUR", "CC BY 4.0" | `dataset` |
| `desk.data` | `/desk/{org}/{slug}/`, how the records are laid out | `dataset` |
| `desk.dataset` | `/desk/{org}/{slug}/`, offers and sales of the steward | `dataset` |
| `contribution.rights` | `/contributions/{id}/` | `contribution` |
| `contribution.earnings` | the same, below | `contribution` |
| `grant.removal` | `/licenses/{id}/`, where withdrawals took out more than the license bears | `grant` |
| `person.earnings` | `/consent/`, what the reader has earned | none |
| `operator.desk` | `/operator/`, what of an app waits for an operator | none |
| `home.paid` | home page, what was paid to contributors | none |

A panel is safe HTML (from `render_to_string` or `format_html`; anything else is shown as text), and decides itself what
this request's user may see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from django.http import HttpRequest

SLOTS = frozenset(
    {
        "dataset.license",
        "offer.price",
        "dataset.use",
        "version.clients",
        "dataset.card",
        "dataset.claim",
        "dataset.withheld",
        "desk.data",
        "desk.dataset",
        "contribution.rights",
        "contribution.earnings",
        "grant.removal",
        "person.earnings",
        "home.paid",
        "operator.desk",
    }
)


@dataclass(frozen=True, order=True)
class _Place:
    order: int
    name: str


P = ParamSpec("P")

_PANELS: dict[str, dict[_Place, Callable[..., str]]] = {slot: {} for slot in SLOTS}


def register_panel(slot: str, render: Callable[..., str], *, order: int = 50) -> None:
    """Registering the same function twice is fine; an unknown slot is a ValueError."""
    if slot not in SLOTS:
        raise ValueError(f"There is no slot {slot!r}; the slots are {sorted(SLOTS)}.")
    _PANELS[slot][_Place(order, f"{render.__module__}.{render.__qualname__}")] = render


def panel(slot: str, *, order: int = 50) -> Callable[[Callable[P, str]], Callable[P, str]]:
    """`register_panel` as a decorator."""

    def keep(render: Callable[P, str]) -> Callable[P, str]:
        register_panel(slot, render, order=order)
        return render

    return keep


def render_slot(slot: str, request: HttpRequest, **context: object) -> list[str]:
    """What the panels of `slot` draw, in order, without those that draw nothing."""
    drawn = [render(request, **context) for _, render in sorted(_PANELS[slot].items())]
    return [html for html in drawn if html]
