"""The steward's own words to the people in the data: versions and languages, and what is shown now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from collective.accounts.web.people import person
from collective.catalog.models import Dataset
from collective.catalog.policies import check_can_steward
from collective.catalog.selectors import dataset_for
from collective.core.errors import InvalidError
from licensing import services
from licensing.domain.actions import QUESTIONS
from licensing.selectors import current_notice
from licensing.selectors.consent import notices_of_dataset
from licensing.web.consent_forms import NoticeForm


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest, organization: str, slug: str) -> HttpResponse:
    dataset = dataset_for(person(request), organization, slug)
    check_can_steward(person(request), dataset)
    rows = list(notices_of_dataset(dataset.pk))
    form = NoticeForm(request.POST or None, versions=list(dict.fromkeys(row.version for row in rows)))
    if request.method == "POST" and form.is_valid() and _published(request, form, dataset):
        messages.success(request, _("Published. Earlier answers stay answers to the text of then."))
        return redirect("licensing:consent_notices", organization=organization, slug=slug)
    context = {
        "dataset": dataset,
        "form": form,
        "current": current_notice(dataset_id=dataset.pk),
        "rows": [(row, [QUESTIONS[code] for code in row.asked]) for row in rows],
    }
    return render(request, "licensing/consent_notices.html", context)


def _published(request: HttpRequest, form: NoticeForm, dataset: Dataset) -> bool:
    try:
        services.publish_dataset_notice(actor=person(request), dataset_id=dataset.pk, wording=form.wording())
    except InvalidError as refusal:
        for name, problems in refusal.fields.items():
            form.add_error(name, list(problems))
        return False
    return True
