"""What payees owe after their share had left, and writing it off when nothing else helps."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collective.accounts.web.people import person
from collective.core.domain.money import Money
from collective.core.errors import DomainError, NotFoundError
from collective.core.ids import new_id
from collective.core.operator.access import operators_only
from payments.models import Account, Approval
from payments.selectors.payouts import asked_back_minor, debts
from payments.services import write_off_debt
from payments.web.finance.forms import WriteOffForm

PAGE = 50


@require_safe
@operators_only
def debt_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(debts().select_related("owner"), PAGE).get_page(request.GET.get("page"))
    rows = [(debt, Money(-debt.balance, debt.currency), _asked_back(debt)) for debt in page]
    return render(request, "payments/finance/debts.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def write_off(request: HttpRequest, debt_id: int) -> HttpResponse:
    """`debt_id` is the ledger's account of what one payee owes in one currency."""
    debt = Account.objects.select_related("owner").filter(pk=debt_id, code__startswith="c:", code__endswith=":owed")
    found = debt.first()
    if found is None or found.owner is None:
        raise NotFoundError
    form = WriteOffForm(request.POST or None, initial={"reference": f"console:{new_id()}"}, currency=found.currency)
    if request.method == "POST" and form.is_valid() and _write_off(request, form, found.owner.pk, found.currency):
        return redirect("payments:finance-debts")
    context = {"payee": found.owner, "owed": Money(-found.balance, found.currency), "form": form}
    return render(request, "payments/finance/write_off.html", context)


def _write_off(request: HttpRequest, form: WriteOffForm, payee_id: UUID, currency: str) -> bool:
    given = form.cleaned_data
    try:
        made = write_off_debt(
            actor=person(request),
            payee_id=payee_id,
            currency=currency,
            amount_minor=given["amount"],
            reason=given["reason"],
            reference=given["reference"],
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    waits = isinstance(made, Approval)
    messages.info(request, _("It waits for another operator.") if waits else _("The debt is written off."))
    return True


def _asked_back(debt: Account) -> Money | None:
    """Of earlier transfers, without an answer yet."""
    minor = asked_back_minor(debt.owner_id, debt.currency) if debt.owner_id else 0
    return Money(minor, debt.currency) if minor else None
