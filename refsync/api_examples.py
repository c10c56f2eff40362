r"""Examples of the Python API. They run as a test, and are shown in docs/python.md.

>>> import refsync
>>> from pathlib import Path
>>> _ = Path("a.bib").write_text('''
... @article{doe2020, title = {The Patience of Moss on Northern Walls}, author = {Doe, Jane and Roe, Richard},
...   journal = {Journal of Moss}, year = 2020, volume = 7, pages = {11--19}, doi = {10.5555/moss.7}}
... @misc{kelp, title = {Kelp in Noise}, author = {Poe, Ann}, year = 2021}
... ''')
>>> _ = Path("b.ris").write_text('''TY  - JOUR
... TI  - The patience of moss on northern walls
... AU  - Doe, Jane
... AU  - Roe, Richard
... JO  - Journal of Moss
... PY  - 2020
... VL  - 7
... SP  - 11
... EP  - 19
... ER  -
... ''')

Read files; bytes and file objects too. An input that cannot be read is an error, unless errors="collect".

>>> reading = refsync.read_sources(["a.bib", Path("b.ris")])
>>> [record.id for record in reading.records]
['doe2020', 'kelp', '#1']
>>> refsync.read_sources("gone.bib")
Traceback (most recent call last):
refsync.errors.SourceError: gone.bib: no such file; the folder . has no similar file
>>> refsync.read_sources(["a.bib", "gone.bib"], errors="collect").failed
True
>>> [record.get("title") for record in refsync.read_sources(b"@misc{x, title = {Dune}}", "bibtex").records]
['Dune']

Duplicates, with the evidence; and why two records are one paper.

>>> found = refsync.find_duplicates(reading.records)
>>> [cluster.members for cluster in found.clusters]
[(0, 2)]
>>> [pair.fields[0].field for pair in found.clusters[0].evidence]
['title']
>>> refsync.explain_pair(reading.records[0], reading.records[2]).verdict
'same'

Data frames, of pandas, polars or pyarrow; groups, pairs, records, areas, findings and plans.

>>> print(refsync.to_frame(found, reading.records)[["group", "verdict", "source", "id"]].to_string(index=False))
 group verdict source      id
     0    same  a.bib doe2020
     0    same  b.ris      #1
>>> pairs = refsync.to_frame(found, reading.records, "polars", pairs=True)
>>> pairs.select("id_a", "id_b", "title_similarity").rows()
[('doe2020', '#1', 1.0)]

Research areas of each record, with their probabilities.

>>> [tagging.primary or "uncertain" for tagging in refsync.tag_records(reading.records[1:2])]
['uncertain']

What the rules find.

>>> [(finding.code, finding.line, finding.key) for finding in refsync.check_files("a.bib", select=["RS5"])]
[]

Plan, apply, undo. A plan whose inputs failed is refused, and so is an empty one over a file that holds entries.

>>> plan = refsync.make_plan(reading.records, found, reading.problems)
>>> [(entry.record.id, entry.record.get("doi")) for entry in plan.entries]
[('doe2020', '10.5555/moss.7'), ('kelp', '')]
>>> run = refsync.apply_plan(plan, "library.bib", reading.digests)
>>> [record.id for record in refsync.read_sources("library.bib").records]
['doe2020', 'kelp']
>>> empty = refsync.make_plan([], refsync.Deduplication())
>>> refsync.apply_plan(empty, "library.bib")
Traceback (most recent call last):
refsync.errors.ConfigError: the plan has no entry, and library.bib holds 2; nothing was written
>>> [path.name for path in refsync.undo(run)]
['library.bib']
>>> Path("library.bib").exists()
False

Other formats.

>>> print(refsync.render_records(reading.records[1:2], "ris").decode().splitlines()[0])
TY  - GEN
>>> run = refsync.write_records(reading.records, "library.json", "csljson")
>>> len(refsync.read_sources("library.json").records)
3
"""
