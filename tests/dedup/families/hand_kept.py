"""Families of pairs from libraries that people keep by hand, and from sources that put values in the wrong field."""

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


@family
def a_reader_printed_again_a_year_later(m: Maker) -> Case:
    base = {"title": f"{m.one(NOUNS).capitalize()} of {m.one(FAMILY_NAMES)} [school reader], rep. 32 pp"}
    base |= {"author": m.people(), "year": "1991", "howpublished": "(200)"}
    right = base | {"year": "1992", "journal": "(300)", "volume": "I"}
    del right["howpublished"]
    return m.pair(("misc", "article"), base, right, NOT_MERGED)


@family
def a_set_of_volumes_and_one_of_them(m: Maker) -> Case:
    base = m.work() | {"publisher": m.one(PUBLISHERS)}
    some = m.one(["1--4", "1, 2", "2 and 3", "10, 12"])
    return m.pair(("book", "book"), base | {"volume": some}, base | {"volume": some.split()[0][:2].strip("-,")}, APART)


@family
def a_set_by_its_years(m: Maker) -> Case:
    base = m.work() | {"publisher": m.one(PUBLISHERS)}
    later = str(int(base["year"]) + 3)
    return m.pair(("book", "book"), base, base | {"year": f"{base['year']}--{later}"}, NOT_MERGED)


@family
def two_chapters_under_the_title_of_their_book(m: Maker) -> Case:
    title, editor = m.title(), m.people(1)
    base = {"title": title, "year": "2015", "publisher": m.one(PUBLISHERS)}
    one, other = m.random.sample(FAMILY_NAMES, 2)
    left = base | {"author": f"{one}, Ada and {editor}", "booktitle": m.title(), "pages": "11--34"}
    right = base | {"author": f"{other}, Leon and {editor}", "booktitle": m.title(), "pages": "141--160"}
    return m.pair(("incollection", "incollection"), left, right, APART)


@family
def a_book_and_a_chapter_under_its_title(m: Maker) -> Case:
    base = m.work() | {"publisher": m.one(PUBLISHERS)}
    return m.pair(("book", "incollection"), base, base | {"booktitle": m.title(), "pages": "11--34"}, APART)


@family
def a_thesis_and_its_short_print(m: Maker) -> Case:
    base = m.work() | {"author": m.people(1), "school": "University of Galicia"}
    mark = m.one([". Teildruck", " (Auszug)", ": Gekürzte Fassung", ", abridged"])
    return m.pair(("phdthesis", "phdthesis"), base, base | {"title": base["title"] + mark}, VERSION)


@family
def a_talk_that_its_address_names(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")}
    left |= {"address": f"Paper given at the Meeting on {m.one(NOUNS)}, {m.one(FAMILY_NAMES)}ville"}
    return m.pair(("misc", "article"), left, article, VERSION)


@family
def a_review_brought_up_to_date(m: Maker) -> Case:
    number = f"CD00{m.number(1000, 9999)}"
    base = m.work() | {"journal": "Cochrane Database of Systematic Reviews", "pages": number}
    left = base | {"doi": f"10.1002/14651858.{number}.pub2", "year": "2009"}
    right = base | {"doi": f"10.1002/14651858.{number}.pub3", "year": "2014", "number": "3"}
    if m.random.random() < 0.5:
        del left["doi"]
    return m.pair(("article", "article"), left, right, VERSION)


@family
def data_named_after_its_paper(m: Maker) -> Case:
    article = m.article()
    name = m.one(["Replication data for: {}", "Code and data of the paper {}", "{}: supplementary code"])
    left = {"title": name.format(article["title"]), "author": article["author"], "year": article["year"]}
    return m.pair(("misc", "article"), left | {"publisher": "Zenodo"}, article, VERSION)


@family
def proceedings_of_two_years(m: Maker) -> Case:
    base = {"title": m.one(MEETINGS), "publisher": m.one(PUBLISHERS)}
    return m.pair(("proceedings", "proceedings"), base | {"year": "2012"}, base | {"year": "2015"}, APART)


@family
def a_site_and_its_manual(m: Maker) -> Case:
    base = {"title": f"{m.one(NOUNS).upper()}, a parallel model of walls", "author": "{Wall authors}", "year": "2021"}
    right = base | {"title": f"{base['title']}: {m.one(['Installation manual', 'User guide', 'Documentation'])}"}
    left = base | {"url": "https://walls.example"}
    return m.pair(("misc", "unpublished"), left, right | {"url": "https://walls.example/docs", "note": "Draft"}, APART)


@family
def letters_mistyped(m: Maker) -> Case:
    article = m.article()
    del article["pages"]
    words = article["title"].split()
    at = m.random.choice([i for i, word in enumerate(words) if len(word) > 4])
    place = m.random.randrange(1, len(words[at]) - 2)
    words[at] = words[at][:place] + words[at][place + 1] + words[at][place] + words[at][place + 2 :]
    return m.pair(("article", "article"), article, article | {"title": " ".join(words)}, FOUND)


@family
def title_and_proceedings_swapped(m: Maker) -> Case:
    work = m.work() | {"pages": m.pages()}
    meeting = f"Proceedings of the Meeting on {m.one(NOUNS)}"
    swapped = work | {"title": meeting, "booktitle": work["title"]}
    return m.pair(("inproceedings", "inproceedings"), work | {"booktitle": meeting}, swapped, SAME)


@family
def a_reference_typed_after_the_title(m: Maker) -> Case:
    article = m.article()
    people = " and ".join(" ".join(reversed(name.split(", "))) for name in article["author"].split(" and "))
    typed = f"{article['title']} {people} {article['journal']} {article['year']}"
    return m.pair(("article", "misc"), article, {"title": typed, "year": article["year"]}, FOUND)


@family
def a_venue_for_the_authors(m: Maker) -> Case:
    article = m.article()
    right = {n: article[n] for n in ("title", "year", "volume", "pages")} | {"author": article["journal"]}
    return m.pair(
        ("article", "article"), article, right, FOUND | {"different"} if "Letters" in right["author"] else FOUND
    )


@family
def roman_and_arabic_volumes(m: Maker) -> Case:
    article = m.article() | {"volume": "14"}
    return m.pair(("article", "article"), article, article | {"volume": m.one(["XIV", "xiv", "XIV."])}, SAME)


@family
def a_thesis_defended_and_printed(m: Maker) -> Case:
    thesis = m.work() | {"author": m.people(1), "school": "University of Galicia"}
    return m.pair(("phdthesis", "phdthesis"), thesis, thesis | {"year": str(int(thesis["year"]) + 2)}, FOUND)
