"""Django's settings, all derived from the table in ``env.py`` and the folder it names."""

import secrets
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from yiwang.algorithms.secrets_kept import keep_secret
from yiwang.kernel.people.sign_in_rules import SECOND_FACTOR as SECOND_FACTOR_CHOICES

from . import env
from .database import postgresql
from .logs import logging_of

DATA = env.data_folder()
PACKAGE = Path(__file__).resolve().parent.parent


def _secret(name: str) -> str:
    """A key of this instance, made once and kept in the data folder."""
    path = DATA / "keys" / name
    there = path.exists()
    if not there or not path.stat().st_size:  # an empty one, left by a power cut, opens nothing
        keep_secret(path, secrets.token_urlsafe(48).encode(), first=not there)
    return path.read_text()


def _database(url: str) -> dict[str, object]:
    """Django's description of a database from ``postgresql://user:password@host:port/name``."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "yiwang.sqlite3",
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
                # The background worker moves the log into the file, so that no page waits for it;
                # at this many pages of 4 KB whoever writes does it.
                "PRAGMA wal_autocheckpoint=16000;",
            },
        }
    return postgresql(url)


SECRET_KEY = _secret("signing")
DEBUG = env.read("YIWANG_DEBUG") == "1"
ALLOWED_HOSTS = env.read("YIWANG_ALLOWED_HOSTS").split(",")
ADDRESS = env.read("YIWANG_ADDRESS").rstrip("/")
OUTGOING_HOSTS = [host for host in env.read("YIWANG_OUTGOING_HOSTS").split(",") if host]
DATABASES = {"default": _database(env.read("YIWANG_DATABASE"))}
if env.read("YIWANG_DATABASE_REPLICA"):
    DATABASES["replica"] = postgresql(env.read("YIWANG_DATABASE_REPLICA"))
    DATABASE_ROUTERS = ["yiwang.shell.replica.Reads"]

PRACTICES = ["yiwang.practices.events"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "csp",
    "yiwang.kernel",
    "yiwang.shell",
    *PRACTICES,
]

MIDDLEWARE = [
    "yiwang.shell.policy.PolicyMiddleware",
    "yiwang.shell.plain_http.PlainHttpMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yiwang.shell.request_log.RequestLogMiddleware",
    "yiwang.shell.policy.KeepNothingMiddleware",
    "yiwang.shell.session_end.EndedSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yiwang.shell.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "yiwang.shell.replica.WrittenMiddleware",
    "yiwang.shell.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "yiwang.config.urls"
WSGI_APPLICATION = "yiwang.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "csp.context_processors.nonce",
                "yiwang.shell.context.frame",
            ],
            "builtins": ["yiwang.shell.templatetags.words"],
        },
    },
]

AUTH_USER_MODEL = "kernel.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "yiwang.shell.known.KnownBackend",
]
PASSWORD_HASHERS = ["yiwang.kernel.people.hashers.TownArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
     "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("account", "name")}},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "yiwang.shell.static_files.HashedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILES = DATA / "files"
_backup = env.read("YIWANG_BACKUP")
BACKUP = Path(_backup).expanduser().resolve() if _backup else None

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

_logs = env.read("YIWANG_LOGS")
LOGS = Path(_logs).expanduser().resolve() if _logs else DATA / "logs"
LOG_DAYS = max(183, int(env.read("YIWANG_LOG_DAYS")))  # 网络安全法 §21: six months at least
LOGGING = logging_of(LOGS, env.read("YIWANG_SYSLOG"))

WORDS_KEPT = max(30, int(env.read("YIWANG_WORDS_KEPT")))  # days; a case may be reopened for 30

SECOND_FACTOR = env.one_of("YIWANG_SECOND_FACTOR", SECOND_FACTOR_CHOICES)

SESSION_ENGINE = "yiwang.shell.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
_https = env.read("YIWANG_HTTPS") == "1"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
# The proxy in front ends the TLS and says so, in place of whatever the caller wrote there.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
HOST_ONLY = "__Host-" if _https else ""  # a cookie named so is taken from this host alone
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_ONLY}sessionid", f"{HOST_ONLY}csrftoken"
LANGUAGE_COOKIE_NAME = f"{HOST_ONLY}language"
CSRF_COOKIE_HTTPONLY = True
NOTICE_COOKIE_NAME = f"{HOST_ONLY}messages"
MESSAGE_STORAGE = "yiwang.shell.notices.NoticeStorage"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time shown to the reader stands
AXES_DISABLE_ACCESS_LOG = True  # the trail has every sign-in
# Locking by account sums over all devices; adding the address would lock an office behind a router.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_LOCKOUT_TEMPLATE = "shell/locked_out.html"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
