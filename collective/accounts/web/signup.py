"""What we ask at sign-up besides e-mail and password."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from collective.accounts.models import User


class SignupForm(forms.Form):
    """The base that django-allauth puts its e-mail and password fields on."""

    field_order = ("name", "email", "password1")
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("As others should see it, in any script."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Everything was saved together with the user, by the adapter."""
