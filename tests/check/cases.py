"""The smallest texts that violate each rule, with the places of the findings, and texts that only look as if."""

from typing import Any

CASES: list[Any] = [
    ("RS001", "@misc{a}\n% refsync: ignore[RS001]\n\n@misc{b}", [(2, 1, "")]),
    ("RS002", "@misc{a}\n% refsync: ignore\n@misc{b}", [(2, 1, "")]),
    (
        "RS101",
        "@book{a, title={Moss}, author={Roe, R.}, year=2001, isbn={0-306-40615-2}}\n"
        "@book{b, title={Moss}, author={Roe, R.}, year=2001, isbn={978-0-306-40615-7}}",
        [(2, 7, "b")],
    ),
    (
        "RS102",
        "@article{a, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and Roe, R.}, journal={J. Kelp}, "
        "year=2001, volume=4, pages={1--9}}\n@article{\n  b, title={Tidal growth of kelp on basalt}, "
        "author={Doe, J. and Roe, R.}, journal={J. Kelp}, year=2001, volume=4, pages={1--9}}",
        [(3, 3, "b")],
    ),
    (
        "RS104",
        "@article{a, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and Roe, R.}, journal={J. Kelp}, "
        "year=2001, volume=4, pages={1--9}}\n@misc{b, title={Tidal Growth of Kelp on Basalt}, author={Doe, Jane and "
        "Roe, R.}, year=2001, eprint={2101.00001}, archiveprefix={arXiv}}",
        [(2, 7, "b")],
    ),
    (
        "RS105",
        "@article{a, title={Tidal Growth of Kelp}, author={Doe, Jane}, year=2001, doi={10.5555/1}}\n@article{b, "
        "title={Old Moss on Basalt}, author={Roe, Mia}, year=2011, doi={https://doi.org/10.5555/1}}",
        [(2, 10, "b")],
    ),
    (  # a part and its whole, two parts of one whole, one paper under two identifiers
        "RS105",
        "@book{a, title={Shores: Kelp and Moss}, editor={Doe, Jane}, year=2001, doi={10.5555/1}}\n"
        "@incollection{b, title={Old Moss}, author={Roe, Mia}, booktitle={Shores}, year=2001, doi={10.5555/1}}\n"
        "@incollection{c, title={Young Kelp}, author={Poe, Mia}, booktitle={Shores}, year=2001, doi={10.5555/1}}\n"
        "@misc{d, title={Weed}, author={Poe, Mia}, year=2001, eprint={1}, doi={10.5555/2}}\n"
        "@misc{e, title={Tides}, author={Moe, Mia}, year=2001, eprint={1}, doi={10.5555/3}}",
        [],
    ),
    ("RS201", "@misc{a, title={Moss}}\n@misc{a, title={Kelp}}", [(2, 7, "a")]),
    ("RS202", "@misc{a, title={Moss}}\n@misc{A, title={Kelp}}", [(2, 7, "A")]),
    (
        "RS203",
        "@misc{a, title={Moss}, crossref={b}}\n@misc{c, title={Kelp}, xdata={a, d}}",
        [(1, 34, "a"), (2, 34, "c")],
    ),
    ("RS203", "@misc{a, title={Moss}, crossref={B}}\n@misc{b, ids={e}, title={Kelp}, related={e}}", []),
    (
        "RS206",
        "@misc{a, ids={b}}\n@misc{b, ids={c, b}}\n@misc{d, ids={C}}",
        [(1, 7, "a"), (3, 7, "d")],
    ),
    (
        "RS207",
        "@misc{Moss, ids={Kelp}, related={Moss, kelp}}\n@misc{b, crossref={moss}}\n@misc{c, xref={none}}",
        [(1, 40, "Moss"), (2, 20, "b")],
    ),
    ("RS301", "@misc{a, title={Moss}\n@misc{b, title={Kelp}}", [(2, 1, "a")]),
    ("RS301", "@misc{a, title={Moss}}\n@misc b,\n  title={Kelp}}\n@{c, title={Tide}}", [(2, 1, ""), (4, 1, "")]),
    (
        "RS302",
        "@misc{a,\n  title={Moss}\n  year=2001,, note={x}\n}\n@misc{title={Kelp}}",
        [(2, 15, "a"), (3, 13, "a"), (5, 7, "")],
    ),
    ("RS303", "@misc{a, title={Moss},\n  Title={Kelp}}", [(2, 3, "a")]),
    ("RS304", "@misc{a, note=x}\n@string{x={X}}\n@misc{b, note=x}", [(1, 15, "a")]),
    (
        "RS304",
        '@string{jm = "J. Moss"}\n@misc{a, journal=JM, month=jan, note=kelp # " and " # kelp, series=tcs}',
        [(2, 38, "a")],
    ),
    (
        "RS305",
        "@misc{a, note={=======\n=======\n}}\n<<<<<<< HEAD\n@misc{b, title={x}}\n=======\n@misc{b, title={y,\n"
        ">>>>>>> kelp\n}}\n>>>>>>> moss\n<<<<<<<< eight",
        [(4, 1, ""), (10, 1, "")],
    ),
    ("RS305", "=======\n% <<<<<<<\n@misc{a, note={a\n >>>>>>> b\n=======\n>>>>>>>>\n}}", []),
    ("RS401", b"@misc{a, title={M\xc3\xb6ss \xc3\xa9}}\n@misc{b, title={K\xe9lp}}", [(2, 18, "b")]),
    ("RS401", b"@misc{b, title={K\xe9lp}}", []),
    ("RS402", "@misc{a, title={MÃ¼ller â€“ Kelp}}\n@misc{b, title={M\ufffdss}}", [(1, 18, "a"), (2, 18, "b")]),
    (
        "RS403",
        "@misc{a, title={Mu\u0308ller and E\u0301cole}}\n@misc{b, title={Müller x\u0304}, file={u\u0308.pdf}}\n",
        [(1, 18, "a")],
    ),
    ("RS402", "@misc{a, title={Ação NÃO «À» £5 à la Ärzte, Åse‘s}}", []),
    (
        "RS501",
        "@misc{a, doi={https://doi.org/10.5555/1}}\n@misc{b, doi={10/1}}\n@misc{c, doi={10.5555/a_b}}"
        "\n@misc{d, doi={10.5555/a\\_b}}\n@misc{e, doi={}}",
        [(1, 15, "a"), (2, 15, "b")],
    ),
    (
        "RS502",
        "@book{a, isbn={0-306-40615-3}}\n@book{b, isbn={978-0-306-40615-7}}\n@misc{c, issn={1234-5678}}"
        "\n@misc{d, issn=03784371}",
        [(1, 16, "a"), (3, 16, "c")],
    ),
    (
        "RS503",
        "@misc{a, eprint={21.1}, eprinttype={arXiv}}\n@misc{b, eprint={hep-th/9901001v2}, archiveprefix={arXiv}}"
        "\n@misc{c, eprint={21.1}, eprinttype={hdl}}\n@misc{d, eprint={2101.0001}, eprinttype={arxiv}}"
        "\n@misc{e, eprint={0704.0001}, eprinttype={arxiv}}\n@misc{f, eprint={1300.0001}, eprinttype={arxiv}}",
        [(1, 18, "a"), (4, 18, "d"), (6, 18, "f")],
    ),
    (
        "RS504",
        "@misc{a, year=98}\n@misc{b, year={in press}}\n@misc{c, year={c. 1850}}\n@misc{d, date={2024-13-01}}"
        "\n@misc{e, date={2023-05/2024}}\n@misc{f, date={1990~}}",
        [(1, 15, "a"), (4, 16, "d")],
    ),
    (
        "RS505",
        "@misc{a, pages={99--12}}\n@misc{b, pages={1234--45}}\n@misc{c, pages={12--}}\n@misc{d, pages={xi--xv}}"
        "\n@misc{e, pages={3, 9--12, 14}}\n@misc{f, pages={e12}}",
        [(1, 17, "a"), (3, 17, "c")],
    ),
    (
        "RS506",
        "@misc{a, author={Doe, Jane and and Roe, R.}}\n@misc{b, editor={and Doe, Jane}}\n@misc{c, author={Doe and}}\n"
        "@misc{d, author={Doe, J., Roe, R., Poe, E.}}\n@misc{e, author={Doe, Jane; Roe, Rita}}\n"
        "@misc{f, author={J. Doe & R. Roe}}\n@misc{g, author={Doe, J. \\& Roe, R.}}",
        [(1, 18, "a"), (2, 18, "b"), (3, 18, "c"), (4, 18, "d"), (5, 18, "e"), (6, 18, "f"), (7, 18, "g")],
    ),
    (
        "RS506",
        "@misc{a, author={{Doe, Roe, Poe, Moe and} and Roe, Jr., R.}}\n@misc{b, author={Anderson, Roe and others}}\n"
        "@misc{c, author={Kelp \\& Sons and AT\\&T and R&eacute;my, R. and R\\&\\#233;my, R.}}\n"
        "@misc{d, author={family=Roe, given=R., prefix=van der, useprefix=true and {A; B}}}\n"
        "@misc{e, author={Ministry of Kelp \\& Moss Research and {\\'E}. {and} Land}}\n@misc{f, author={}}",
        [],
    ),
    (
        "RS506",
        "@misc{a, author={Müller, Jörg und Weiß, Anna}}\n@misc{b, author={Иванов, И. И. и Петров, П.}}\n"
        "@misc{c, author={García Márquez, Gabriel y Vargas, M.}}\n@misc{d, author={J. Doe und A. Roe and Poe, E.}}\n"
        "@misc{e, author={Ortega y Gasset, José and Doe, Jr., John and von und zu Kelp, Hans-Adam}}\n"
        "@misc{f, author={Ministerium für Tang und Moos and {Verband für Tang, Moos und Watt, Husum}}}\n"
        "@misc{g, author={Roe e Silva, Ana and Doe, Jane}}",
        [(1, 18, "a"), (2, 18, "b"), (3, 18, "c"), (4, 18, "d")],
    ),
    (
        "RS507",
        "@misc{a, author={Doe, J. and others and Roe, R.}}\n@misc{b, author={Doe, J. and others}}",
        [(1, 18, "a")],
    ),
    ("RS506", "@misc{a, author={Doe,, Jane}}\n@misc{b, author={Doe, {}, Jane}}", [(1, 18, "a")]),
    (
        "RS507",
        "@misc{a, author={Doe, J. et al.}}\n@misc{b, author={A. and Roe, R.}}\n"
        "@misc{c, author={Doe, Etal and others}}\n@misc{d, editor={{Kelp et al.} and Moss}}\n"
        "@misc{e, author={J. R. R.}}",
        [(1, 18, "a"), (2, 18, "b"), (5, 18, "e")],
    ),
    (
        "RS508",
        "@misc{a, month=13}\n@misc{b, month={none}}\n@misc{c, month=jan # {~5}}\n@misc{d, month={Mai--Juli}}\n"
        "@misc{e, month={10--12}}\n@misc{f, month={Trinity term}}\n@misc{g, month={март}}\n@misc{h, month={}}",
        [(1, 16, "a"), (2, 17, "b")],
    ),
    (
        "RS509",
        "@misc{a, date={2020-01}, year=2019}\n@misc{b, date={2019/2021}, year=2020}\n"
        "@misc{c, date={2020}, year={2020}}\n@misc{d, date={2020}, year={in press}}\n@misc{e, date={May}, year=2020}",
        [(1, 31, "a")],
    ),
    (
        "RS504",
        "@misc{a, urldate={May 2020}}\n@misc{b, urldate={2020-05-01}}\n@misc{c, eventdate={2/3}}",
        [(1, 19, "a"), (3, 21, "c")],
    ),
    (
        "RS510",
        "@misc{a, url={\\url{https://example.org/a}}}\n@misc{b, url={www.example.org}}\n"
        "@misc{c, url={https://example.org/a b}}"
        "\n@misc{d, url={kelp}}\n@misc{e, url={https://example.org/a_b%20c}}\n@misc{f, url={ftp://example.org}}\n"
        "@misc{g, url={}}\n@misc{h, url={/home/kelp.pdf}}",
        [(1, 15, "a"), (2, 15, "b"), (3, 15, "c"), (4, 15, "d")],
    ),
    (
        "RS511",
        "@book{a, edition=2, year=1}\n@book{b, edition={Second edition}, year=1}\n@book{c, edition={Second}, year=1}\n"
        "@book{d, edition={Revised}, year=1}\n@book{e, edition={2nd}, year=1}",
        [(1, 18, "a"), (2, 19, "b")],
    ),
    (
        "RS511",
        "@book{a, edition={2nd}, date=1}\n@book{b, edition={Second}, date=1}\n@book{c, edition=2, date=1}\n"
        "@book{d, edition={Revised edition}, date=1}",
        [(1, 19, "a"), (2, 19, "b")],
    ),
    ("RS601", "@inproceedings{a, author={x}, title={Moss}, crossref={elsewhere}}", []),  # unknown what it inherits
    (
        "RS601",
        "@inproceedings{a, author={x}, title={Moss}, crossref={alias}}\n"
        "@proceedings{b, ids={alias}, title={K}, date=1}",
        [],
    ),
    ("RS602", "@misc{a, title={Moss &amp; Kelp}, journal={A &amp; B & C}}", [(1, 54, "a")]),  # &amp; is RS605's
    (
        "RS603",
        "@artcle{a}\n@Inproceding{b}\n@ebook{c}\n@game{d}\n@bookinthesis{e}\n@mics{f}",
        [(1, 1, "a"), (2, 1, "b"), (6, 1, "f")],
    ),
    (
        "RS604",
        "@misc{a, titel={Moss}, auhtor={Roe}}\n@misc{b, title={Moss}, titel={Kelp}}\n"
        "@misc{c, xurl={x}, url2={y}, my-note={z}}\n"
        "@misc{d, jornal={x}, journaltitle={y}}\n@misc{e, titel={}}",
        [(1, 10, "a"), (1, 24, "a")],
    ),
    (
        "RS605",
        "@misc{a, title={Moss &amp; Kelp}}\n@misc{b, title={Moss <i>alba</i>}}\n@misc{c, url={https://example.org?a&amp;b}}\n"
        "@misc{d, author={M\\&\\#252;ller, M.}}",
        [(1, 17, "a"), (2, 17, "b"), (3, 15, "c"), (4, 18, "d")],
    ),
    (
        "RS605",
        "@misc{a, title={R\\&D; AT\\&T <k> $a<i>b$}, url={https://example.org?a&b;c}, abstract={x <b>y</b>}}",
        [],
    ),
    (
        "RS606",
        "@misc{a, title={KELP AND MOSS ON BASALT}}\n@misc{b, title={{KELP AND {\\'E}TUDES}}}\n"
        "@misc{c, title={KELP 2001}}\n"
        "@misc{d, title={Kelp AND MOSS ON BASALT}}\n@misc{e, title={海藻と苔の研究について}}",
        [(1, 17, "a"), (2, 17, "b")],
    ),
    (
        "RS607",
        "@misc{a, file={none.pdf}}\n@misc{b, file={:refs.bib:PDF}}\n@misc{c, file={refs.bib}}\n"
        "@misc{d, file={Full Text:refs.bib:application/pdf;Other:gone\\:1.pdf:x}}\n@misc{e, pdf={https://example.org/x.pdf}}",
        [(1, 16, "a"), (4, 16, "d")],
    ),
    (
        "RS608",
        "@misc{a, title={Moss \\input{/etc/passwd}}}\n@misc{b, note={\\csname input\\endcsname x}}\n"
        "@string{s = {\\directlua{x}}}\n@preamble{{\\openin 1}}\n@misc{c, note={$x^^5cinput$}}\n"
        "@misc{d, note={\\begin{filecontents}{x}}}\n@misc{e, note={\\href{run:x}{y}}}",
        [(1, 22, "a"), (2, 16, "b"), (3, 14, ""), (4, 12, ""), (5, 18, "c"), (6, 16, "d"), (7, 16, "e")],
    ),
    (
        "RS608",
        "@preamble{{\\providecommand{\\cprime}{'} \\def\\x#1{#1}}}\n@misc{a, title={{\\'E}tudes \\& $\\frac{1}{2}$}}\n"
        "@misc{b, title={\\unknowncommand{x}}, file={C:\\input\\a.pdf}, url={https://example.org/\\input}}",
        [(3, 86, "b")],
    ),
    (
        "RS609",
        "@misc{a, title={Moss \\mine{x}}, abstract={\\mine}}\n@misc{b, title={\\emph{x} $\\mathbb{R}$}}",
        [(1, 22, "a")],
    ),
    ("RS601", "@article{a, title={Moss}}\n@online{b, title={x}, url={y}, date={2024}}\n@misc{c}", [(1, 10, "a")]),
    ("RS601", "@inproceedings{a, author={x}, title={Moss}, crossref={b}}\n@proceedings{b, title={Kelp}, year=1}", []),
    (
        "RS602",
        "@misc{a, title={Moss & Kelp 5\\% $a_b$ \\url{a_b#c} {$x^2$}}, url={a_b%20&c}, abstract={5 % of it}}"
        '\n@misc{b, author="R. Roe" # " \\& co", note={5\\,% of it}, journal={a \\(x_1\\) b}}',
        [(1, 22, "a"), (2, 47, "b")],
    ),
]
