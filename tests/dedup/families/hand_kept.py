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

DIFFERENT = frozenset({"different"})


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


@family
def parts_and_title_additions_in_fields(m: Maker) -> Case:
    work, name = m.work(), m.one(["part", "titleaddon"])
    x, y = m.one(["1/2", "I/II", "Part A/Part B", "Spring season/Autumn season"]).split("/")
    work |= {"publisher": m.one(PUBLISHERS)} if name == "part" else {"booktitle": m.one(MEETINGS)}
    type_ = "book" if name == "part" else "inproceedings"
    return m.pair((type_, type_), work | {name: x}, work | {name: y}, APART)


@family
def talks_at_two_meetings(m: Maker) -> Case:
    work, (x, y) = m.work(), m.two(FAMILY_NAMES)
    left, right = work | {"note": f"Talk at {x} Tidal Days"}, work | {"note": f"Poster, Forum of Walls, {y}burg"}
    return m.pair(("misc", "misc"), left, right, NOT_MERGED)


@family
def an_enlarged_version_in_other_languages(m: Maker) -> Case:
    work = m.work()
    mark = m.one([" (erweiterte Fassung)", " (version longue)", " (versión extendida)", " (versione estesa)"])
    left = work | {"title": work["title"] + mark}
    return m.pair(("misc", "inproceedings"), left, work | {"booktitle": m.one(MEETINGS)}, VERSION)


@family
def a_translated_title_with_one_doi(m: Maker) -> Case:
    work = m.work() | {"doi": f"10.5555/{m.number(100000, 999999)}"}
    return m.pair(("article", "article"), work, work | {"title": "Jahreszeitliches Wachstum von Moosen"}, FOUND)


@family
def a_copy_in_a_data_archive(m: Maker) -> Case:
    article = m.article()
    left = {n: article[n] for n in ("title", "author", "year")}
    left |= {"journal": m.one(["Zenodo", "figshare"]), "doi": f"10.5281/zenodo.{m.number(10**6, 10**7)}"}
    return m.pair(("article", "article"), left, article, VERSION)


@family
def a_review_a_year_later_under_the_authors_of_its_book(m: Maker) -> Case:
    book = m.work() | {"publisher": m.one(PUBLISHERS)}
    first = m.random.randint(20, 400)
    review = {n: book[n] for n in ("title", "author")} | {"journal": "Annals of Harbour Studies", "volume": "7"}
    review |= {"pages": f"{first}--{first + m.random.randint(0, 4)}", "year": str(int(book["year"]) + 1)}
    return m.pair(("book", "article"), book, review, APART)


@family
def two_installments_with_numbers(m: Maker) -> Case:
    base = {"author": m.people(1), "journal": "Quarterly of Walls", "volume": "3", "year": "1937"}
    title, number = f"Words of {m.one(FAMILY_NAMES)}ville", m.random.randint(2, 8)
    roman = "I II III IV V VI VII VIII IX X".split()
    left = base | {"title": f"{title} ({roman[number - 1]})", "number": str(number), "pages": "1--29"}
    right = base | {"title": f"{title} ({roman[number]})", "number": str(number + 1), "pages": "1--35"}
    return m.pair(("article", "article"), left, right, DIFFERENT)


@family
def two_chapters_by_number_and_title_on_one_page(m: Maker) -> Case:
    x, y = m.two(FAMILY_NAMES)
    base = {"author": m.people(1), "year": "2006", "booktitle": m.title(), "publisher": m.one(PUBLISHERS)}
    left = base | {"title": x, "chapter": "18", "pages": "513--519"}
    return m.pair(("inbook", "inbook"), left, base | {"title": y, "chapter": "19", "pages": "513--520"}, DIFFERENT)


@family
def the_pages_of_the_chapter_before(m: Maker) -> Case:
    base = {"year": "1995", "booktitle": m.title(), "publisher": m.one(PUBLISHERS), "pages": "121--154"}
    a, b, c, d = m.random.sample(FAMILY_NAMES, 4)
    stem = f"{m.one(NOUNS)} and seasonal experience"
    left = base | {"title": stem.capitalize(), "author": f"{a}, A. and {b}, B."}
    right = base | {"title": f"Methods in training the young: {stem}", "author": f"{c}, C. and {d}, D."}
    return m.pair(("incollection", "incollection"), left, right, DIFFERENT)


@family
def two_parts_of_a_grammar_with_one_isbn(m: Maker) -> Case:
    work = m.work() | {"author": m.people(1), "publisher": m.one(PUBLISHERS), "isbn": "978-0-306-40615-7"}
    stem = f"Grammar of {m.one(FAMILY_NAMES)}"
    left, right = (work | {"title": f"{stem}: {part}"} for part in ("the verb", "nouns in groups"))
    return m.pair(("book", "book"), left, right, DIFFERENT)


@family
def notes_of_a_workshop_and_its_proceedings(m: Maker) -> Case:
    base = {"title": m.one(MEETINGS), "editor": m.people(), "year": "1998", "publisher": m.one(PUBLISHERS)}
    return m.pair(("proceedings", "proceedings"), base | {"pages": "102"}, base | {"pages": "346"}, NOT_MERGED)


@family
def an_edition_typed_after_the_title(m: Maker) -> Case:
    work = m.work() | {"author": m.people(1), "publisher": m.one(PUBLISHERS)}
    typed = m.one(["{}. Lantern Books, new edition", "{}. 2nd ed.", "{}. London: Moss, third edition"])
    return m.pair(("book", "book"), work, work | {"title": typed.format(work["title"])}, VERSION)


@family
def a_word_that_the_title_has_twice(m: Maker) -> Case:
    work = m.work() | {"publisher": m.one(PUBLISHERS)}
    noun = m.one(NOUNS)
    left = work | {"title": f"Language and power: the politics of {noun} on the stage of {noun} politics"}
    right = work | {"title": f"Language and power: the politics of {noun} on the stage of {noun}"}
    return m.pair(("book", "book"), left, right, FOUND)


@family
def two_documents_of_one_site(m: Maker) -> Case:
    base = {"title": f"Database of {m.one(NOUNS)}", "author": m.people(1), "year": "2001"}
    left = base | {"url": "https://tides.example"}
    right = base | {"title": f"{base['title']}: introductory text", "url": "https://tides.example/texts/intro.pdf"}
    return m.pair(("misc", "misc"), left, right, DIFFERENT)
