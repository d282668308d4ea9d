"""Settings of an instance with one practice more: what the recipe's line in PRACTICES does."""

from pathlib import Path

import yiwang.practices

# In the real recipe the folder lies in src/yiwang/practices; here it is lent from the tests.
yiwang.practices.__path__.append(str(Path(__file__).parent))

from yiwang.config.settings import *  # noqa: E402, F403
from yiwang.config.settings import INSTALLED_APPS as APPS  # noqa: E402

INSTALLED_APPS = [*APPS, "yiwang.practices.lamps"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
