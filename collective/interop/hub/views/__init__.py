"""The Hub's routes. A view reads the request, asks a selector or a service, and writes the Hub's format."""
