"""Which file's paper a document means by a key that several files have."""

from pathlib import Path

import pytest

from refsync.cites import cited_by_source, processors, read_cites


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    for name, text in files.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def counted(**keys: str) -> dict[tuple[str, str], int]:
    sources = {name.replace("__", "/").replace("_", "."): own.split() for name, own in keys.items()}
    return dict(cited_by_source(read_cites(["."]), sources))


def test_a_document_means_the_first_file_it_names_that_has_the_key() -> None:
    write(one_tex="\\cite{k,m}\\bibliography{b,a}")
    assert counted(a_bib="k m", b_bib="k") == {("b.bib", "k"): 1, ("a.bib", "m"): 1}


def test_a_document_without_a_bibliography_belongs_with_those_of_its_folder() -> None:
    write(main_tex="\\addbibresource{a.bib}", chapters__one_tex="\\cite{k,k}", other__x_md="@k")
    write(other__main_md="---\nbibliography: b.bib\n---\n")
    assert counted(a_bib="k", other__b_bib="k") == {("a.bib", "k"): 2, ("other/b.bib", "k"): 1}


def test_else_it_means_the_file_with_most_of_its_keys_and_then_the_nearest() -> None:
    write(one__x_tex="\\cite{k,only}", two__y_tex="\\cite{k}")
    assert counted(one__a_bib="k", two__b_bib="k only") == {("two/b.bib", "k"): 2, ("two/b.bib", "only"): 1}
    write(one__x_tex="\\cite{k}")
    assert counted(one__a_bib="k", two__b_bib="k only") == {("one/a.bib", "k"): 1, ("two/b.bib", "k"): 1}


def test_what_is_undecided_counts_for_all() -> None:
    write(x_tex="\\cite{k}")
    assert counted(a_bib="k", b_bib="k", c_bib="m") == {("a.bib", "k"): 1, ("b.bib", "k"): 1}


def test_a_file_is_recognised_by_its_name_in_another_folder() -> None:
    write(paper__x_tex="\\cite{k}\\bibliography{/home/me/b}")
    assert counted(refs__a_bib="k", refs__b_bib="k") == {("refs/b.bib", "k"): 1}


def test_each_file_is_processed_as_the_documents_that_name_it_say() -> None:
    write(x_tex="\\addbibresource{a.bib}", y_tex="\\bibliography{b}", z_tex="\\bibliography{c}")
    write(zz_tex="\\addbibresource{c.bib}")
    assert processors(read_cites(["."]), ["a.bib", "b.bib", "c.bib", "d.bib"]) == {
        "a.bib": "biblatex",
        "b.bib": "bibtex",
        "c.bib": "bibtex",  # documents of both kinds: BibTeX cannot read what BibLaTeX can
        "d.bib": "",
    }
    write(x_tex="\\usepackage{biblatex}", y_tex="", z_tex="", zz_tex="")
    assert processors(read_cites(["."]), ["a.bib"]) == {"a.bib": "biblatex"}


def test_documents_beside_a_file_are_found_with_what_they_include() -> None:
    write(
        p__refs_bib="",
        p__main_tex="\\input{parts/one}\\include{../secret}",
        p__parts__one_tex="\\cite{k}\\input{parts/two.tex}",
    )
    write(p__parts__two_tex="\\cite{m}", p__other__x_tex="\\cite{no}", secret_tex="\\cite{no}", p__notes_md="@n")
    write(above_tex="\\bibliography{p/refs}\\cite{up}", beside_tex="\\cite{no}\\bibliography{q}")
    found = read_cites([], beside=["p/refs.bib"])
    assert found.documents == ()
    assert set(found.counts) == {"k", "m", "n", "up"}
    named = read_cites(["p/main.tex"], beside=["p/refs.bib"])
    assert [item.source for item in named.documents] == ["p/main.tex"]
    assert set(named.counts) == {"k", "m", "n", "up"}


def test_unreadable_documents_beside_a_file_are_left_out() -> None:
    write(refs_bib="", a_md="@k", loop_tex="\\input{loop}\\cite{m}")
    Path("huge.md").write_bytes(b"@x " * 2_000_000)
    Path("b.md").mkdir()
    Path("gone.tex").symlink_to("nowhere.tex")
    found = read_cites([], beside=["refs.bib", "missing.bib"])
    assert (set(found.counts), found.problems) == ({"k", "m"}, ())
