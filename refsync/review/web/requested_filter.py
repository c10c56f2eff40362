"""Which filter and search a request asks for; what is missing or unknown is the default."""

from collections.abc import Mapping
from typing import Any

from refsync.review.proposed_values import VALUE_FILTERS, ValueFilter
from refsync.review.queue import FILTERS, Filter

_MAX_SEARCH = 200  # characters


def requested_filter(values: Mapping[str, Any]) -> Filter:
    """The filter of questions under `show`."""
    return next((one for one in FILTERS if one == values.get("show")), "uncertain")


def requested_value_filter(values: Mapping[str, Any]) -> ValueFilter:
    """The filter of proposed values under `show`."""
    return next((one for one in VALUE_FILTERS if one == values.get("show")), "pending")


def requested_search(values: Mapping[str, Any]) -> str:
    """The words to search for, under `find`."""
    return str(values.get("find") or "")[:_MAX_SEARCH]
