"""Where django-allauth asks us: what a new account brings along, and what its mail says."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse

from collective.accounts.models import User
from collective.accounts.services import create_personal_organization
from collective.core.addresses import address_of, full_address


class AccountAdapter(DefaultAccountAdapter):
    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:  # noqa: FBT001, FBT002 - allauth's signature
        """The person and the personal organization, or neither."""
        user.name = form.cleaned_data["name"]
        try:
            with transaction.atomic():
                super().save_user(request, user, form, commit=commit)
                create_personal_organization(user=user)
        except IntegrityError:
            # Two sign-ups with one address at the same moment: the second gets the answer that everybody gets.
            raise ImmediateHttpResponse(self.respond_email_verification_sent(request, None)) from None
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Accounts made on the command line get their personal organization when they first come in."""
        create_personal_organization(user=user)
        super().login(request, user)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        """Links in mail lead to SITE_URL, whatever Host header the request came with."""
        return address_of("account_confirm_email", key=emailconfirmation.key)

    def get_reset_password_from_key_url(self, key: str) -> str:
        # The view's pattern takes the two parts apart; allauth builds the address the same way.
        placeholder = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return full_address(placeholder.replace("UID-KEY", key))

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME}: {subject}"

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        links = {
            "signup_url": address_of("account_signup"),
            "password_reset_url": address_of("account_reset_password"),
        }
        if template_prefix.endswith("password_reset_key"):  # here the link is the personal one
            links["password_reset_url"] = context["password_reset_url"]
        ours = {**context, **links, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        message: EmailMessage = super().render_mail(template_prefix, email, ours, headers)
        return message
