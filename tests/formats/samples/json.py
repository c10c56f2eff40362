"""Items of CSL-JSON and of Zotero's JSON, and an entry in LaTeX; texts are invented."""

import json

CSL_ITEM = {
    "id": "moss20",
    "type": "article-journal",
    "title": "The Patience of Moss",
    "container-title": "Journal of Moss",
    "container-title-short": "J. Moss",
    "author": [
        {"family": "Doe", "given": "Jane", "non-dropping-particle": "van"},
        {"family": "Roe", "given": "Max", "suffix": "Jr."},
        {"literal": "Centre for Kelp and Moss"},
    ],
    "issued": {"date-parts": [[2020, 3, 7]]},
    "volume": 7,
    "issue": "2",
    "page": "101-115",
    "DOI": "10.1000/moss",
    "keyword": "moss; patience, long",
    "accessed": {"date-parts": [[2021, 1, 2]]},
    "illustrator": [{"literal": "Poe"}],
    "dimensions": "3 by 4",
}
CSL_FIELDS = {
    "title": "The Patience of Moss",
    "journal": "Journal of Moss",
    "shortjournal": "J. Moss",
    "author": "van Doe, Jane and Roe, Jr., Max and {Centre for Kelp and Moss}",
    "year": "2020",
    "month": "March",
    "day": "7",
    "volume": "7",
    "number": "2",
    "pages": "101--115",
    "doi": "10.1000/moss",
    "keywords": "moss; patience, long",
    "urldate": "2021-01-02",
    "csl-illustrator": "Poe",
    "csl-dimensions": "3 by 4",
}


def json_file(*items: object) -> bytes:
    return json.dumps(items).encode()


LATEX = (
    r"@article{m, author = {M{\"u}ller, J}, title = {{DNA} \& Moss}, year = 2020, ris-x1 = {a}, doi = {10.1000/a_b}}"
)


ZOTERO_ITEM = {
    "key": "ABCD2345", "version": 7, "data": {
        "key": "ABCD2345", "itemType": "journalArticle", "title": "The Patience of Moss", "date": "2020-03-07",
        "creators": [{"creatorType": "author", "lastName": "Doe", "firstName": "Jane"}], "DOI": "10.1000/moss",
        "publicationTitle": "Journal of Moss", "tags": [{"tag": "moss"}], "collections": [], "relations": {},
    },
}  # fmt: skip
