"""What one person is told about one contribution: what they allowed, where it is, and who has it."""

from dataclasses import dataclass

from django.db.models import Q

from collective.catalog.models import Contribution, DatasetVersion
from licensing.domain.consent import ConsentState, together
from licensing.domain.standing import Standing, standing
from licensing.models import ConsentEvent, LicenseGrant
from licensing.selectors.answerers import Answerer
from licensing.selectors.joint import records_gone_with_others

ENDS_WITH_CONSENT = "consent_withdrawal"


@dataclass(frozen=True)
class Overview:
    contribution: Contribution
    state: ConsentState
    standing: Standing
    versions: list[DatasetVersion]
    grants: list[LicenseGrant]
    events: list[ConsentEvent]
    gone_with_others: int


def overview_of(answerer: Answerer, contribution: Contribution) -> Overview:
    """Precondition: it is one of the answerer's."""
    state = together([each.state for each in answerer.parties(contribution)])
    giver = answerer.user.pk if answerer.ward is None else None
    held = DatasetVersion.objects.filter(holdings__contribution=contribution).exclude(published_at=None)
    grants = list(grants_of(contribution))
    public = [each.license.name for each in grants if ENDS_WITH_CONSENT not in each.offer.terms_view.revocability]
    return Overview(
        contribution=contribution,
        state=state,
        standing=standing(state, contribution.material_license, public),
        versions=list(held.order_by("-major", "-minor", "-patch")),
        grants=grants,
        events=list(answerer.events(contribution)),
        gone_with_others=records_gone_with_others(contribution, giver, answerer.persons),
    )


def grants_of(contribution: Contribution) -> "list[LicenseGrant]":
    """Licenses on versions that hold it, the newest first."""
    holds = Q(pinned_version__holdings__contribution=contribution) | Q(
        agreement__version__holdings__contribution=contribution
    )
    rows = LicenseGrant.objects.filter(dataset=contribution.dataset_id).filter(holds).distinct()
    return list(
        rows.select_related("licensee", "license", "offer__license_version__template").order_by("-issued_at", "-id")
    )
