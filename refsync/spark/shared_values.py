"""Statistics of a whole library, by hashes: values that unlike titles share, and titles that recur."""

from collections.abc import Iterator

import pyarrow as pa
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql.window import Window

from refsync.dedup.feature_columns import MOST_TITLES, SharedValues, are_unalike, recurs
from refsync.dedup.packed_profiles import unpack
from refsync.spark.encode import IN_MEMORY, KIND, batch_of, bytes_text, in_tasks, text_bytes, text_codes
from refsync.spark.nodes import OCCURRENCES, Nodes, counted_values

_NUMBERS = ("years", "places", "people")
_SHARED_SCHEMA = pa.schema([("kind", pa.int32()), ("value", pa.binary()), ("title", pa.binary())])


def shared_values(nodes: Nodes) -> SharedValues:
    """What depends on the whole library.

    Profiles are read only of nodes that have a value over three titles, or a title of three occurrences: one node for
    each such value and title.
    """
    counted = nodes.keys.where("title is not null").select("node", "title", F.explode("counted").alias("code"))
    kind = F.col("code").bitwiseAND(F.lit(KIND))
    one = F.min("node").alias("node")
    values = counted.where(kind < OCCURRENCES).repartition("code").groupBy("code", "title").agg(one)
    values = values.withColumn("titles", F.count("*").over(Window.partitionBy("code"))).where("titles > 2")
    occurrences = counted.where(kind >= OCCURRENCES).repartition("title").groupBy("title", "code").agg(one)
    numbers = [F.count_if(kind == OCCURRENCES + i).alias(name) for i, name in enumerate(_NUMBERS)]
    titles = occurrences.groupBy("title").agg(one, *numbers).where(F.greatest(*_NUMBERS) > 2)
    wanted = values.select("node", "code").unionByName(titles.select("node", *_NUMBERS), allowMissingColumns=True)
    wanted = wanted.groupBy("node").agg(F.collect_set("code").alias("codes"), *(F.max(n).alias(n) for n in _NUMBERS))
    first = Window.partitionBy("kind", "value").orderBy("title")
    found = (
        nodes.whole.select("node", "profile")
        .join(wanted.hint(IN_MEMORY), "node")
        .select("profile", "codes", *_NUMBERS)
        .transform(in_tasks, _values, "kind int, value binary, title binary")
        .withColumn("rank", F.row_number().over(first))
        .where(F.col("rank") <= MOST_TITLES)
        .groupBy("kind", "value")
        .agg(F.sort_array(F.collect_list("title")).alias("titles"))
        .where((F.col("kind") == OCCURRENCES) | (F.size("titles") > 2))
        .transform(in_tasks, _shared, "kind int, value binary")
    )
    texts: dict[int, set[str]] = {0: set(), 1: set(), OCCURRENCES: set()}
    for row in found.collect():
        texts[row["kind"]].add(bytes_text(bytes(row["value"])))
    return SharedValues(frozenset(texts[0]), frozenset(texts[1]), frozenset(texts[OCCURRENCES]))


def _values(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The values of nodes that may be shared, with their titles; titles that recur."""
    for batch in batches:
        profiles = [*map(unpack, batch["profile"].to_pylist())]
        wanted = [{*codes} for codes in batch["codes"].to_pylist()]
        found: list[tuple[int, bytes, bytes | None]] = []
        for kind in range(OCCURRENCES):
            values = [counted_values(normal)[kind] if normal.title_key else "" for normal in profiles]
            codes = text_codes([kind] * len(values), values).tolist()
            for normal, value, code, own in zip(profiles, values, codes, wanted, strict=True):
                if code in own:
                    found.append((kind, text_bytes(value), text_bytes(normal.title_key)))
        for normal, *numbers in zip(profiles, *(batch[name].to_pylist() for name in _NUMBERS), strict=True):
            if numbers[0] is not None and recurs(normal.title_key, *numbers):
                found.append((OCCURRENCES, text_bytes(normal.title_key), None))
        yield batch_of(found, _SHARED_SCHEMA)


def _shared(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The values whose titles have little in common, and all titles that recur."""
    for batch in batches:
        rows = zip(batch["kind"].to_pylist(), batch["titles"].to_pylist(), strict=True)
        shared = [kind == OCCURRENCES or are_unalike([bytes_text(title) for title in own]) for kind, own in rows]
        yield batch.select(["kind", "value"]).filter(pa.array(shared, pa.bool_()))
