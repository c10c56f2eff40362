"""Families of record pairs that are easily judged wrongly, generated from invented titles and people.

Each family is a function from a random generator to one pair and the verdicts that an expert would accept. Most stand
for pairs that look alike and are two works, or two forms of one; some for copies that look unlike and are one paper.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from refsync.records import Record

Verdicts = frozenset[str]
SAME, VERSION, APART = frozenset({"same"}), frozenset({"version"}), frozenset({"different", "maybe"})
NOT_MERGED = VERSION | APART
FOUND = SAME | frozenset({"maybe"})

_ADJECTIVES = (
    "seasonal coastal adaptive sparse granular thermal layered robust urban alpine magnetic parallel spoken tidal "
    "tropical fragile elastic hidden bounded recursive nocturnal metallic aquatic regional symbolic"
).split()
NOUNS = (
    "mosses lichens harbours currents glaciers turbines markets proteins grammars bridges pigments orchards sediments "
    "telescopes archives algorithms membranes pollinators catalysts dialects reservoirs tariffs vaccines polymers"
).split()
_VERBS = "modelling mapping sampling forecasting comparing measuring tracing restoring classifying monitoring".split()
_PLACES = "Norway Patagonia Bavaria Kyushu Tasmania Quebec Sardinia Anatolia Galicia Ontario Silesia Chiapas".split()
FAMILY_NAMES = (
    "Abernathy Bellweather Castellanos Dragomir Eskildsen Fairweather Grimaldi Haverkamp Ivanescu Jablonski "
    "Kettleborough Lindqvist Montresor Nakashima Oyelowo Petrosyan Quintanilla Rasmussen Sokolowski Thorvaldsen"
).split()
_GIVEN = "Ada Boris Clara Dmitri Elena Farid Greta Hugo Ines Jonas Kaia Leon Mira Nils Olga Pavel".split()
_JOURNALS = (
    "Journal of Wall Ecology|Annals of Harbour Studies|Review of Alpine Economics|Letters in Granular Physics|"
    "Archive of Spoken Grammar|Transactions on Sparse Systems"
).split("|")
MEETINGS = (
    "Proceedings of the Conference on Tidal Computing|Proceedings of the Symposium on Layered Markets|"
    "International Conference on Elastic Archives|Proceedings of the Meeting on Aquatic Polymers"
).split("|")
PUBLISHERS = "Harbour Press|Alpine Academic|Seaview Publishing|Moss and Stone|Lantern Books".split("|")


@dataclass(frozen=True, slots=True)
class Case:
    """Two records and the verdicts that are right."""

    a: Record
    b: Record
    right: Verdicts


class Maker:
    """Invents what records say."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, values: list[str]) -> str:
        return self.random.choice(values)

    def two(self, values: list[str]) -> tuple[str, str]:
        a, b = self.random.sample(values, 2)
        return a, b

    def title(self) -> str:
        a, b = self.two(_ADJECTIVES)
        x, y = self.two(NOUNS)
        return f"{self.one(_VERBS).capitalize()} {a} {x} and {b} {y} in {self.one(_PLACES)}"

    def people(self, count: int = 2) -> str:
        families = self.random.sample(FAMILY_NAMES, count)
        return " and ".join(f"{family}, {self.one(_GIVEN)}" for family in families)

    def number(self, low: int, high: int) -> str:
        return str(self.random.randint(low, high))

    def pages(self) -> str:
        first = self.random.randint(10, 800)
        return f"{first}--{first + self.random.randint(6, 30)}"

    def record(self, index: int, type_: str, **fields: str) -> Record:
        kept = {name.strip("_"): value for name, value in fields.items() if value}
        return Record("library.bib", index, f"key{index}", type_, kept, "latex")

    def work(self) -> dict[str, str]:
        return {"title": self.title(), "author": self.people(), "year": self.number(1995, 2022)}

    def article(self) -> dict[str, str]:
        place = {"journal": self.one(_JOURNALS), "volume": self.number(2, 60), "number": self.number(1, 6)}
        return self.work() | place | {"pages": self.pages()}

    def pair(self, types: tuple[str, str], left: dict[str, str], right: dict[str, str], right_: Verdicts) -> Case:
        a, b = self.record(1, types[0], **left), self.record(2, types[1], **right)
        return Case(a, b, right_) if self.random.random() < 0.5 else Case(b, a, right_)


Family = Callable[[Maker], Case]
FAMILIES: dict[str, Family] = {}


def family(make: Family) -> Family:
    FAMILIES[make.__name__.replace("_", " ")] = make
    return make


@family
def series_titles_that_differ_by_a_content_word(m: Maker) -> Case:
    x, y = m.two(_PLACES)
    base = {"author": m.people(1), "year": m.number(1970, 1999), "howpublished": "Ms.", "pages": m.number(4, 40)}
    stem = f"Worksheet for the {m.one(_ADJECTIVES)} {m.one(NOUNS)} of"
    return m.pair(("misc", "misc"), base | {"title": f"{stem} {x}"}, base | {"title": f"{stem} {y}"}, APART)


@family
def series_titles_with_one_series_text_in_brackets(m: Maker) -> Case:
    base = {"author": m.people(1), "year": m.number(1980, 1999), "pages": m.number(8, 24)}
    x, y = m.two(NOUNS)
    left, right = (f"The {m.one(_ADJECTIVES)} {word} [school library reader]" for word in (x, y))
    return m.pair(("book", "book"), base | {"title": left}, base | {"title": right}, APART)


@family
def workshop_and_conference(m: Maker) -> Case:
    work, (x, y) = m.work(), m.two(MEETINGS)
    left = work | {"booktitle": x.replace("Proceedings of the", "Workshop at the"), "pages": m.pages()}
    return m.pair(("inproceedings", "inproceedings"), left, work | {"booktitle": y, "pages": m.pages()}, VERSION)


@family
def journal_and_workshop_in_one_year(m: Maker) -> Case:
    work, subject = m.work(), m.one(NOUNS)
    left = work | {"journal": f"Journal of {subject}", "volume": m.number(2, 40), "pages": m.pages()}
    right = work | {"booktitle": f"Workshop on {subject}", "pages": m.pages()}
    return m.pair(("article", "inproceedings"), left, right, VERSION)


@family
def conference_and_journal_with_one_doi(m: Maker) -> Case:
    work = m.work() | {"doi": f"10.5555/{m.number(100000, 999999)}"}
    later = str(int(work["year"]) + 1)
    left = work | {"booktitle": m.one(MEETINGS), "pages": m.pages()}
    right = work | {"journal": m.one(_JOURNALS), "year": later, "volume": m.number(2, 40), "pages": m.pages()}
    return m.pair(("inproceedings", "article"), left, right, VERSION)


@family
def preprint_and_article(m: Maker) -> Case:
    article = m.article()
    number = f"{m.number(10, 22)}{m.number(10, 12)}.{m.number(10000, 99999)}"
    left = {name: article[name] for name in ("title", "author", "year")} | {"howpublished": f"arXiv:{number}"}
    return m.pair(("misc", "article"), left, article, VERSION)


@family
def preprints_of_many_servers(m: Maker) -> Case:
    article = m.article() | {"doi": f"10.5555/{m.number(100000, 999999)}"}
    prefix = m.one(["10.5194/hess-2019-", "10.7287/peerj.preprints.", "10.21203/rs.3.rs-", "10.31219/osf.io/",
                    "10.5281/zenodo.", "10.1101/2020.01.02."])  # fmt: skip
    left = {n: article[n] for n in ("title", "author", "year")} | {"doi": prefix + m.number(100000, 999999)}
    return m.pair(("article", "article"), left, article, NOT_MERGED)


@family
def report_and_article(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")}
    left |= {"institution": "University of Galicia", "number": f"TR-{m.number(1, 99)}"}
    return m.pair(("techreport", "article"), left, article, VERSION)


@family
def thesis_typed_as_something_else(m: Maker) -> Case:
    article = m.article() | {"author": m.people(1)}
    kind = m.one(["PhD thesis, University of Galicia", "Doctoral dissertation", "Diplomarbeit", "Tesis doctoral"])
    left = {n: article[n] for n in ("title", "author", "year")}
    return m.pair(("misc", "article"), left | {"howpublished": kind}, article, VERSION)


@family
def talk_and_article(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")}
    left |= {"note": f"Paper presented at the Meeting on {m.one(NOUNS)}"}
    return m.pair((m.one(["misc", "unpublished"]), "article"), left, article, VERSION)


@family
def extended_version(m: Maker) -> Case:
    work = m.work()
    mark = m.one([" (Extended Version)", ": extended version", " (Full Version)", " (Technical Report)"])
    left = work | {"title": work["title"] + mark}
    return m.pair(("misc", "inproceedings"), left, work | {"booktitle": m.one(MEETINGS)}, VERSION)


@family
def editions(m: Maker) -> Case:
    work = m.work() | {"author": m.people(1), "publisher": m.one(PUBLISHERS)}
    later = {"year": str(int(work["year"]) + m.random.randint(3, 12)), "edition": m.one(["2nd", "Third", "4"])}
    return m.pair(("book", "book"), work, work | later, VERSION)


@family
def volumes_of_a_set(m: Maker) -> Case:
    work = m.work() | {"publisher": m.one(PUBLISHERS)}
    return m.pair(("book", "book"), work | {"volume": "1"}, work | {"volume": "2"}, APART)


@family
def releases_of_software(m: Maker) -> Case:
    name = f"{m.one(NOUNS)}kit"
    base = {"author": m.people(), "publisher": "Zenodo"}
    left = base | {"title": f"{name}: {m.one(_VERBS)} made easy", "version": "1.2.0", "year": "2019"}
    right = left | {"version": "2.0.1", "year": "2021"}
    return m.pair(("software", "software"), left, right, VERSION)


@family
def software_and_its_paper(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")} | {"url": "https://github.com/example/kit"}
    return m.pair((m.one(["software", "misc"]), "article"), left, article, VERSION)


@family
def data_set_and_its_paper(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")} | {"doi": f"10.5281/zenodo.{m.number(10**6, 10**7)}"}
    return m.pair((m.one(["dataset", "misc"]), "article"), left, article, VERSION)


@family
def two_arxiv_numbers(m: Maker) -> Case:
    work = m.work() | {"archiveprefix": "arXiv"}
    left, right = (
        work | {"eprint": f"{m.number(10, 22)}{m.number(10, 12)}.{m.number(10000, 99999)}"} for _ in range(2)
    )
    return m.pair(("misc", "misc"), left, right, NOT_MERGED)


@family
def chapters_of_one_book(m: Maker) -> Case:
    work = m.work() | {"booktitle": m.title(), "publisher": m.one(PUBLISHERS)}
    x, y = m.random.sample(range(1, 20), 2)
    return m.pair(("inbook", "inbook"), work | {"chapter": str(x)}, work | {"chapter": str(y)}, APART)


@family
def chapters_by_pages(m: Maker) -> Case:
    work = m.work() | {"booktitle": m.title(), "publisher": m.one(PUBLISHERS)}
    return m.pair(("inbook", "inbook"), work | {"pages": "11--32"}, work | {"pages": "101--140"}, APART)


@family
def one_chapter_title_in_two_collections(m: Maker) -> Case:
    x, y = m.two(PUBLISHERS)
    left = {"title": "Introduction", "author": m.people(1), "year": "2001", "booktitle": m.title(), "publisher": x}
    right = left | {"booktitle": m.title(), "publisher": y}
    return m.pair(("incollection", "incollection"), left, right, APART)


@family
def news_of_two_dates(m: Maker) -> Case:
    base = {"title": f"{m.one(_PLACES)} counts its {m.one(NOUNS)}", "author": m.people(1), "journal": "Harbour Times"}
    left, right = base | {"date": "2019-03-04"}, base | {"date": "2019-09-21"}
    return m.pair(("article", "article"), left, right, APART)


@family
def pages_of_two_addresses(m: Maker) -> Case:
    base = {"title": f"{m.one(NOUNS).capitalize()} of {m.one(_PLACES)}: facts", "author": "{Office of Tides}"}
    left, right = (base | {"url": f"https://tides.example/{m.number(1, 10**6)}"} for _ in range(2))
    return m.pair(("online", "online"), left, right, APART)


@family
def patent_and_article(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")} | {"number": f"US{m.number(10**6, 10**7)}"}
    return m.pair(("patent", "article"), left, article, NOT_MERGED)


@family
def book_and_its_review(m: Maker) -> Case:
    book = m.work() | {"publisher": m.one(PUBLISHERS)}
    review = {"title": book["title"], "author": m.people(1), "year": book["year"], "journal": m.one(_JOURNALS)}
    return m.pair(("book", "article"), book, review | {"pages": "112--114", "volume": "3"}, NOT_MERGED)


@family
def part_and_whole(m: Maker) -> Case:
    work = m.article()
    mark = m.one([" 1: Methods", ": II. Applications", ", Part 2", " III"])
    return m.pair(("article", "article"), work, work | {"title": work["title"] + mark, "pages": m.pages()}, APART)


@family
def notices(m: Maker) -> Case:
    work = m.article()
    title = m.one(["Correction: {}", "{} -- Response", "Response to: {}", "{}: a commentary", "Erratum: {}",
                   "Reply: {}", "{}: a rejoinder", "Comment: {}"]).format(work["title"])  # fmt: skip
    return m.pair(("article", "article"), work, work | {"title": title, "pages": m.pages(), "number": "6"}, APART)


@family
def titles_in_chinese_that_differ_in_one_word(m: Maker) -> Case:
    x, y = m.two(["青岛", "大连", "厦门", "烟台"])
    base = {"author": "王伟 and 李娜", "year": "2011", "journal": "海洋研究"}
    left, right = (base | {"title": f"{city}海岸苔藓的季节变化研究"} for city in (x, y))
    return m.pair(("article", "article"), left, right, APART)


@family
def first_and_second_part_in_chinese(m: Maker) -> Case:
    base = {"author": "王伟 and 李娜", "year": "2011", "journal": "海洋研究"}
    stem = f"{m.one(['青岛', '大连', '厦门'])}海岸苔藓的季节变化研究"
    return m.pair(("article", "article"), base | {"title": stem + "(上)"}, base | {"title": stem + "(下)"}, APART)


@family
def words_that_are_part_of_another(m: Maker) -> Case:
    x, y = m.one(["port/transport", "men/treatment", "rats/rates", "art/market", "ice/service"]).split("/")
    base = {"author": m.people(), "year": "2009", "institution": "Office of Tides"}
    stem, place = f"Sector study of {m.one(_ADJECTIVES)}", m.one(_PLACES)
    left, right = (base | {"title": f"{stem} {word} in {place}"} for word in (x, y))
    return m.pair(("techreport", "techreport"), left, right, APART)


@family
def a_book_with_and_without_its_subtitle(m: Maker) -> Case:
    work = m.work() | {"publisher": m.one(PUBLISHERS)}
    return m.pair(("book", "book"), work, work | {"title": f"{work['title']}: {m.title().lower()}"}, FOUND)


@family
def title_and_subtitle_in_two_fields(m: Maker) -> Case:
    work, more = m.article(), f"{m.one(_VERBS)} {m.one(NOUNS)}"
    return m.pair(("article", "article"), work | {"subtitle": more}, work | {"title": f"{work['title']}: {more}"}, SAME)


@family
def early_view_and_final(m: Maker) -> Case:
    final = m.article() | {"doi": f"10.5555/{m.number(100000, 999999)}"}
    early = {n: final[n] for n in ("title", "author", "journal", "doi")} | {"year": str(int(final["year"]) - 1)}
    return m.pair(("article", "article"), early, final, SAME)


@family
def book_and_article_with_one_doi(m: Maker) -> Case:
    article = m.article() | {"doi": f"10.5555/{m.number(100000, 999999)}"}
    book = {n: article[n] for n in ("title", "author", "year", "doi")}
    return m.pair(("book", "article"), book, article, FOUND)


@family
def one_isbn_with_two_years(m: Maker) -> Case:
    book = m.work() | {"publisher": m.one(PUBLISHERS), "isbn": "978-0-306-40615-7"}
    return m.pair(("book", "book"), book, book | {"year": str(int(book["year"]) + 1)}, FOUND)


@family
def publication_data_in_the_title(m: Maker) -> Case:
    article = m.article()
    typed = f"{article['title']}. {article['journal']}, {article['volume']}"
    left = {"title": typed, "author": article["author"], "year": article["year"]}
    return m.pair(("misc", "article"), left, article, FOUND)


@family
def copies_with_little_in_them(m: Maker) -> Case:
    article = m.article()
    family_names = " and ".join(name.split(",")[0] for name in article["author"].split(" and "))
    right = {"title": article["title"].upper(), "author": family_names, "year": article["year"]}
    return m.pair(("article", "misc"), article, right, FOUND)


@family
def placeholders(m: Maker) -> Case:
    article = m.article()
    right = article | {m.one(["volume", "number", "pages"]): m.one(["NA", "None", "n/a", "-"])}
    return m.pair(("article", "article"), article, right, SAME)


def cases(name: str, count: int) -> list[Case]:
    """As many cases of a family, the same at each call."""
    return [FAMILIES[name](Maker(seed)) for seed in range(count)]


def verdicts() -> Mapping[str, Verdicts]:
    """The right verdicts of each family."""
    return {name: make(Maker(0)).right for name, make in FAMILIES.items()}
