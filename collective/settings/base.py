"""Embedded defaults: every external part is one environment variable, and unset means "inside this folder"."""

from pathlib import Path
from urllib.parse import urlsplit

from environs import Env

from collective.settings.logs import configure_logging
from collective.settings.parts import (
    broker_url,
    cache_settings,
    database_settings,
    scanner_address,
    scanner_stream_bytes,
    store_origins,
    stored_secret,
    writable_folder,
)

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
env.read_env(env.str("ENV_FILE", str(BASE_DIR / ".env")), recurse=False)

# Where the embedded parts keep everything: database, objects, mail, keys, the broker's socket.
DATA_DIR = writable_folder(Path(env.str("DATA", "") or BASE_DIR / "var").resolve())
# `manage.py start` refuses to begin with less free space than this.
MIN_FREE_MB = env.int("MIN_FREE_MB", 500)
# The first start of an empty folder fills it with the sample marketplace.
LOAD_SAMPLE = env.bool("LOAD_SAMPLE", True)
# Where the web server listens; a reverse proxy or a container publishes it under SITE_URL.
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 8)
# Proxies whose word about the visitor's address and scheme is believed.
FORWARDED_ALLOW_IPS = env.str("FORWARDED_ALLOW_IPS", "127.0.0.1")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "") or stored_secret(DATA_DIR / "secret-key")
SITE_NAME = env.str("SITE_NAME", "Data Collective")
SITE_URL = (env.str("SITE_URL", "") or f"http://localhost:{PORT}").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or "localhost"
SITE_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(SITE_URL))
# A site may live under a path of its host: every link that Django makes begins with it.
FORCE_SCRIPT_NAME = urlsplit(SITE_URL).path or None
# Where clients of the Hub look for the dataset viewer of this site.
VIEWER_HOST = f"datasets-server.{SITE_HOST}"
# Where links to the local store lead: another host name of this site, which has nothing but them and knows no cookie.
DATA_ORIGIN = env.str("DATA_ORIGIN", "").rstrip("/")
OWN_HOSTS = [name for name in (VIEWER_HOST, urlsplit(DATA_ORIGIN).hostname) if name]
ALLOWED_HOSTS = [*env.list("ALLOWED_HOSTS", [SITE_HOST, "localhost", "127.0.0.1", "[::1]"]), *OWN_HOSTS]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_ORIGIN])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_linear_migrations",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "csp",
    "collective.core.apps.CoreConfig",
    "collective.accounts.apps.AccountsConfig",
    "collective.catalog.apps.CatalogConfig",
    "ingestion.apps.IngestionConfig",
    "licensing.apps.LicensingConfig",
    "payments.apps.PaymentsConfig",
    "collective.interop.apps.InteropConfig",
    "collective.sample.apps.SampleConfig",
]

MIDDLEWARE = [
    "collective.core.web.prefix.PrefixMiddleware",
    "collective.core.web.middleware.HeadMiddleware",
    "collective.core.web.middleware.RequestIdMiddleware",
    "collective.core.web.origins.DataOriginMiddleware",
    "collective.core.web.origins.CookielessMiddleware",
    "collective.core.web.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "collective.core.web.middleware.DomainErrorMiddleware",
    "collective.interop.viewer.hosts.ViewerHostMiddleware",
]

# For keys and signed links: the store, and what other people's clients ask for. Our own API takes a session as well.
COOKIELESS_PATHS = (
    r"/healthz|/storage/|/delta/|/mdc/|/viewer/|/api/(?!v1/)"
    r"|/datasets/[^/]+/(?:[^/]+/)?resolve/|/datasets/[^/]+/[^/]+\.git/"
)

ROOT_URLCONF = "collective.urls"
WSGI_APPLICATION = "collective.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_settings(env, DATA_DIR)}
REDIS_URL = broker_url(env, DATA_DIR)
EMBEDDED_BROKER = not env.str("REDIS_URL", "")
CACHES = {"default": cache_settings(REDIS_URL)}

# Object store: empty means the folder below; otherwise s3://KEY:SECRET@host:port/bucket (?region=…&secure=0).
STORAGE_URL = env.str("STORAGE_URL", "")
STORAGE_DIR = DATA_DIR / "objects"
# A proxy in front that sends the files of that folder itself: the prefix of its internal location, as in /protected/.
X_ACCEL_PREFIX = env.str("X_ACCEL_PREFIX", "")
DOWNLOAD_URL_SECONDS = env.int("DOWNLOAD_URL_SECONDS", 300)
# How long the first call for an archive may wait while that is made; its client gives up after 60.
MDC_WAIT_SECONDS = env.int("MDC_WAIT_SECONDS", 8)
# How often a job may be given all bytes of a version within one download session (a day); its publisher can raise it.
DOWNLOAD_BUDGET_TIMES = env.int("DOWNLOAD_BUDGET_TIMES", 50)

# Ingestion, in bytes and rows: what uploads may not pass, and what a version's shards aim at.
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", 100 * 1024**3)
CONTRIBUTION_MAX_BYTES = env.int("CONTRIBUTION_MAX_BYTES", 200 * 1024**3)
CONTRIBUTION_MAX_FILES = env.int("CONTRIBUTION_MAX_FILES", 10_000)
# What an organization, and what a person, may hold in uploads; an operator may set another limit for one of them.
ORGANIZATION_QUOTA_BYTES = env.int("ORGANIZATION_QUOTA_BYTES", 1024**4)
PERSONAL_QUOTA_BYTES = env.int("PERSONAL_QUOTA_BYTES", 200 * 1024**3)
OPEN_UPLOADS_PER_PERSON = env.int("OPEN_UPLOADS_PER_PERSON", 800)
OPEN_UPLOADS_PER_ORGANIZATION = env.int("OPEN_UPLOADS_PER_ORGANIZATION", 4000)
# An upload at rest is put away after the first, and its parts are deleted after the second period more.
UPLOAD_EXPIRES_DAYS = env.int("UPLOAD_EXPIRES_DAYS", 7)
UPLOAD_RESTORE_DAYS = env.int("UPLOAD_RESTORE_DAYS", 14)
# Bytes in the incoming store that no upload knows of are left alone for so long.
UPLOAD_ORPHAN_HOURS = env.int("UPLOAD_ORPHAN_HOURS", 48)
# Proof of consent is deleted so long after the last consent that rests on it has ended; its hash stays. Three years are
# the usual time in which a claim can still be made (for one, section 195 of the German civil code).
EVIDENCE_RETENTION_DAYS = env.int("EVIDENCE_RETENTION_DAYS", 1095)
UPLOAD_PART_BYTES = env.int("UPLOAD_PART_BYTES", 16 * 1024**2)
# The malware scanner that every file passes: off, or tcp://host:port or unix:/path of a clamd. After how many seconds
# of silence it counts as away, and how many bytes it takes in one stream (its StreamMaxLength).
SCANNER = scanner_address(env)
SCANNER_SECONDS = env.int("SCANNER_SECONDS", 60)
SCANNER_STREAM_BYTES = scanner_stream_bytes(env)
# A file of lines that is larger is checked by several workers at once, in pieces of about this many bytes.
PIECE_BYTES = env.int("PIECE_BYTES", 64 * 1024**2)
SHARD_TARGET_BYTES = env.int("SHARD_TARGET_BYTES", 100_000_000)
SHARD_TARGET_ROWS = env.int("SHARD_TARGET_ROWS", 1_000_000)

# Jobs: lease and heartbeat of the database queue; Celery only rings the bell.
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 30)
SWEEP_SECONDS = env.int("SWEEP_SECONDS", 5)
WORKER_CONCURRENCY = env.int("WORKER_CONCURRENCY", 2)

# Money: the fee is added to the price; the hold is in days (domain decisions).
PAYMENT_RAIL = env.str("PAYMENT_RAIL", "embedded")
FEE_BPS = env.int("FEE_BPS", 500)
HOLD_DAYS = env.int("HOLD_DAYS", 14)
PAYOUT_CHANGE_HOLD_DAYS = env.int("PAYOUT_CHANGE_HOLD_DAYS", 7)
UNCLAIMED_AFTER_DAYS = env.int("UNCLAIMED_AFTER_DAYS", 1095)
# An organization that pays by invoice has so many days from when it was written.
INVOICE_DAYS = env.int("INVOICE_DAYS", 30)
# Above this a refund, a write-off or a correction takes two operators; 1000 whole units where a currency has no limit.
FINANCE_LIMIT_MINOR: dict[str, int] = env.dict("FINANCE_LIMIT_MINOR", {}, subcast_values=int)
# Stripe (PAYMENT_RAIL=stripe). The API's address is another one only for a stand-in on this machine.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", "")
STRIPE_API_BASE = env.str("STRIPE_API_BASE", "")
STRIPE_WEBHOOK_SECRETS = {
    "snapshot": env.str("STRIPE_SNAPSHOT_SECRET", ""),
    "thin": env.str("STRIPE_THIN_SECRET", ""),
}
# Stripe Tax adds what the buyer's country asks for; the code says what is sold (docs.stripe.com/tax/tax-codes).
STRIPE_TAX = env.bool("STRIPE_TAX", False)
STRIPE_TAX_CODE = env.str("STRIPE_TAX_CODE", "txcd_10000000")

# Licenses: how long a released seat stays empty before another person may take it.
SEAT_COOLING_DAYS = env.int("SEAT_COOLING_DAYS", 7)
# How many days after a license was concluded the address behind its acceptance is deleted; a salted hash stays.
ACCEPTANCE_EVIDENCE_DAYS = env.int("ACCEPTANCE_EVIDENCE_DAYS", 1095)

# Our own log lines are structured; a library's go through the same door. Nothing else configures logging.
LOG_LEVEL = env.str("LOG_LEVEL", "INFO")
LOGGING_CONFIG = None
configure_logging(LOG_LEVEL, as_json=env.bool("LOG_JSON", False))

LANGUAGE_CODE = "en"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGES = [("en", "English")]

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("pico", NODE_MODULES / "@picocss/pico/css"),
    ("uppy", NODE_MODULES / "uppy/dist"),
    ("chart", NODE_MODULES / "chart.js/dist"),
    ("hash-wasm", NODE_MODULES / "hash-wasm/dist"),
    ("fonts/inter", NODE_MODULES / "@fontsource-variable/inter"),
    ("fonts/source-serif", NODE_MODULES / "@fontsource-variable/source-serif-4"),
]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
DEFAULT_FROM_EMAIL = env.str("FROM_EMAIL", "Data Collective <no-reply@localhost>")

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_REDIRECT_URL = "home"

# The broker: a doorbell, not a store. The pins and the values are measured (reliability reference 1.2, 2.1).
# The most that a job may take, by its queue. "long" is for what grows with a file of 100 GB: joining and hashing it.
TASK_SECONDS = {"light": 60, "heavy": 900, "long": 6 * 60 * 60}
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "light"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": int(1.1 * TASK_SECONDS["heavy"] + 60),
    "health_check_interval": 25,
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
    "socket_keepalive": not REDIS_URL.startswith("unix:"),
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 3, "interval_max": 1}

# Accounts (django-allauth): e-mail is the login; a person proves the address before anything else.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the e-mail is unique, by an index on its lower case, which the check overlooks
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "collective.accounts.web.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "collective.accounts.web.signup.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# How many proxies in front of us add to X-Forwarded-For; with none, nobody's header is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
ACCOUNT_RATE_LIMITS = {
    "reset_password": "20/m/ip,1/m/key",
    "confirm_email": "1/m/key",
    # Filed without an account (`accounts/web/limits.py`).
    "ownership_claim": "5/h/ip,20/d/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1
# Passkeys need https; browsers make an exception for this computer only, and so do we.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(SITE_URL).hostname == "localhost"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_HTTPONLY = True

# Public keys of secret scanners that may report keys of ours (JSON as code hosts publish it); empty: nobody may.
DISCLOSURE_KEYS_FILE = env.str("DISCLOSURE_KEYS_FILE", "")

# The API: strict in, problem+json out (`core/api`). Limits are requests per minute of one caller.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "collective.accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "collective.accounts.api.permissions.HasScope",
    ],
    "DEFAULT_PARSER_CLASSES": ["collective.core.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_CLASSES": ["collective.core.api.throttling.CallerThrottle"],
    "DEFAULT_PAGINATION_CLASS": "collective.core.api.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "collective.core.api.problem.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
API_LIMITS = {
    "anonymous": env.int("API_LIMIT_ANONYMOUS", 300),
    "user": env.int("API_LIMIT_USER", 3000),
    # Per key: a training job asks once or twice per shard, and once per range when it streams.
    "hub": env.int("API_LIMIT_HUB", 12_000),
    # Per key, of the links to the local store: once per range that is read.
    "links": env.int("API_LIMIT_LINKS", 12_000),
    # Per key: an upload asks once for each of up to 10,000 parts.
    "mdc": env.int("API_LIMIT_MDC", 12_000),
}
SPECTACULAR_SETTINGS = {
    "TITLE": SITE_NAME,
    "VERSION": "1",
    "DESCRIPTION": "Errors are application/problem+json (RFC 9457) with a stable `code`.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVERS": [{"url": SITE_URL}],
}

# What a page may load and where it may lead: nothing inline, nothing from elsewhere but the object store.
STORE_ORIGINS = store_origins(STORAGE_URL)
# A form of ours may lead on to these pages of the payment service.
PAYMENT_PAGES = [STRIPE_API_BASE] if STRIPE_API_BASE else ["https://checkout.stripe.com", "https://connect.stripe.com"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "media-src": ["'self'", *STORE_ORIGINS],
        "connect-src": ["'self'", *STORE_ORIGINS],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'", *PAYMENT_PAGES],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    },
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.startswith("https://") else 0
CSRF_FAILURE_VIEW = "collective.core.web.errors.csrf_failed"
