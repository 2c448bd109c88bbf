"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "collective.accounts"
    label = "accounts"
    verbose_name = "Accounts"
