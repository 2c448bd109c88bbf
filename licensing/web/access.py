"""Asking for access, and one request: its state, its conversation, and what each side can do next."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collective.accounts.selectors import organizations_of
from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.selectors import dataset_for
from collective.core.errors import ConflictError, DeniedError, InvalidError, TooLargeError
from collective.core.web.files import serve_file
from licensing import services
from licensing.domain.actions import PHRASES
from licensing.errors import AccessNotNeededError
from licensing.models import AccessRequest, Offer
from licensing.policies import (
    can_answer_access,
    can_decide_access,
    check_can_answer_access,
    check_can_decide_access,
)
from licensing.selectors import live_offers
from licensing.selectors.access import (
    access_file_for,
    access_request_for,
    access_requests_visible_to,
    asks_for_approval,
    current_questions,
    needs_approval,
    own_access_requests,
)
from licensing.services import Asked
from licensing.web.access_forms import AnswerForm, ApproveForm, AskForm, WordsForm, shown_answers
from licensing.web.access_words import end_of_day, told

PAGE_SIZE = 25


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    actor = person(request)
    dataset = dataset_for(actor, organization, slug)
    if not asks_for_approval(dataset):
        raise AccessNotNeededError(dataset=dataset.title)
    questions = current_questions(dataset)
    form = AskForm(
        request.POST or None,
        request.FILES or None,
        organizations=organizations_of(actor).exclude(pk=dataset.organization_id),
        offers=[each for each in live_offers(dataset) if needs_approval(each)],
        questions=questions,
    )
    if request.method == "POST" and form.is_valid():
        made = _asked(request, dataset, form)
        if made is not None:
            messages.success(request, _("Sent. You are told by mail when there is a decision."))
            return redirect("licensing:access_request", request_id=made.pk)
    context = {"form": form, "dataset": dataset, "own": own_access_requests(actor, dataset)[:PAGE_SIZE]}
    return render(request, "licensing/access/ask.html", context)


@login_required
@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    mine = access_requests_visible_to(person(request)).filter(licensee__in=organizations_of(person(request)).order_by())
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "licensing/access/requests.html", {"page": page})


@login_required
@require_safe
def request_page(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _page(request, access_request_for(person(request), request_id))


@login_required
@require_safe
def request_file(request: HttpRequest, request_id: UUID, file_id: UUID) -> HttpResponseBase:
    found = access_file_for(person(request), request_id, file_id)
    return serve_file(request, services.access_file_content(found), etag=found.sha256, filename=found.name)


@login_required
@require_POST
def withdraw_request(request: HttpRequest, request_id: UUID) -> HttpResponse:
    services.withdraw_access_request(actor=person(request), request_id=request_id)
    messages.success(request, _("The request is withdrawn. You can ask again later."))
    return redirect("licensing:access_request", request_id=request_id)


@login_required
@require_POST
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    actor = person(request)
    row = access_request_for(actor, request_id)
    check_can_answer_access(actor, row)
    form = AnswerForm(request.POST, request.FILES, label=_("Your answer"))

    def act() -> None:
        sent = form.cleaned_data["file"]
        files = [_stored(request, row.dataset, sent)] if sent else []
        services.answer_access_request(actor=actor, request_id=request_id, text=form.cleaned_data["text"], files=files)

    return _done(request, row, form, act, _("Sent. The publisher decides next."), answer_form=form)


@login_required
@require_POST
def approve(request: HttpRequest, request_id: UUID) -> HttpResponse:
    row = _to_decide(request, request_id)
    form = ApproveForm(request.POST, offers=_offers(row))

    def act() -> None:
        services.approve_access(
            actor=person(request),
            request_id=request_id,
            reason=form.cleaned_data["text"],
            expires_at=end_of_day(form.cleaned_data["until"]),
            offers=form.cleaned_data["offers"],
        )

    return _done(request, row, form, act, _("Approved. They can take a license now."), approve_form=form)


@login_required
@require_POST
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = WordsForm(request.POST, label=_("Your reason"))
    return _words(request, request_id, form, services.decline_access, "reason", _("Declined."), "decline_form")


@login_required
@require_POST
def ask_back(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = WordsForm(request.POST, label=_("What do you need to know?"))
    said = _("Sent. The request waits for their answer.")
    return _words(request, request_id, form, services.ask_for_information, "text", said, "ask_form")


@login_required
@require_POST
def end(request: HttpRequest, request_id: UUID) -> HttpResponse:
    form = WordsForm(request.POST, label=_("Your reason"))
    said = _("The approval has ended. Licenses that were given stay.")
    return _words(request, request_id, form, services.end_access, "reason", said, "end_form")


def _words(
    request: HttpRequest,
    request_id: UUID,
    form: WordsForm,
    service: Callable[..., AccessRequest],
    name: str,
    said: str,
    place: str,
) -> HttpResponse:
    row = _to_decide(request, request_id)

    def act() -> None:
        service(actor=person(request), request_id=request_id, **{name: form.cleaned_data["text"]})

    return _done(request, row, form, act, said, **{place: form})


def _to_decide(request: HttpRequest, request_id: UUID) -> AccessRequest:
    row = access_request_for(person(request), request_id)
    check_can_decide_access(person(request), row)
    return row


def _done(
    request: HttpRequest, row: AccessRequest, form: Any, act: Callable[[], None], said: str, **shown: Any
) -> HttpResponse:
    """Do it and go back to the page, or show the page with what is wrong."""
    if form.is_valid():
        try:
            act()
        except (InvalidError, TooLargeError) as refusal:
            form.add_error(None, refusal.message)
        except ConflictError as refusal:
            # Somebody else was first: the page, as it is now, may have no place for this form any more.
            messages.error(request, refusal.message)
            return redirect("licensing:access_request", request_id=row.pk)
        else:
            messages.success(request, said)
            return redirect("licensing:access_request", request_id=row.pk)
    return _page(request, access_request_for(person(request), row.pk), **shown)


def _page(request: HttpRequest, row: AccessRequest, **shown: Any) -> HttpResponse:
    actor = person(request)
    files = list(row.files.select_related("file").order_by("id"))
    by_question = {each.question: each.file for each in files if each.question}
    decides, answers = can_decide_access(actor, row), can_answer_access(actor, row)
    context: dict[str, Any] = {
        "row": row,
        "dataset": row.dataset,
        "actions": [PHRASES[code] for code in row.actions],
        "offers": _named(row, row.offers),
        "allowed": _named(row, row.allowed_offers),
        "answers": shown_answers(row, by_question),
        "more_files": [each.file for each in files if not each.question],
        "events": [told(each) for each in row.events.select_related("actor").order_by("-at", "-id")],
        "decides": decides,
        "answers_back": answers,
        "earlier": row.earlier,
    }
    if decides:
        context |= {
            "approve_form": ApproveForm(offers=_offers(row), initial={"offers": row.offers}),
            "decline_form": WordsForm(label=_("Your reason"), auto_id="decline_%s"),
            "ask_form": WordsForm(label=_("What do you need to know?"), auto_id="ask_%s"),
            "end_form": WordsForm(label=_("Your reason"), auto_id="end_%s"),
        }
    if answers:
        context["answer_form"] = AnswerForm(label=_("Your answer"), auto_id="answer_%s")
    return render(request, "licensing/access/request.html", {**context, **shown})


def _asked(request: HttpRequest, dataset: Dataset, form: AskForm) -> AccessRequest | None:
    given = form.cleaned_data
    try:
        files = {code: _stored(request, dataset, file) for code, file in form.sent_files.items()}
        asked = Asked(
            purpose=given["purpose"],
            actions=given["actions"],
            offers=given.get("offers", ()),
            answers={**form.answers, **files},
            question_set=given["question_set"],
        )
        return services.request_access(
            actor=person(request), dataset_id=dataset.pk, licensee_id=given["licensee"].pk, asked=asked
        )
    except InvalidError as refusal:
        form.show(refusal)
    except (ConflictError, DeniedError, TooLargeError) as refusal:
        form.add_error(None, refusal.message)
    return None


def _stored(request: HttpRequest, dataset: Dataset, file: "UploadedFile[Any]") -> str:
    """The id under which the file was kept."""
    made = services.store_access_file(
        actor=person(request), dataset_id=dataset.pk, name=file.name or "", content=file.read()
    )
    return str(made.pk)


def _offers(row: AccessRequest) -> list[Offer]:
    return [each for each in live_offers(row.dataset) if needs_approval(each)]


def _named(row: AccessRequest, ids: list[str]) -> list[Offer]:
    return list(Offer.objects.filter(pk__in=ids, dataset=row.dataset).select_related("license_version__template"))
