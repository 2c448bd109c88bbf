"""Pure rules of the catalog: no Django, no SDK."""
