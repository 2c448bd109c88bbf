"""Where Stripe tells us what happened: the signature before anything else, one row, and an answer at once."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.errors import MessageTooLargeError
from payments.gateways.stripe.webhooks import Endpoint, read_message
from payments.services import receive_event

LARGEST = 256 * 1024


@csrf_exempt
@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    return _take(request, "snapshot")


@csrf_exempt
@require_POST
def thin(request: HttpRequest) -> HttpResponse:
    return _take(request, "thin")


def _take(request: HttpRequest, endpoint: Endpoint) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        raise MessageTooLargeError
    signature = request.headers.get("Stripe-Signature", "")
    receive_event(rail_name="stripe", message=read_message(request.body, signature, endpoint))
    return HttpResponse(status=200)
