"""Settings of look-ups."""

import pytest

from refsync.enrich.settings import EnrichSettings
from refsync.errors import ConfigError


@pytest.mark.parametrize("contact", ["nobody", "a@b.c\r\nX-Evil: 1", "jörg@example.org", "me@here"])
def test_an_invalid_contact_is_refused(contact: str) -> None:
    with pytest.raises(ConfigError, match="contact"):
        EnrichSettings(contact=contact)
