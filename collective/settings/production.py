"""Production: the embedded defaults, and a refusal to start on anything unsafe. One sentence per reason."""

from collective.settings.base import *  # noqa: F403 - everything is taken over and then looked at
from collective.settings.base import DEFAULT_FROM_EMAIL, SITE_ORIGIN, env
from collective.settings.logs import configure_logging
from collective.settings.safety import refuse_unsafe

refuse_unsafe(env)

configure_logging(env.str("LOG_LEVEL", "INFO"), as_json=env.bool("LOG_JSON", True))

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
_mail = env.dj_email_url("EMAIL_URL")
EMAIL_HOST = _mail["EMAIL_HOST"]
EMAIL_PORT = _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOAD_SAMPLE = False
# The address that people see is https (checked above); the proxy in front says so with every request.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# The health check of a container speaks plain HTTP on its own machine.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [SITE_ORIGIN]
