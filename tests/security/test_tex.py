r"""A written .bib file is compiled: what comes from other formats has no command that does more than print."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.cli import main
from refsync.text.latex_escape import text_to_latex
from refsync.text.latex_safety import DANGEROUS_COMMANDS, escape_unsafe, is_safe
from refsync.zotero.items.mapping import to_record

ATTACKS = [
    r"\input{/etc/passwd}", r"\input /etc/passwd", r"\include{x}", r"\openin1=x", r"\directlua{os.execute('x')}",
    r"\ShellEscape{x}", r"\usepackage{x}", r"\catcode`\%=12", r"\write18{x}", r"\immediate\write18{x}",
    r"\csname input\endcsname{x}", r"\begin{filecontents}{x}", r"\begin{input}", r"\def\emph{\input}",
    r"$\input{x}$", r"$x \catcode`\%=12$", r"\(\input{x}\)", r"\[\openin1\]", r"$^^5cinput{x}$", "^^5cinput{x}",
    r"\emph{\input{x}}", r"\href{run:x}{y}", r"\\input{x}", r"\{\input{x}\}", r"$\mathrm{\input{x}}$", r"\newread\x",
    r"\expandafter\input\x", r"\loop\x\repeat", r"\verbatiminput{x}", r"\InputIfFileExists{x}{}{}", r"\let\emph\input",
]  # fmt: skip
_COMMAND = re.compile(r"\\(?:([A-Za-z@]+)|.)", re.DOTALL)


def executed(latex: str) -> list[str]:
    """The dangerous commands that TeX would see."""
    return [name for name in _COMMAND.findall(latex) if name in DANGEROUS_COMMANDS] + re.findall(r"\^\^", latex)


@pytest.mark.parametrize("attack", ATTACKS)
def test_commands_from_tables_lists_and_json_are_text(attack: str) -> None:
    Path("a.json").write_text(json.dumps([{"id": "a", "type": "book", "title": f"Moss {attack} x", "note": attack,
        "author": [{"family": f"Doe{attack}", "given": "J"}], "publisher": attack, "URL": f"https://x.example/{attack}",
        "DOI": f"10.5555/{attack}"}]), encoding="utf-8")  # fmt: skip
    ris = f"TY  - BOOK\nTI  - Kelp {attack}\nAU  - Roe, R{attack}\nN1  - {attack}\nER  - \n"
    Path("b.ris").write_text(ris, encoding="utf-8")
    quoted = attack.replace('"', '""')
    Path("c.csv").write_text(f'title,author,year,note\n"Weed {quoted}","Poe, {quoted}",2020,"{quoted}"\n', "utf-8")
    for name in ("a.json", "b.ris", "c.csv"):
        main(["convert", name, "-o", "out.bib", "-q"])
        assert executed(Path("out.bib").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_commands_from_zotero_are_text(attack: str) -> None:
    item = {"key": "ABCD2345", "version": 1, "itemType": "book", "title": f"Moss {attack}", "publisher": attack,
            "creators": [{"creatorType": "author", "lastName": attack, "firstName": attack}], "place": attack,
            "extra": f"tex.title= Moss {attack}\ntex.note: {attack}\ntex.mine= {attack}", "tags": [{"tag": attack}],
            "collections": [], "relations": {}}  # fmt: skip
    values = to_record(item).fields.values()
    assert [name for value in values for name in executed(value)] == []


@given(st.lists(st.sampled_from([*"\\{}$^%&#~ ab(", "input", "begin", "{input}", "emph", "frac", "\\csname", "^^5c"]),
                max_size=14).map("".join))  # fmt: skip
def test_no_text_becomes_a_command_that_does_more_than_print(text: str) -> None:
    latex = text_to_latex(text)
    assert executed(latex) == []
    assert text_to_latex(latex) == latex
    assert is_safe(escape_unsafe(text))


@pytest.mark.parametrize("value", [
    r"\emph{Moss} and $\frac{a}{b} \leq \sqrt{2}$", r"$\mathcal{O}(n \log n)$", r"M{\"u}ller \& S{\o}n",
    r"$\begin{pmatrix} a & b \end{pmatrix}$", r"\textsc{Rna}-seq", r"\url{https://example.org/a_b}",
    r"\href{https://example.org}{here}", r"$\widehat{\beta}_{\mathrm{OLS}}$", r"\(x^2\)", r"\'{e}tudes",
])  # fmt: skip
def test_text_and_mathematics_stay(value: str) -> None:
    assert text_to_latex(value) == value
    assert escape_unsafe(value) == value


def test_a_bib_file_that_brings_such_a_command_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.bib").write_text("@misc{a, title = {Moss \\input{x}}}\n@preamble{{\\openout1}}\n", encoding="utf-8")
    assert main(["check", "a.bib"]) == 1
    out = capsys.readouterr().out
    assert out.count("RS608 error") == 2
