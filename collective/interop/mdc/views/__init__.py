"""The SDK's routes. A view reads the request, asks a selector or a service, and writes the SDK's format."""
