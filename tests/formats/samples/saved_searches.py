"""Invented pages of search engines, as browsers save or copy them."""

from tests.formats.samples.shown_papers import WITH_INITIALS, WITHOUT_ABSTRACTS, SavedPage

DBLP = """dblp: Jane Doe

2024
[j2]
view
electronic edition via DOI (open access)
references & citations
export record
dblp key:
journals/kelp/DoeR24
ask others
share record
Jane Doe, Ann Roe:
Patience: Bending Kelp with Language Models. J. Kelp Sci. 3(1): 1-9 (2024)
2023
[c1]
view
Ed Poe:
Quiet Moss. MossConf 2023: 11-19
[i1]
Mia Moe, Al Noe, Ann Roe:
Does Lichen Forget? CoRR abs/2312.01234 (2023)
"""
SEMANTIC_SCHOLAR = """Skip to search form
Skip to main content
Semantic Scholar's Logo
Search
About 1,240 results for "kelp"
Fields of Study
Date Range
Has PDF
Sort by Relevance

Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe
Computer Science, Biology
Journal of Kelp
5 January 2024

TLDR
It is shown that kelp is patient, and that this can be measured in tanks of any size. Expand

12
PDF
View PDF on arXiv
Save
Alert
Cite

Quiet Moss
Ed Poe
Biology
2023

3
Save
Alert
Cite

Does Lichen Forget?
Mia Moe, Al Noe, Ann Roe
Biology
Journal of Moss
1 March 2022

Save
Alert
Cite
"""
S2GLUED = """Semantic Scholar's Logo
Search 214,000,000 papers from all fields of science
Patience: Bending Kelp with Language Models
Jane DoeAnn Roe
Journal of Kelp
2024
TLDR
It is shown that kelp is patient, and that this can be measured in tanks of any size. Expand
12
PDF
Save
Alert
Cite
Quiet Moss
Ed Poe
Biology
2023
3
Save
Alert
Cite
Does Lichen Forget?
Mia MoeAl NoeAnn Roe
Journal of Moss
1 March 2022
Save
Alert
Cite
"""
SCHOLAR = """Articles
About 1,240 results (0.05 sec)

[PDF] example.org
Patience: Bending Kelp with Language Models
J Doe, A Roe - Journal of Kelp, 2024 - Elsevier
… bends with the tide, and it bends no less when it is watched. We measure in twelve tanks how fast …
Save Cite Cited by 12 Related articles All 5 versions

[HTML][HTML] Quiet Moss
E Poe - arXiv preprint arXiv:2312.01234, 2023 - arxiv.org
We present a benchmark of quiet moss with 1,200 walls …
☆ Save 99 Cite Cited by 3 Related articles

[BOOK][B] Does Lichen Forget?
M Moe, A Noe, A Roe - 2019 - books.google.com
Save Cite Cited by 2 Related articles All 2 versions Library Search

Create alert
Previous Next
Privacy Terms Help
"""
PUBMED_RESULTS = """1
Patience: bending kelp with language models.
Doe J, Roe A.
J Kelp. 2024 Jan 5;3(1):1-9. doi: 10.5555/kelp.1. Epub 2023 Dec 1.
PMID: 12345678 Free PMC article.
Kelp bends with the tide, and it bends no less when it is watched. ...
Cite
Share
Item in Clipboard

2
Quiet moss.
Poe E.
Moss (Basel). 2023 Nov;16(3):e123. doi: 10.5555/moss.1.
PMID: 12345679 Review.
Cite
Share
Item in Clipboard
"""
IEEE = """Showing 1-3 of 3 results for kelp
Results
Patience: Bending Kelp with Language Models
Jane Doe; Ann Roe
MossConf 2024
Publication Year: 2024, Page(s): 1 - 9
Cited by: Papers (3)
Abstract
HTML

Quiet Moss
Ed Poe
IEEE Transactions on Moss
Year: 2023 | Volume: 3, Issue: 1 | Journal Article | Publisher: IEEE
Cited by: Papers (1)

Does Lichen Forget?
Mia Moe; Al Noe; Ann Roe
2022 Conference on Lichen (CL)
Year: 2022 | Conference Paper | Publisher: IEEE
"""
BIORXIV = """Patience: Bending Kelp with Language Models

Jane Doe, Ann Roe
bioRxiv 2024.01.05.574321; doi: https://doi.org/10.1101/2024.01.05.574321
Abstract
Full Text
Info/History

Quiet Moss

Ed Poe
bioRxiv 2023.12.03.569876; doi: https://doi.org/10.1101/2023.12.03.569876
"""

SEARCHES = {
    "dblp": SavedPage(DBLP, WITHOUT_ABSTRACTS),
    "Semantic Scholar": SavedPage(SEMANTIC_SCHOLAR, WITHOUT_ABSTRACTS),
    "Semantic Scholar, names without spaces": SavedPage(S2GLUED, WITHOUT_ABSTRACTS),
    "Google Scholar": SavedPage(SCHOLAR, WITH_INITIALS),
    "PubMed, results": SavedPage(
        PUBMED_RESULTS,
        (("Patience: bending kelp with language models.", "Doe, J and Roe, A", ""), ("Quiet moss.", "Poe, E", "")),
    ),
    "IEEE": SavedPage(IEEE, WITHOUT_ABSTRACTS),
    "bioRxiv": SavedPage(BIORXIV, WITHOUT_ABSTRACTS[:2]),
}
