"""What the user's environment says about look-ups. Imports nothing heavy."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

from refsync.enrich.settings import EnrichSettings, Service
from refsync.errors import ConfigError
from refsync.user_folders import cache_folder


def with_environment(settings: EnrichSettings) -> EnrichSettings:
    """The settings with the addresses of services and of the user that the environment has."""
    changes: dict[str, Any] = {
        name: address for name in get_args(Service) if (address := os.environ.get(f"REFSYNC_{name.upper()}_URL"))
    }
    return replace(settings, **changes, contact=os.environ.get("REFSYNC_CONTACT", "") or settings.contact)


def cache_of(settings: EnrichSettings) -> Path:
    """The folder of the cache: the user's, because answers that a project brought would not be a service's.

    Raises:
        ConfigError: there is none.
    """
    if settings.cache:
        return Path(settings.cache)
    own = cache_folder()
    if own is None:
        raise ConfigError("there is no folder for caches", hint="set XDG_CACHE_HOME, or HOME, to a folder of yours")
    return own / "enrich"
