"""Reads of access requests: whether one is needed, who sees it, and what was decided."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by, confirmed_domains, organizations_of
from collective.catalog.models import Dataset
from licensing.domain.access_rules import Facts
from licensing.domain.questions import Question, missing
from licensing.errors import AccessFileNotFoundError, AccessRequestNotFoundError
from licensing.models import AccessFile, AccessQuestionSet, AccessRequest, AccessRule, Offer
from licensing.models.request import UNDECIDED


def needs_approval(offer: Offer) -> bool:
    """A restricted dataset, or terms that ask for it. Needs the offer's dataset.

    An offer made for one organization is itself the answer to its request.
    """
    asks = offer.dataset.visibility == "restricted" or bool(offer.plan.get("approval_required"))
    return asks and offer.audience_id is None


def asks_for_approval(dataset: Dataset) -> bool:
    live = Offer.objects.filter(dataset=dataset, state="live", audience=None).select_related("dataset")
    return dataset.visibility == "restricted" or any(map(needs_approval, live))


def allows(request: AccessRequest, offer: Offer) -> bool:
    return not request.allowed_offers or str(offer.pk) in request.allowed_offers


def approvals(dataset: Dataset, at: datetime | None = None) -> "QuerySet[AccessRequest]":
    """Approved, and not over at that time."""
    in_time = Q(expires_at=None) | Q(expires_at__gt=at or timezone.now())
    return AccessRequest.objects.filter(in_time, dataset=dataset, state="approved").order_by("decided_at", "id")


def approvals_of(user: Person, dataset: Dataset) -> list[AccessRequest]:
    """Those of the user's organizations."""
    return list(approvals(dataset).filter(licensee__in=organizations_of(user).order_by()))


def approval_for(offer: Offer, licensee: Organization) -> AccessRequest | None:
    held = approvals(offer.dataset).filter(licensee=licensee)
    return next((request for request in held if allows(request, offer)), None)


def is_waiting_for(offer: Offer, licensee: Organization) -> bool:
    """Access under this offer was asked for, and nobody has decided yet."""
    waiting = AccessRequest.objects.filter(dataset=offer.dataset_id, licensee=licensee, state__in=UNDECIDED)
    return any(not request.offers or str(offer.pk) in request.offers for request in waiting)


def access_requests_visible_to(user: Person) -> "QuerySet[AccessRequest]":
    """The requester's organization and the dataset's stewards; nobody else, operators neither."""
    seen = Q(licensee__in=organizations_of(user).order_by()) | Q(
        dataset__organization__in=administered_by(user).order_by()
    )
    rows = AccessRequest.objects.select_related(
        "dataset__organization", "licensee", "requester", "question_set", "rule", "earlier"
    )
    return rows.filter(seen).order_by("-asked_at", "-id")


def access_request_for(user: Person, request_id: UUID) -> AccessRequest:
    found = access_requests_visible_to(user).filter(pk=request_id).first()
    if found is None:
        raise AccessRequestNotFoundError
    return found


def own_access_requests(user: Person, dataset: Dataset) -> "QuerySet[AccessRequest]":
    """Of the user's organizations, the newest first."""
    return access_requests_visible_to(user).filter(dataset=dataset, licensee__in=organizations_of(user).order_by())


def access_file_for(user: Person, request_id: UUID, file_id: UUID) -> AccessFile:
    """A file that came with a request that this person may see."""
    request = access_request_for(user, request_id)
    found = request.files.filter(file=file_id).select_related("file").first()
    if found is None:
        raise AccessFileNotFoundError
    return found.file


def current_questions(dataset: Dataset) -> AccessQuestionSet | None:
    return AccessQuestionSet.objects.filter(dataset=dataset).order_by("-number").first()


def questions_asked(dataset: Dataset) -> list[Question]:
    current = current_questions(dataset)
    return current.rows if current else []


def live_rules(dataset: Dataset) -> "QuerySet[AccessRule]":
    """In the order in which they are tried."""
    return AccessRule.objects.filter(dataset=dataset, ended_at=None).order_by("created_at", "id")


def rule_facts(request: AccessRequest) -> Facts:
    questions = request.question_set.rows if request.question_set else []
    return Facts(
        licensee_kind=request.licensee.kind,
        purpose=request.purpose,
        actions=frozenset(request.actions),
        offers=frozenset(request.offers),
        email_domains=confirmed_domains(request.requester),
        permits=_permits(request),
        answers=request.answers,
        complete=not missing(questions, request.answers),
    )


def _permits(request: AccessRequest) -> dict[str, frozenset[str]]:
    live = Offer.objects.filter(dataset=request.dataset_id, state="live", audience=None)
    asked = live.filter(pk__in=request.offers) if request.offers else live
    return {
        str(each.pk): frozenset(each.terms_view.permitted) for each in asked.select_related("license_version__template")
    }


def waiting_requests(dataset: Dataset) -> int:
    """How many wait for a decision."""
    return AccessRequest.objects.filter(dataset=dataset, state="open").count()


def offers_named(dataset: Dataset) -> dict[str, str]:
    """All of its offers, ended ones too, by id: rules name them."""
    offers = Offer.objects.filter(dataset=dataset).select_related("license_version__template")
    return {str(each.pk): f"{each.license_version.template.name}, {each.price}" for each in offers}
