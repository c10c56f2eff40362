"""Dates of CSL: lists of parts, seasons, `circa`, raw and literal ones."""

import re
from collections.abc import Mapping
from typing import Any

from refsync.formats.common.field_values import split_date
from refsync.text.dates import SEASONS, date_of, is_edtf, to_edtf, year_month_day
from refsync.text.months import MONTH_NAMES

_PARTS = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_SEASON_NUMBERS = {"1": 21, "2": 22, "3": 23, "4": 24, "21": 21, "22": 22, "23": 23, "24": 24}


def read_date(value: Any) -> str:
    """A date or range in ISO 8601-2, or as it is written if it has no such form."""
    if not isinstance(value, dict):
        return _date_in_words(_text(value))
    parts = value.get("date-parts")
    dates = [date for part in (parts if isinstance(parts, list) else []) if (date := _date(part))]
    if dates:
        season = _season(value.get("season"))
        if season and len(dates) == 1 and re.fullmatch(r"-?\d{4}", dates[0]):
            dates[0] += f"-{season}"
        circa = "~" if value.get("circa") not in (None, False, 0, "", "false") and len(dates) == 1 else ""
        text = "/".join(dates[:2]) + circa
        return text if is_edtf(text) else " ".join(filter(None, (text, _text(value.get("season")))))
    text = _text(value.get("edtf") or value.get("raw") or value.get("literal"))
    return _date_in_words(text)


def _date_in_words(text: str) -> str:
    year, month, day, rest = split_date(text)
    return to_edtf(text) or ("" if rest else date_of(year, month, day)) or text


def read_issued(value: Any) -> dict[str, str]:
    """BibTeX's fields for a date: `year`, `month` and `day` if they say all of it, else `date`."""
    if isinstance(value, dict) and value.keys() == {"date-parts"}:
        match value["date-parts"]:  # nearly all dates
            case [[int(number)]] if 1000 <= number <= 9999:
                return {"year": str(number)}
            case [[int(number), int(of_year)]] if 1000 <= number <= 9999 and 1 <= of_year <= 12:
                return {"year": str(number), "month": MONTH_NAMES[of_year - 1]}
    date = read_date(value)
    if not is_edtf(date):
        return {"year": date} if date else {}
    year, month, day = year_month_day(date)
    if year.isdecimal():
        return {name: text for name, text in (("year", year), ("month", month), ("day", day)) if text}
    return {"date": date}


def written_date(date: str) -> dict[str, Any] | None:
    """A date in ISO 8601-2 as CSL has it; None if CSL cannot say all of it."""
    if not is_edtf(date) or date[-1] in "?%":
        return None
    circa, date = date.endswith("~"), date.removesuffix("~")
    found = [_PARTS.fullmatch(part) for part in date.split("/")]
    if not all(found) or (circa and len(found) > 1):
        return None
    parts = [[int(part) for part in one.groups() if part] for one in found if one]
    written: dict[str, Any] = {"date-parts": parts}
    if len(parts[0]) > 1 and parts[0][1] > 12:
        if len(parts) > 1:
            return None
        written = {"date-parts": [parts[0][:1]], "season": parts[0][1] - 20}
    if circa:
        written["circa"] = True
    return written


def take_issued(fields: dict[str, str]) -> dict[str, Any] | None:
    """The date of these fields as CSL has it; the fields that it covers are removed."""
    year, month, day = (fields.get(name, "") for name in ("year", "month", "day"))
    given = fields.get("date", "") or date_of(year, month, day)
    written = written_date(given)
    if written:
        for name in ("date", "year", "month", "day"):
            if name == "date" or not fields.get("date") or date_of(year, month, day) == given:
                fields.pop(name, None)
        return written
    start = re.match(r"\d{4}(?!\d)", given or year)
    if not start and not year:
        return None
    if not start or (not month and not fields.get("date") and year != start[0]):
        literal = {"literal": fields.pop("year")} if year and not fields.get("date") and not month else None
        return literal or ({"date-parts": [[int(start[0])]]} if start else None)
    if month:  # a range of months: its start, the rest stays
        from refsync.text.months import month_and_day

        number, number_of_day, _ = month_and_day(month, day)
        fields.pop("year", None)
        return {"date-parts": [[int(part) for part in (start[0], number, number_of_day) if part]]}
    return {"date-parts": [[int(start[0])]]}


def _date(parts: Any) -> str:
    numbers = [text for part in (parts if isinstance(parts, list) else [parts]) if _is_number(text := _text(part))]
    if not numbers:
        return ""
    year = int(numbers[0])
    date = f"-{-year:04}" if year < 0 else f"{year:04}"
    for text in numbers[1:3]:
        number = int(text)
        if 13 <= number <= 16 and len(date) <= 5:
            number += 8  # seasons, as citeproc writes them
        if not number:
            break
        date += f"-{number:02}"
    return date


def _is_number(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdecimal() and len(text) <= 5


def _season(value: Any) -> int:
    text = _text(value).lower()
    return _SEASON_NUMBERS.get(text) or SEASONS.get(text, 0)


def _text(value: Any) -> str:
    if value is None or isinstance(value, (bool, dict, list)):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()


def other_dates(fields: Mapping[str, str], names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The dates of these fields that CSL can say, by variable."""
    return {variable: written for variable, name in names.items() if (written := written_date(fields.get(name, "")))}
