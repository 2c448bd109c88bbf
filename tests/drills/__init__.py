"""Drills: faults on a real instance, run by hand because they take minutes. See CONTRIBUTING.md."""
