"""One record in each of several formats, to be joined to texts of two formats."""

PARTS = {
    "bibtex": "@article{roe2020kelp,\n  author = {Roe, Ann},\n  title = {Kelp in Noise},\n  year = 2020\n}\n",
    "ris": "TY  - JOUR\nAU  - Poe, Ed\nTI  - Sand Under Wind\nPY  - 2019\nER  - \n",
    "nbib": "PMID- 123456\nTI  - Foam over tide pools\nAU  - Doe J\nDP  - 2018 Jan\n",
    "enw": "%0 Journal Article\n%A Oak, Ida\n%T Pollen in amber\n%D 2015\n",
    "wos": "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Ash, B\nTI Dunes that sing\nPY 2014\nER\n\nEF\n",
    "refworks": "RT Journal Article\nA1 Elder, Max\nT1 Tides without a moon\nYR 2011\n",
    "csljson": '[{"id": "x", "type": "article-journal", "title": "Lichen on slate", "author": [{"family": "Fern"}]}]\n',
    "csv": 'title,author,year\nReeds at dusk,"Elm, Hans",2016\n',
    "cslyaml": "references:\n- id: y\n  type: article-journal\n  title: Peat fires\n  author:\n  - family: Yew\n",
    "mods": '<?xml version="1.0"?>\n<mods><titleInfo><title>Salt crust</title></titleInfo></mods>\n',
}
TITLES = {
    "bibtex": "Kelp in Noise",
    "ris": "Sand Under Wind",
    "nbib": "Foam over tide pools",
    "enw": "Pollen in amber",
    "wos": "Dunes that sing",
    "refworks": "Tides without a moon",
    "csljson": "Lichen on slate",
    "csv": "Reeds at dusk",
    "cslyaml": "Peat fires",
    "mods": "Salt crust",
}
PAGE = """Publications

Kelp in Noise
Ann Roe
Kelp is loud. We measure the noise that it makes over three winters and find that it is louder than we are.
@article{roe2020kelp,
  author = {Roe, Ann},
  title = {{Kelp} in Noise},
  journal = {Moss Letters},
  year = 2020
}

Amber and time
Ann Roe, Ed Poe, Jane Doe
Abstract: We look at amber for a long time and find that it does not change, which surprises us somewhat.

Gravel rivers flowing north
Jane Doe, Hans Elm
Abstract: Gravel rivers are measured by hand over ten years, and the gravel is shown to move north slowly.

Contact us
"""
