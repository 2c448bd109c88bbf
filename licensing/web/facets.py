"""The catalog's facet by license."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from collective.core.web.facets import facet
from licensing.models import Offer


@facet("license", _("License"))
def license_facet(dataset_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[tuple[str, str]]]:
    """Under which licenses each dataset is on offer now."""
    live = Offer.objects.filter(state="live", audience=None, dataset__in=dataset_ids)
    found: dict[UUID, list[tuple[str, str]]] = {}
    template = "license_version__template__"
    for dataset_id, value, label in live.values_list("dataset_id", f"{template}license_id", f"{template}name"):
        found.setdefault(dataset_id, []).append((value, label))
    return found
