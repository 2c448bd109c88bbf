"""Licensing's pages and the panels it draws on other apps' pages."""
