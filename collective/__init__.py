"""Data Collective: a marketplace for licensed AI training data."""

from collective.celery import app as celery_app

__all__ = ["celery_app"]
