"""Families of pairs that are common in large libraries: editions, volumes of a set, meetings year after year, talks."""

from tests.dedup.families.generate import (
    APART,
    FAMILY_NAMES,
    FOUND,
    MEETINGS,
    NOT_MERGED,
    NOUNS,
    PUBLISHERS,
    SAME,
    VERSION,
    Case,
    Maker,
    family,
)

DIFFERENT = frozenset({"different"})
"""Nobody need be asked."""


def isbn(m: Maker) -> str:
    digits = f"9780{m.number(10_000_000, 99_999_999)}"
    check = -sum(int(digit) * (1, 3)[i % 2] for i, digit in enumerate(digits)) % 10
    return f"{digits}{check}"


def book(m: Maker) -> dict[str, str]:
    return m.work() | {"publisher": m.one(PUBLISHERS), "isbn": isbn(m)}


@family
def two_editions_of_one_year(m: Maker) -> Case:
    left = book(m) | {"pages": "xii + 244"}
    differs = m.one(["pages", "publisher", "edition"])
    values = {"pages": "xx + 310", "publisher": "Guild of the Blind", "edition": "Large print"}
    right = left | {"isbn": isbn(m), differs: values[differs]}
    return m.pair(("book", "book"), left, right, VERSION)


@family
def another_edition_a_year_later(m: Maker) -> Case:
    left = book(m)
    right = left | {"year": str(int(left["year"]) + 1), "isbn": isbn(m), "edition": "Second"}
    return m.pair(("book", "book"), left, right, VERSION)


@family
def a_named_edition(m: Maker) -> Case:
    left = book(m)
    name = m.one(["Gold Signature Edition", "Student Edition", "Third International Edition"])
    return m.pair(("book", "book"), left, left | {"title": f"{left['title']}: {name}", "isbn": isbn(m)}, VERSION)


@family
def bound_and_in_paper(m: Maker) -> Case:
    left = book(m) | {"pages": f"xiv + {m.number(200, 500)}"}
    return m.pair(("book", "book"), left, left | {"isbn": isbn(m)}, SAME)


@family
def two_volumes_with_the_isbn_of_their_set(m: Maker) -> Case:
    left, own = book(m), isbn(m)
    if m.random.random() < 0.5:
        left["isbn"] = f"{left['isbn']} (set), {own} (volume 1)"
        right = left | {"isbn": left["isbn"].replace(own, isbn(m)).replace("volume 1", "volume 2"), "volume": "2"}
    else:
        right = left | {"volume": "2"}
    return m.pair(("book", "book"), left | {"volume": "1"}, right, DIFFERENT)


@family
def a_set_and_a_volume_with_a_title_of_its_own(m: Maker) -> Case:
    left = book(m)
    right = left | {"title": f"{left['title']}: {m.one(NOUNS)} and {m.one(NOUNS)}", "isbn": isbn(m), "volume": "3"}
    return m.pair(("book", "book"), left, right, DIFFERENT)


@family
def parts_by_a_letter_or_numeral_with_one_isbn(m: Maker) -> Case:
    left = book(m)
    stem, x, y = m.random.choice(
        [
            ("module {}: guide", "I", "II"),
            ("Teil {}: Heft", "A", "B"),
            ("App {}", "C", "D"),
            ("unit {} tests", "V", "X"),
        ]
    )
    titles = (f"{left['title']}, {stem.format(z)}" for z in (x, y))
    one, other = (left | {"title": title} for title in titles)
    return m.pair(("book", "book"), one, other, APART)


@family
def proceedings_of_a_series(m: Maker) -> Case:
    name = m.one(["WAMO", "Tidal Days", *MEETINGS])
    left = {"title": name, "booktitle": name, "year": m.number(1985, 2000), "month": "July"}
    if m.random.random() < 0.5:
        left["editor"] = m.people()
    right = left | {"year": str(int(left["year"]) + m.random.randint(1, 9))}
    return m.pair(("proceedings", "proceedings"), left, right, DIFFERENT)


@family
def a_report_of_the_same_workshop_each_year(m: Maker) -> Case:
    title = f"Formal methods for {m.one(NOUNS)}"
    base = {"title": title, "series": "Lecture Notes in Walls", "author": m.people(4)}
    left = base | {"year": "1999", "booktitle": "TIDE'99 Workshop Reader", "volume": "1743"}
    right = base | {"year": "2000", "booktitle": "TIDE 2000 Workshop Reader", "volume": "1964", "pages": m.pages()}
    return m.pair(("inproceedings", "inproceedings"), left, right, NOT_MERGED)


@family
def a_report_with_a_number_and_the_paper_to_appear(m: Maker) -> Case:
    work = m.work()
    report = work | {"institution": "Harbour Institute", "number": f"TR-{m.number(10, 99)}", "note": "To appear."}
    paper = work | {"booktitle": m.one(MEETINGS), "pages": m.pages(), "url": "https://harbour.example/walls.pdf"}
    if m.random.random() < 0.5:
        report["url"] = paper["url"]
    return m.pair(("techreport", "inproceedings"), report, paper, VERSION)


@family
def a_report_submitted_anew_each_year(m: Maker) -> Case:
    base = {"title": m.one(["MOSS", "Kelp-1", "HARBOUR"]), "author": m.people(4), "institution": "Institute of Tides"}
    return m.pair(("techreport", "techreport"), base | {"year": "2017"}, base | {"year": "2020"}, VERSION)


@family
def a_talk_given_again(m: Maker) -> Case:
    base = m.work()
    left = base | {"note": f"Talk given at {m.one(FAMILY_NAMES)}ville"}
    right = left | {"note": f"Talk given at {m.one(FAMILY_NAMES)}burg", "year": str(int(base["year"]) + 1)}
    return m.pair(("unpublished", "unpublished"), left, right, VERSION)


@family
def two_notices_about_one_paper(m: Maker) -> Case:
    article = m.article()
    cited = f"{article['title']} ({article['journal']} {article['volume']}, {article['pages']})"
    left = article | {"title": f"Corrigendum: {cited}", "pages": "194"}
    return m.pair(("article", "article"), left, left | {"title": f"Corrigenda: {cited}", "pages": "477"}, APART)


@family
def a_paper_whose_title_says_where_its_erratum_is(m: Maker) -> Case:
    article = m.article()
    note = m.one(["[Erratum appears in {} 2031 May;9(4):12]", "[Erratum in: {} 2031;9:12]", "[Retraction in {} 2032]"])
    right = article | {"title": f"{article['title']}.{note.format(article['journal'])}"}
    return m.pair(("article", "article"), article, right, SAME)


@family
def a_title_alone_of_two_houses(m: Maker) -> Case:
    title = m.one(["Home page", "User guide", "Annual letters"])
    x, y = m.two(PUBLISHERS)
    left, right = ({"title": title, "organization": name} for name in (x, y))
    return m.pair(("manual", "manual"), left, right, DIFFERENT)


@family
def letters_of_two_people(m: Maker) -> Case:
    x, y = m.two(FAMILY_NAMES)
    base = {"title": m.one(["Letters", "Speeches", "Collected poems"])}
    return m.pair(("book", "book"), base | {"shortauthor": x}, base | {"shortauthor": y}, DIFFERENT)


@family
def the_issue_before_the_first(m: Maker) -> Case:
    base = {"title": "Editorial", "author": m.people(), "journal": "Journal of Wall Ecology", "year": "1988"}
    left = base | {"volume": "0", "number": "0", "pages": "1--3"}
    return m.pair(("article", "article"), left, base | {"volume": "1", "number": "1", "pages": "1--2"}, APART)


@family
def two_papers_on_one_page_by_other_first_authors(m: Maker) -> Case:
    x, y, z = m.random.sample(FAMILY_NAMES, 3)
    a, b, c, d = m.random.sample(NOUNS, 4)
    base = {"booktitle": m.one(MEETINGS), "year": "2003", "pages": "612--613"}
    left = base | {"title": f"How {a} change the judgement of {b}", "author": f"{x}, A. and {y}, B. and {z}, C."}
    right = base | {"title": f"How {c} change the judgement of {d}", "author": f"{y}, B. and {x}, A. and {z}, C."}
    return m.pair(("inproceedings", "inproceedings"), left, right, APART)


@family
def a_poster_at_another_meeting(m: Maker) -> Case:
    work = m.work()
    left = work | {"booktitle": "Proc. Intern. Conf. on Walls (TIDE 2009), Oslo", "pages": m.pages()}
    right = work | {"booktitle": "Proc. Conference on Harbour Pigments, HP 2009, Turku", "note": "Poster presentation"}
    return m.pair(("inproceedings", "inproceedings"), left, right, VERSION)


@family
def an_article_and_a_paper_whose_proceedings_are_not_there(m: Maker) -> Case:
    article = m.article()
    left = {name: article[name] for name in ("title", "author")} | {"crossref": "tide2014", "pages": "2594--2600"}
    return m.pair(("inproceedings", "article"), left, article, VERSION)


@family
def one_paper_typed_as_chapter(m: Maker) -> Case:
    left = m.work() | {"booktitle": m.one(MEETINGS), "pages": m.pages()}
    right = {name: left[name] for name in ("title", "author", "pages")} | {"crossref": "tide2014"}
    return m.pair(("inproceedings", "incollection"), left, right, SAME)


@family
def a_name_whose_first_letter_was_lost(m: Maker) -> Case:
    left = m.work() | {"author": "Überhuber, Karla", "publisher": m.one(PUBLISHERS)}
    return m.pair(("book", "book"), left, left | {"author": "\ufffdberhuber, Karla"}, SAME)


@family
def a_draft_that_names_where_it_was_sent(m: Maker) -> Case:
    paper = m.work() | {"booktitle": "5th International Symposium on Alpine Markets and Harbours", "pages": m.pages()}
    draft = {name: paper[name] for name in ("title", "author", "year")} | {"note": "Submitted to ISAMH'07"}
    return m.pair(("unpublished", "inproceedings"), draft, paper, FOUND)


@family
def proceedings_and_their_companion(m: Maker) -> Case:
    name = f"Tidal Computing Conference, TCC {m.number(2001, 2019)}, Proceedings, Oslo"
    base = {"editor": m.people(1), "year": m.number(2001, 2019), "publisher": m.one(PUBLISHERS)}
    mark = m.one([", Companion Material", " (Adjunct)", ": Workshops"])
    types = m.one(["book", "proceedings"])
    return m.pair((types, types), base | {"title": name}, base | {"title": name + mark}, DIFFERENT)


@family
def two_tracks_of_one_meeting(m: Maker) -> Case:
    base = m.work()
    x, y = m.random.sample(["Music", "Installation", "Industry"], 2)
    left, right = ({"booktitle": f"{z} Proceedings of the Conference on Walls"} for z in (x, y))
    return m.pair(("inproceedings", "inproceedings"), base | left, base | right, VERSION)


@family
def a_volume_named_in_the_title(m: Maker) -> Case:
    left = m.work() | {"publisher": m.one(PUBLISHERS), "edition": "2nd"}
    return m.pair(("book", "book"), left, left | {"title": f"{left['title']}: Vol. 2"}, NOT_MERGED)


@family
def a_report_handed_in_for_the_next_round(m: Maker) -> Case:
    site = "available at \\url{https://tides.example/round-%s/report}"
    base = {"title": f"Walls of {m.one(NOUNS)} in harbours", "author": m.people(3), "institution": "Institute of Tides"}
    left, right = ({"year": year, "note": site % number} for year, number in (("2023", 1), ("2024", 2)))
    return m.pair(("techreport", "techreport"), base | left, base | right, VERSION)


@family
def to_appear_and_appeared_a_year_later(m: Maker) -> Case:
    article = m.article()
    left = {"title": article["title"], "author": article["author"], "year": str(int(article["year"]) - 1)}
    left["note"] = f"To appear in {article['journal']}"
    return m.pair(("unpublished", "article"), left, article, FOUND)


@family
def a_citation_around_the_title(m: Maker) -> Case:
    paper = m.work() | {"booktitle": m.one(MEETINGS), "pages": m.pages()}
    name = paper["author"].split(",")[0]
    title = paper["title"].lower()
    around = [f"{name.lower()}. {title}", f"{title}, tide '{paper['year'][2:]}", f"{title} (1): 65-74"]
    right = {"title": m.one(around), "author": paper["author"]} | (
        {"year": paper["year"]} if m.random.random() < 0.5 else {}
    )
    return m.pair(("inproceedings", "misc"), paper, right, FOUND)


@family
def a_journal_for_the_authors(m: Maker) -> Case:
    article = m.article()
    article["journal"] = m.one(["Harbour Record", "Moss Bulletin", "TIDE Rec", "Annals of Walls"])
    right = {"title": article["title"], "author": article["journal"], "year": article["year"]}
    return m.pair(("article", "misc"), article, right, FOUND)


@family
def a_space_in_the_wrong_place(m: Maker) -> Case:
    article = m.article() | {"author": m.people(4)}
    words = article["title"].split()
    at = m.random.randrange(1, len(words) - 1)
    title = " ".join([*words[:at], words[at] + words[at + 1][0], words[at + 1][1:], *words[at + 2 :]])
    right = {name: article[name] for name in ("author", "year", "journal")} | {"title": title}
    return m.pair(("article", "article"), article, right, FOUND)


@family
def one_paper_that_a_source_types_as_article(m: Maker) -> Case:
    work = m.work()
    left = work | {"journal": m.one(["TIDE", "WALLS", "HARB"])}
    right = work | {"journal": "Proceedings of the International Conference on Tidal Walls"}
    return m.pair(("article", "article"), left, right, FOUND)
