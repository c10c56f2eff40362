"""Invented pages of search engines with all that surrounds their papers: menus, filters, notices, footers."""

SCHOLAR_COPIED = """Loading...
The system can't perform the operation now. Try again later.
Citations per year
Duplicate citations
Skip to search resultsSkip to navigation menu
Sign in
Articles
Scholar
About 3,450,000 results (0.07 sec)
My profile
My library
Any time
Since 2024
Since 2023
Since 2020
Custom range...
Sort by relevance
Sort by date
Any type
Review articles
include patents
include citations
Create alert

[PDF] neurips.cc
[PDF] Patience is all kelp needs
A Roe, N Poe, N Moe, J Doe… - Advances in kelp …, 2017 - proceedings.neurips.cc
… to attend to all positions in the tank up to and including that position. We need to prevent
leftward information flow in the tank to preserve the auto-regressive property. We implement this …
Save Cite Cited by 133456 Related articles All 91 versions View as HTML

Patience is all kelp needs again
Related searches
kelp noise
kelp attention in tanks
Kelp: A survey of tides
MH Guo, TX Xu, JJ Liu, ZN Liu, PT Jiang, TJ Mu… - Computational visual …, 2022 - Springer
… In this survey, we provide a comprehensive review of various kelp …
Save Cite Cited by 2100 Related articles All 12 versions

1 2 3 4 5 6 7 8 9 10 Next
Privacy Terms Help
About Scholar
Search help
"""

PUBMED_COPIED = """NIH National Library of Medicine
National Center for Biotechnology Information
Log in
Search PubMed
kelp noise
Advanced Create alert Create RSS
User Guide
Save
Email
Send to
Sort by:
Best match
Display options
MY CUSTOM FILTERS
2 results
RESULTS BY YEAR
Reset
TEXT AVAILABILITY
Abstract
Free full text
Full text
Page 1 of 1

1
Cite
Share
Patience of kelp in tanks: a trial.
Doe J, Roe A, Poe E.
J Kelp. 2024 Jan 5;3(1):1-9. doi: 10.5555/kelp.1. Epub 2023 Dec 1.
PMID: 12345678
Free PMC article.
Clinical Trial.
Kelp bends with the tide, and it bends no less when it is watched. ...METHODS: We measure in twelve tanks. ...

2
Cite
Share
Quiet moss speaks at last.
Poe E.
Moss (Basel). 2023 Nov;16(3):e123. doi: 10.5555/moss.1.
PMID: 12345679
Review.
No abstract available.

Page 1 of 1
FOLLOW NCBI
"""

SEMANTIC_SCHOLAR_COPIED = """Skip to search form
Skip to main content
Skip to account menu
Semantic Scholar
Semantic Scholar's Logo
Search 225,158,301 papers from all fields of science

Search

Sign In
Create Free Account
About 12,300 results for “kelp noise”

Fields of Study

Date Range
Has PDF
Author
Journals & Conferences
Sort by Relevance
Patience of Kelp in Tanks: a Study
J. DoeA. Roe+2 authorsE. Poe
Environmental Science, Computer Science
Journal of Kelp
5 January 2024
TLDR
It is shown that kelp is patient, and that this can be measured.Expand
12
[PDF]

3 Excerpts

Save

Alert
Cite
Quiet Moss Speaks at Last
E. PoeM. Moe
Biology
Moss
2021
... but moss does speak, in the end, when walls are wet and towns are quiet …Expand
View on Moss
Save
Alert
Cite
1
2
3
What Is Semantic Scholar?
Semantic Scholar is a free, AI-powered research tool for scientific literature, based at the Allen Institute for AI.
Learn More
About
About Us
Meet the Team
"""

DBLP_COPIED = """dblp
Blog
Statistics
Update feed
XML dump
RDF dump
Browse
Persons
Conferences
Journals
Series
Repositories
Search
Search dblp
> Home > Persons
Jane Doe
Person information

affiliation: University of Kelp, Department of Moss
Other persons with the same name

Jane Doe 0002 — University of Lichen
Refine list

showing all 3 records
2020 – today
see FAQ

2024
[j2]
Jane Doe, Ann Roe, Ed Poe:
Patience of Kelp in Tanks. IEEE Trans. Kelp Mach. Intell. 46(3): 1234-1250 (2024)
[c1]
Ed Poe, Jane Doe:
Quiet Moss Speaks at Last. ICML 2024
[i1]
Mia Moe, Jane Doe:
Old Lichen: Does It Remember the Churches? CoRR abs/2401.01234 (2024)
Coauthor Index

see FAQ

manage site settings
To protect your privacy, all features that rely on external API calls from your browser are turned off by default.
last updated on 2024-12-01 00:12 CET by the dblp team
all metadata released as open data under CC0 1.0 license
see also: Terms of Use | Privacy Policy | Imprint
"""
