"""Tables as databases, reference managers and screening tools export them, with all columns; texts are invented."""

import csv
import io

from tests.formats.samples.database_tables import DATABASE_TABLES
from tests.formats.samples.software_tables import SOFTWARE_TABLES

ABOUT = (
    '"About the data: Exported on Mar 07, 2024. Criteria: ""moss"" in title; Publication Year is 2020. '
    '© 2024 Digital Science, see https://app.dimensions.ai"\r\n'
)
TABLES = {**DATABASE_TABLES, **SOFTWARE_TABLES}
"""Lines of a column's name and value by the name of the exporter."""


def as_csv(name: str) -> str:
    pairs = [line.partition(" =") for line in TABLES[name].splitlines()]
    stream = io.StringIO(newline="")
    table = csv.writer(stream, delimiter="\t" if "tabs" in name else ",")
    table.writerows([[pair[0] for pair in pairs], *[[pair[2].strip() for pair in pairs]] * 2])
    return (ABOUT if name == "Dimensions" else "") + stream.getvalue()
