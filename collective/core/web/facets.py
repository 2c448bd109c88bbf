"""Facets of the catalog that only a higher app knows, such as the license of a dataset's offer.

In `licensing/web/facets.py`, imported by `licensing/web/urls.py`:

    @facet("license", _("License"))
    def license_facet(dataset_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[str, str]]]:
        '''Dataset id → (value in the URL, label) of each license it is offered under. One query.'''
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

FacetValues = Mapping[UUID, Sequence[tuple[str, str]]]
FacetRead = Callable[[Sequence[UUID]], FacetValues]


@dataclass(frozen=True)
class Facet:
    """`name` is the parameter in the URL."""

    name: str
    label: str | Promise
    read: FacetRead


_FACETS: dict[str, Facet] = {}


def facet(name: str, label: str | Promise) -> Callable[[FacetRead], FacetRead]:
    def keep(read: FacetRead) -> FacetRead:
        _FACETS[name] = Facet(name, label, read)
        return read

    return keep


def registered_facets() -> list[Facet]:
    return list(_FACETS.values())
