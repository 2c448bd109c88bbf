"""What payments can do: one function per use case."""

from payments.services.approving import decide_approval
from payments.services.attempts import start_payment
from payments.services.capturing import access_decided
from payments.services.correcting import post_correction
from payments.services.coupons import CouponTerms, end_coupon, make_coupon
from payments.services.finance import close_task
from payments.services.following import receive_event
from payments.services.freezing import freeze_payouts, unfreeze_payouts
from payments.services.onboarding import press_simulated, refresh_account, start_onboarding
from payments.services.orders import Choice, Evidence, cancel_order, expire_orders, place_order
from payments.services.paying import accept_payment, settle_payment
from payments.services.paying_out import run_payouts
from payments.services.periods import settle_ended_periods, settle_period
from payments.services.recovering import write_off_debt
from payments.services.refunds import refund_order
from payments.services.releasing import release_due_settlements
from payments.services.removal import refund_removed_share
from payments.services.settling import settle_all_pools, settle_pool
from payments.services.simulating import pay_simulated
from payments.services.sponsor_approvals import (
    ask_sponsor,
    decide_sponsor_request,
    invite_researcher,
    withdraw_sponsor_approval,
)
from payments.services.sponsor_funding import pay_funding_simulated, start_funding
from payments.services.sponsorships import SponsorshipTerms, close_sponsorship, open_sponsorship
from payments.services.statements import issue_statements
from payments.services.subscriptions import cancel_subscription

__all__ = [
    "Choice",
    "CouponTerms",
    "Evidence",
    "SponsorshipTerms",
    "accept_payment",
    "access_decided",
    "ask_sponsor",
    "cancel_order",
    "cancel_subscription",
    "close_sponsorship",
    "close_task",
    "decide_approval",
    "decide_sponsor_request",
    "end_coupon",
    "expire_orders",
    "freeze_payouts",
    "invite_researcher",
    "issue_statements",
    "make_coupon",
    "open_sponsorship",
    "pay_funding_simulated",
    "pay_simulated",
    "place_order",
    "post_correction",
    "press_simulated",
    "receive_event",
    "refresh_account",
    "refund_order",
    "refund_removed_share",
    "release_due_settlements",
    "run_payouts",
    "settle_all_pools",
    "settle_ended_periods",
    "settle_payment",
    "settle_period",
    "settle_pool",
    "start_funding",
    "start_onboarding",
    "start_payment",
    "unfreeze_payouts",
    "withdraw_sponsor_approval",
    "write_off_debt",
]
