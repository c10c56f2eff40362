"""Invented records for benchmarks of formats."""

from refsync.records import Record

WORDS = "moss kelp tide wall patience stone harbour winter algae drift lichen shore granite ebb current reef".split()


def generated_records(count: int) -> list[Record]:
    """Records of eleven fields, with an abstract of 150 words each."""
    records = []
    for number in range(count):
        word = [WORDS[(number * 7 + step * step) % len(WORDS)] for step in range(150)]
        fields = {
            "author": f"Doe, Jane and Roé, Max and Poe, {word[0].title()} and {{Centre for {word[1]} and Moss}}",
            "title": " ".join(word[:9]).capitalize(),
            "journal": f"Journal of {word[2].title()}",
            "year": str(1980 + number % 45),
            "volume": str(number % 90 + 1),
            "number": str(number % 12 + 1),
            "pages": f"{number}--{number + 9}",
            "doi": f"10.1000/{word[3]}.{number}",
            "issn": "1234-5679",
            "keywords": ", ".join(dict.fromkeys(word[4:9])),
            "abstract": " ".join(word).capitalize() + ".",
        }
        records.append(Record(source="generated", index=number + 1, id=f"k{number}", type="article", fields=fields))
    return records
