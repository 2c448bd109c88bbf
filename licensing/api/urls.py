"""Licensing's part of /api/v1/."""

from django.urls import path

from licensing import services
from licensing.api import (
    access,
    access_desk,
    attribution,
    compatibility,
    consent,
    grants,
    licenses,
    manifest,
    notices,
    offers,
    people,
    quotes,
    rights,
    rights_check,
    seats,
    standing,
    withdrawals,
)

app_name = "licensing-api"
DATASET = "datasets/<slug:organization>/<slug:slug>"
CONTRIBUTION = "contributions/<uuid:contribution_id>"
NOTICE = "withdrawal-notices/<uuid:notice_id>"
LICENSE = "licenses/sha256/<str:text_sha256>"
ASKED = "access-requests/<uuid:request_id>"

urlpatterns = [
    path("consent", consent.ConsentList.as_view(), name="consents"),
    path("consent/withdraw", consent.ConsentWithdrawal.as_view(), name="consents-withdraw"),
    path("consent/claims", consent.Claims.as_view(), name="claims"),
    path("consent/receipts/<uuid:event_id>", consent.Receipt.as_view(), name="receipt"),
    path("consent/<uuid:contribution_id>", consent.ConsentDetail.as_view(), name="consent"),
    path("licenses", licenses.LicenseList.as_view(), name="licenses"),
    path(LICENSE, licenses.LicenseText.as_view(), name="license"),
    path(f"{LICENSE}/text", licenses.LicenseBytes.as_view(), name="license-text"),
    path(f"{DATASET}/offers", offers.OfferList.as_view(), name="offers"),
    path(f"{DATASET}/offers/choices", offers.OfferChoices.as_view(), name="offer-choices"),
    path(f"{DATASET}/offers/preview", offers.OfferPreview.as_view(), name="offer-preview"),
    path("offers/<uuid:offer_id>/quote", quotes.QuoteAsk.as_view(), name="quote-ask"),
    path("quotes", quotes.QuoteList.as_view(), name="quotes"),
    path("quotes/<uuid:quote_id>/answer", quotes.QuoteAnswer.as_view(), name="quote-answer"),
    path("quotes/<uuid:quote_id>/decline", quotes.QuoteDecline.as_view(), name="quote-decline"),
    path("offers/<uuid:offer_id>", offers.OfferDetail.as_view(), name="offer"),
    path("offers/<uuid:offer_id>/retire", offers.OfferRetire.as_view(), name="offer-retire"),
    path("grants", grants.GrantList.as_view(), name="grants"),
    path("grants/<uuid:grant_id>", grants.GrantDetail.as_view(), name="grant"),
    path("grants/<uuid:grant_id>/certificate", grants.GrantCertificate.as_view(), name="certificate"),
    path("grants/<uuid:grant_id>/seats", seats.SeatList.as_view(), name="seats"),
    path("grants/<uuid:grant_id>/seats/<uuid:seat_id>/release", seats.SeatRelease.as_view(), name="seat-release"),
    path("grants/<uuid:grant_id>/jws", grants.GrantJws.as_view(), name="grant-jws"),
    path("grants/<uuid:grant_id>/suspend", standing.GrantStanding.as_view(), name="grant-suspend"),
    path(
        "grants/<uuid:grant_id>/reinstate",
        standing.GrantStanding.as_view(act=services.reinstate_grant),
        name="grant-reinstate",
    ),
    path(
        "grants/<uuid:grant_id>/revoke", standing.GrantStanding.as_view(act=services.revoke_grant), name="grant-revoke"
    ),
    path(f"{DATASET}/credits", attribution.DatasetCredits.as_view(), name="credits"),
    path(f"{DATASET}/manifest", manifest.DatasetManifest.as_view(), name="manifest"),
    path("compatibility/merge", compatibility.Merge.as_view(), name="compatibility-merge"),
    path("compatibility/train", compatibility.Train.as_view(), name="compatibility-train"),
    path(f"{DATASET}/rights-check", rights_check.RightsCheck.as_view(), name="rights-check"),
    path(f"{CONTRIBUTION}/people", people.People.as_view(), name="people"),
    path(f"{CONTRIBUTION}/people/<uuid:person_id>/claim", people.PersonClaim.as_view(), name="person-claim"),
    path(f"{CONTRIBUTION}/rights", rights.ContributionRights.as_view(), name="rights"),
    path(f"{CONTRIBUTION}/records/withdraw", rights.RecordsWithdraw.as_view(), name="withdraw-records"),
    path(f"{CONTRIBUTION}/withdraw", rights.ContributionWithdraw.as_view(), name="withdraw"),
    path(f"{DATASET}/access-questions", access_desk.AccessQuestions.as_view(), name="access-questions"),
    path(f"{DATASET}/access-rules", access_desk.AccessRules.as_view(), name="access-rules"),
    path("access-rules/<uuid:rule_id>/end", access_desk.AccessRuleEnd.as_view(), name="access-rule-end"),
    path(f"{DATASET}/access-files", access.AccessFiles.as_view(), name="access-files"),
    path(f"{DATASET}/access-requests", access.DatasetAccessRequests.as_view(), name="dataset-access-requests"),
    path("access-requests", access.AccessRequestList.as_view(), name="access-requests"),
    path(ASKED, access.AccessRequestView.as_view(), name="access-request"),
    path(f"{ASKED}/files/<uuid:file_id>", access.AccessRequestFileView.as_view(), name="access-request-file"),
    path(f"{ASKED}/withdraw", access.AccessRequestWithdraw.as_view(), name="access-withdraw"),
    path(f"{ASKED}/answer", access.AccessRequestAnswer.as_view(), name="access-answer"),
    path(f"{ASKED}/decision", access_desk.AccessDecision.as_view(), name="access-decision"),
    path(f"{ASKED}/information", access_desk.AccessInformation.as_view(), name="access-information"),
    path(f"{ASKED}/end", access_desk.AccessEnd.as_view(), name="access-end"),
    path("withdrawals", withdrawals.WithdrawalFeed.as_view(), name="withdrawals"),
    path("withdrawals/<int:number>/records", withdrawals.WithdrawalRecords.as_view(), name="withdrawal-records"),
    path(f"{DATASET}/tombstones", withdrawals.DatasetTombstones.as_view(), name="tombstones"),
    path("withdrawal-notices", notices.NoticeList.as_view(), name="notices"),
    path(NOTICE, notices.NoticeDetail.as_view(), name="notice"),
    path(f"{NOTICE}/acknowledge", notices.NoticeAcknowledge.as_view(), name="notice-acknowledge"),
    path(f"{NOTICE}/attest", notices.NoticeAttest.as_view(), name="notice-attest"),
    path(f"{CONTRIBUTION}/withdrawal-answers", notices.ContributionAnswers.as_view(), name="contribution-answers"),
    path(f"{DATASET}/withdrawal-answers", notices.DatasetAnswers.as_view(), name="dataset-answers"),
]
