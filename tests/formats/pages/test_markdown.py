"""Markdown reading lists."""

from refsync.formats.pages import markdown

READING = """# Reading list
See [the site](https://example.org).

## Kelp
- [Kelp in Noise](https://arxiv.org/abs/2401.00001), Doe et al., 2024
- **Quiet Kelp of the North**, Jane Doe, *KelpConf 2023*. [[Paper](https://doi.org/10.5555/k.1)] [[Code](https://example.org/x)]
- [Contents](#kelp)
1. Moss and Time: A Study [pdf](https://example.org/m.pdf)

| Title | Venue | Link |
|---|---|---|
| Ferns That Listen Well | FernConf 2022 | [arXiv](https://arxiv.org/abs/2201.00001) |
"""


def test_what_a_reading_list_links_to() -> None:
    snapshot = markdown.read(READING.encode(), "r.md")
    assert [(r.line, r.get("title"), r.get("doi", "eprint", "url"), r.get("year")) for r in snapshot.records] == [
        (5, "Kelp in Noise", "2401.00001", "2024"),
        (6, "Quiet Kelp of the North", "10.5555/k.1", "2023"),
        (8, "Moss and Time: A Study", "https://example.org/m.pdf", ""),
        (12, "Ferns That Listen Well", "2201.00001", "2022"),
    ]
    assert {record.get("groups") for record in snapshot.records} == {"Kelp"}
    assert snapshot.records[0].get("note") == "Doe et al., 2024"


AWESOME = """# Awesome Kelp [![badge](https://img.example/a.svg)](https://example.org)

- Algae
  - [Kelp in Noise and Tide](https://arxiv.org/abs/2401.00001) - *Jane Doe et al.*, KelpConf 2024. [[code]](https://example.org/c)
    - follow-up: [Quiet Kelp of the North](https://doi.org/10.5555/k.2)
- [Moss and Time Apart](https://doi.org/10.5555/m.1), [Ferns That Listen Well](https://arxiv.org/abs/2201.00002)
- https://arxiv.org/abs/2301.00003
- <https://doi.org/10.5555/k.4>
- **Lichen in the Long Winter** [![arXiv](https://img.example/b.svg)](https://arxiv.org/abs/2201.00005)
"""


def test_an_awesome_list() -> None:
    snapshot = markdown.read(AWESOME.encode(), "README.md")
    assert [(r.line, r.get("title"), r.get("doi", "eprint")) for r in snapshot.records] == [
        (4, "Kelp in Noise and Tide", "2401.00001"),
        (5, "Quiet Kelp of the North", "10.5555/k.2"),
        (6, "Moss and Time Apart", "10.5555/m.1"),
        (6, "Ferns That Listen Well", "2201.00002"),
        (7, "", "2301.00003"),
        (8, "", "10.5555/k.4"),
        (9, "Lichen in the Long Winter", "2201.00005"),
    ]
