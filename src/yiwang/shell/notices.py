"""What the next page says once, carried in a signed cookie: a step writes no session for it."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that binds the cookie to this host where HTTPS is served."""

    cookie_name = settings.NOTICE_COOKIE_NAME


class NoticeStorage(FallbackStorage):
    """The cookie; what is too long for it goes into the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
