"""Delta Sharing's routes. A view reads the request, asks a selector or a service, and writes Delta's format."""
