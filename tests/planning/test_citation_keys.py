"""Citation keys: readable, unique, and the same whatever the order of the input."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refsync.planning.citation_keys import assign_keys, generated_key, safe_key
from refsync.records import Record


def record(number: int = 1, key: str = "", markup: str = "text", **fields: str) -> Record:
    return Record("s", number, key or f"#{number}", fields=fields, markup="latex" if markup == "latex" else "text")


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"author": "Doe, Jane and Roe, R.", "year": "2020", "title": "On the Patience of Kelp"}, "doe2020patience"),
        ({"author": "Jane van der Doe", "date": "2020-03", "title": "Kelp"}, "doe2020kelp"),
        ({"author": "Müller-Lüdenscheidt, K.", "title": "Kelp"}, "mullerludenscheidtkelp"),
        ({"title": "Training Kelp via the Latent-Variable Method"}, "training-kelp-latent-variable"),
        ({"title": "The"}, "the"),
        ({"title": "O(n) Kelp: 2D & 3D"}, "o-n-kelp-2d"),
        ({"author": "Мороз, Олена", "year": "2017", "title": "Цифрові водорості"}, "moroz2017tsifrovi"),
        ({"author": "李, 明", "year": "2020", "title": "海藻综述"}, "li2020hai"),
        ({"author": "Παππάς, Νίκος", "title": "On β-kelp"}, "pappaskelp"),
        ({"title": "海藻"}, "hai-zao"),
    ],
)
def test_generated_keys(fields: dict[str, str], key: str) -> None:
    assert generated_key(record(**fields)) == key


@pytest.mark.parametrize("fields", [{}, {"title": "?!"}, {"author": "-, 1"}])
def test_a_record_without_a_letter_still_gets_a_key(fields: dict[str, str]) -> None:
    assert generated_key(record(**fields)).startswith("ref-")


def test_latex_is_decoded_first() -> None:
    assert (
        generated_key(record(markup="latex", author=r"Lindstr{\"o}m, P.", year="2024", title=r"{\emph{Kelp}}"))
        == "lindstrom2024kelp"
    )


@pytest.mark.parametrize(
    ("key", "safe"), [("a b", "a-b"), ("x,y{z}", "x-y-z"), ("DBLP:conf/x/Y20", "DBLP:conf/x/Y20"), ("{}", "ref")]
)
def test_safe_keys(key: str, safe: str) -> None:
    assert safe_key(key) == safe


def test_users_keys_are_kept_before_generated_ones() -> None:
    mine = record(1, "doe2020kelp", "latex", title="Moss")
    other = record(2, author="Doe, J.", year="2020", title="Kelp")
    assert assign_keys([other, mine], [False, True]) == ["doe2020kelpa", "doe2020kelp"]


def test_case_alone_does_not_make_a_key_unique() -> None:
    keys = assign_keys([record(1, "Doe", "latex", title="A"), record(2, "doe", "latex", title="B")], [True, True])
    assert len({key.casefold() for key in keys}) == 2


def test_many_records_that_want_one_key() -> None:
    keys = assign_keys([record(n, title="Editorial", note=str(n)) for n in range(20_000)], [False] * 20_000)
    assert len(set(keys)) == 20_000


titles = st.sampled_from(["Kelp", "kelp", "Kelp a", "Moss", "", "海藻"])


@given(st.lists(st.tuples(titles, st.integers(0, 5), st.booleans()), unique=True), st.randoms())
def test_keys_are_unique_and_do_not_depend_on_the_order(
    papers: list[tuple[str, int, bool]], chance: random.Random
) -> None:
    def keys(order: list[tuple[str, int, bool]]) -> dict[tuple[str, int, bool], str]:
        records = [
            record(n, "kelp" if kept else "", title=title, note=f"{note}{kept}")
            for n, (title, note, kept) in enumerate(order, 1)
        ]
        return dict(zip(order, assign_keys(records, [kept for _, _, kept in order]), strict=True))

    given_order = keys(papers)
    assert len({key.casefold() for key in given_order.values()}) == len(papers)
    shuffled = list(papers)
    chance.shuffle(shuffled)
    assert keys(shuffled) == given_order


def test_a_key_is_made_of_text_without_markup() -> None:
    assert generated_key(record(title="On <i>Posidonia</i> &amp; CO<sub>2</sub>", author="Roe, A")) == "roeposidonia"
    assert generated_key(record(title="<i>Posidonia</i> &amp; Kelp")) == "posidonia-kelp"
