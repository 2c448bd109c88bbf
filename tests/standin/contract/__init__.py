"""What the installed client of Stripe says about requests and answers: the contract of the stand-in.

Problems are sentences that begin with the path of the field; an empty list means that nothing is wrong.
"""

from tests.standin.contract.forms import MixedFormError, decode
from tests.standin.contract.request import check_request, typed
from tests.standin.contract.response import check_notification, check_object, check_response
from tests.standin.contract.routes import Op, match, routes
from tests.standin.contract.skeleton import SkeletonError, skeleton

__all__ = [
    "MixedFormError",
    "Op",
    "SkeletonError",
    "check_notification",
    "check_object",
    "check_request",
    "check_response",
    "decode",
    "match",
    "routes",
    "skeleton",
    "typed",
]
