"""Doing the work that a test's actions left behind, in the test's own process."""

from collective.core.jobs.drain import drain as run_all_jobs

__all__ = ["run_all_jobs"]
