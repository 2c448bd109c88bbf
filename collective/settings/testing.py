"""Settings of the test runner: embedded defaults in a folder of their own, cheap passwords, mail in memory.

`DATABASE_URL` chooses the database of a run; nothing else of the developer's environment or `.env` reaches a test.
"""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="collective-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in (
    "REDIS_URL",
    "STORAGE_URL",
    "SITE_URL",
    "SECRET_KEY",
    "PORT",
    "HOST",
    "PAYMENT_RAIL",
    "STRIPE_API_BASE",
    "LOG_JSON",
    "SCANNER",
):
    os.environ.pop(_name, None)
os.environ.update(DATA=_folder, ENV_FILE=os.devnull)

from collective.settings.base import *  # noqa: E402, F403 - everything is taken over, once the environment is set
from collective.settings.base import DATA_DIR, DATABASES  # noqa: E402 - as above

# A file, so that the threads of a live server each have their own connection; its durability is worth nothing here.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        **DATABASES["default"]["OPTIONS"],
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;PRAGMA busy_timeout=20000;",
    }
DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
