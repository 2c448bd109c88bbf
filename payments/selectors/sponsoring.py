"""Sponsorships: who sees which, what a budget holds, and what was spent for whom."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from collective.accounts.models import Organization
from collective.accounts.selectors import Person, administered_by, organizations_of
from collective.core.domain.money import Money
from licensing.models import Offer
from payments.errors import FundingNotFoundError, SponsorApprovalNotFoundError, SponsorshipNotFoundError
from payments.models import Account, Refund, SideDispute, SponsorApproval, SponsorFunding, Sponsorship


def sponsorships_visible_to(user: Person) -> "QuerySet[Sponsorship]":
    """Open ones introduce themselves to everybody who is signed in; closed ones to those who had to do with them."""
    rows = Sponsorship.objects.select_related("sponsor").order_by("-created_at", "-id")
    if not user.is_authenticated:
        return rows.none()
    if user.is_staff:
        return rows
    mine = organizations_of(user).order_by()
    theirs = Q(pk__in=SponsorApproval.objects.filter(researcher__in=mine).values("sponsorship"))
    return rows.filter(Q(state="open") | Q(sponsor__in=administered_by(user).order_by()) | theirs)


def sponsorship_for(user: Person, sponsorship_id: UUID) -> Sponsorship:
    """Raises SponsorshipNotFoundError."""
    found = sponsorships_visible_to(user).filter(pk=sponsorship_id).first()
    if found is None:
        raise SponsorshipNotFoundError
    return found


def fundings_visible_to(user: Person) -> "QuerySet[SponsorFunding]":
    """Those of one's own budgets."""
    mine = administered_by(user).order_by()
    return SponsorFunding.objects.select_related("sponsorship__sponsor").filter(sponsorship__sponsor__in=mine)


def funding_for(user: Person, funding_id: UUID) -> SponsorFunding:
    """Raises FundingNotFoundError."""
    found = fundings_visible_to(user).filter(pk=funding_id).first()
    if found is None:
        raise FundingNotFoundError
    return found


def approvals_visible_to(user: Person) -> "QuerySet[SponsorApproval]":
    """The sponsor's managers see whom they approve; a researcher sees their own."""
    sponsors = Q(sponsorship__sponsor__in=administered_by(user).order_by())
    own = Q(researcher__in=organizations_of(user).order_by())
    rows = SponsorApproval.objects.select_related("sponsorship__sponsor", "researcher")
    return rows.filter(sponsors | own).order_by("-created_at", "-id")


def approval_for(user: Person, approval_id: UUID) -> SponsorApproval:
    """Raises SponsorApprovalNotFoundError."""
    found = approvals_visible_to(user).filter(pk=approval_id).first()
    if found is None:
        raise SponsorApprovalNotFoundError
    return found


def budget_minor(sponsorship: Sponsorship, currency: str = "") -> int:
    """What it holds, in its own currency unless another is named."""
    row = Account.objects.filter(code=sponsorship.account, currency=currency or sponsorship.currency).first()
    return row.balance if row else 0


def disputed_minor(sponsorship: Sponsorship, currency: str = "") -> int:
    """What banks have taken back of what funded it, for as long as they have not decided."""
    currency = currency or sponsorship.currency
    waiting = SideDispute.objects.filter(state="open", funding__sponsorship=sponsorship)
    mine = waiting.filter(funding__booked_currency=currency)
    found: int = mine.aggregate(sum=Sum("booked_minor", default=0))["sum"]
    return found


def spendable_minor(sponsorship: Sponsorship, currency: str = "") -> int:
    """What it holds and no bank may take."""
    return max(0, budget_minor(sponsorship, currency) - disputed_minor(sponsorship, currency))


@dataclass(frozen=True)
class Spent:
    """What licenses of one researcher, or of one dataset, have cost a budget; `net` is less what came back."""

    name: str
    count: int
    net: Money


def spent_by_researcher(sponsorship: Sponsorship) -> list[Spent]:
    return _spent(sponsorship, "licensee_name", "licensee")


def spent_by_dataset(sponsorship: Sponsorship) -> list[Spent]:
    return _spent(sponsorship, "dataset_title", "version__dataset")


def _spent(sponsorship: Sponsorship, name: str, key: str) -> list[Spent]:
    """Refunds are added up apart from the orders, as an order can have many."""
    orders = sponsorship.spent.order_by().values(f"order__{key}")
    sums = orders.annotate(sum=Sum("order__total_minor"), count=Count("pk")).values_list(
        f"order__{key}", f"order__{name}", "sum", "count"
    )
    back = Refund.objects.standing().filter(order__sponsored__sponsorship=sponsorship).order_by()
    given = dict(back.values_list(f"order__{key}").annotate(sum=Sum("amount_minor")))
    merged: dict[object, tuple[str, int, int]] = {}
    for pk, title, total, count in sums:
        _, before, many = merged.get(pk, ("", 0, 0))
        merged[pk] = (title, before + total, many + count)
    rows = [
        Spent(title, count, Money(total - given.get(pk, 0), sponsorship.currency))
        for pk, (title, total, count) in merged.items()
    ]
    return sorted(rows, key=lambda row: (-row.net.minor, row.name))


def sponsors_for(offer: Offer, licensees: "list[Organization]", total_minor: int) -> list[Sponsorship]:
    """Who would pay this for one of them now. Another purchase may come first: the order asks again."""
    approved = Sponsorship.objects.filter(
        approvals__state="approved", approvals__researcher__in=licensees, state="open", until__gt=timezone.now()
    )
    fitting = approved.filter(currency=offer.currency).select_related("sponsor").distinct().order_by("title", "id")
    return [each for each in fitting if each.fits(offer) and _holds(each, total_minor)]


def _holds(sponsorship: Sponsorship, total_minor: int) -> bool:
    most = sponsorship.most_minor
    return total_minor <= spendable_minor(sponsorship) and (most is None or total_minor <= most)
