"""Invented pages of archives and collections, as browsers save or copy them."""

from tests.formats.samples.shown_papers import A1, A2, A3, PAPERS, TITLES, WITHOUT_ABSTRACTS, SavedPage

ARXIV_SEARCH = f"""Skip to main content
Cornell University
We gratefully acknowledge support from the Simons Foundation, member institutions, and all contributors. Donate
arxiv logo

    Help
    | Advanced Search

Showing 1–3 of 3 results for all: kelp
Search v0.5.6 released 2020-02-24
Feedback?

Search term or terms
kelp
Field
All fields
Search
Show abstracts
Hide abstracts
Advanced Search
50
results per page.

Sort results by
Announcement date (newest first)
Go

    arXiv:2401.00001 [pdf, ps, other]
    cs.CL
    cs.LG

    Patience: Bending Kelp with Language Models
    Authors: Jane Doe, Ann Roe

    Abstract: Kelp bends with the tide, and it bends no less when it is watched. We measure in twelve tanks… ▽ More
    {A1} △ Less

    Submitted 5 January, 2024; originally announced January 2024.

    Comments: 9 pages, 3 figures

    arXiv:2312.01234 [pdf, html, other]
    cs.CV
    doi
    10.5555/moss.12

    Quiet Moss
    Authors: Ed Poe

    Abstract: {A2}

    Submitted 28 December, 2023; v1 submitted 3 December, 2023; originally announced December 2023.

    Journal ref: Journal of Moss 3 (2024) 1-9

    arXiv:hep-th/9901001 [pdf]
    hep-th
    Does Lichen Forget?
    Authors:
    Mia Moe
    ,
    Al Noe
    ,
    Ann Roe

    Abstract:
    {A3} △ Less
    Submitted 4 January, 1999; originally announced January 1999.

    About
    Help

    contact arXivClick here to contact arXiv
    Contact
    subscribe to arXiv mailingsClick here to subscribe
    Subscribe

    Copyright
    Privacy Policy

    Web Accessibility Assistance

    arXiv Operational Status
    Get status notifications via email or slack
"""
ARXIV_NEW = f"""Computation and Language

Showing new listings for Friday, 5 January 2024

Total of 3 entries
Showing up to 2000 entries per page: fewer | more | all

New submissions (showing 2 of 2 entries)

[1] arXiv:2401.00001 [pdf, html, other]
    Title: Patience: Bending Kelp with Language Models
    Jane Doe, Ann Roe
    Comments: 9 pages, 3 figures
    Subjects: Computation and Language (cs.CL); Machine Learning (cs.LG)

    {A1}

[2] arXiv:2401.00002 [pdf, other]
    Title: Quiet Moss
    Ed Poe
    Subjects: Computation and Language (cs.CL)

    {A2}

Cross submissions (showing 1 of 1 entries)

[3] arXiv:2401.00003 (cross-list from cs.CV) [pdf, html, other]
    Title: Does Lichen Forget?
    Mia Moe, Al Noe, Ann Roe
    Comments: Accepted at MossConf 2024
    Journal-ref: Journal of Moss 3 (2024) 1-9
    DOI: 10.5555/moss.12
    Subjects: Computer Vision and Pattern Recognition (cs.CV)

    {A3}

Total of 3 entries
Showing up to 2000 entries per page: fewer | more | all
About Help
contact arXiv Contact
Copyright Privacy Policy
"""
ARXIV_OLD = """We gratefully acknowledge support from
the Simons Foundation and member institutions.

Information Retrieval

Authors and titles for recent submissions
    Fri, 5 Jan 2024
    Thu, 4 Jan 2024

[ total of 3 entries: 1-3 ]
[ showing up to 25 entries per page: fewer | more ]

Fri, 5 Jan 2024 (showing 3 of 3 entries)

[1]  arXiv:2401.00001 [pdf, other]
Title: Patience: Bending Kelp with Language Models
Authors: Jane Doe, Ann Roe
Comments: 6 pages, accepted by MossConf 2024
Subjects: Information Retrieval (cs.IR); Artificial Intelligence (cs.AI)

[2]  arXiv:2401.00002 [pdf, other]
Title:
    Quiet Moss
Authors:
    Ed Poe
Subjects:
    Information Retrieval (cs.IR)

[3]  arXiv:2401.00003 [pdf]
Title: Does Lichen Forget?
Authors: Mia Moe, Al Noe, Ann Roe
Subjects: Information Retrieval (cs.IR)
"""
ACL = f"""ACL Anthology
    News(current)
    FAQ(current)
    Corrections(current)
    Submissions(current)
    Github

Proceedings of the 9th Annual Meeting of the Moss Association (Volume 1: Long Papers)
Iris Boe, Tom Goe (Editors)

Anthology ID:
    2024.moss-long
Month:
    July
Year:
    2024
Address:
    Mosstown, Mossland
Venue:
    MOSS
SIG:
Publisher:
    Moss Association
URL:
    https://aclanthology.org/2024.moss-long
DOI:
Bib Export formats:
    BibTeX MODS XML EndNote

pdf bib
Proceedings of the 9th Annual Meeting of the Moss Association (Volume 1: Long Papers)
Iris Boe | Tom Goe

pdf bib abs
Patience: Bending Kelp with Language Models
Jane Doe | Ann Roe

{A1}

pdf bib abs
Quiet Moss
Ed Poe

{A2}

pdf bib abs
Does Lichen Forget?
Mia Moe | Al Noe | Ann Roe

{A3}

up

ACL materials are Copyright © 1963–2024 ACL;
other materials are copyrighted by their respective copyright holders. Permission is granted \
to make copies for the purposes of teaching and research.

The ACL Anthology is managed and built by the ACL Anthology team of volunteers.

Site last built on 05 January 2024 at 07:12 UTC with commit abcdef0.
"""
VOLUME = (
    "Proceedings of the 9th Annual Meeting of the Moss Association (Volume 1: Long Papers)",
    "Iris Boe and Tom Goe",
    "",
)
ACL_GLUED = """ACL Anthology
pdfbibabsPatience: Bending Kelp with Language Models
Jane Doe | Ann Roe
pdfbibabsQuiet Moss
Ed Poe
pdf bib Does Lichen Forget?
Mia Moe | Al Noe | Ann Roe
"""
OPENREVIEW = f"""OpenReview.net
Login

Go to MossConf 2024 Conference homepage
MossConf 2024 Oral

Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Hide details
Keywords: kelp, language models, patience
TL;DR: Kelp is patient.
Abstract: {A1}
Primary Area: general kelp
Submission Number: 12

Quiet Moss
Ed Poe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Hide details
Keywords: moss
Abstract: {A2}
Submission Number: 35

Does Lichen Forget?
Mia Moe, Al Noe, Ann Roe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Hide details
Abstract: {A3}
Submission Number: 77

    «
    1
    2
    »

About OpenReview
Hosting a Venue
All Venues
Contact
Feedback
Sponsors
Terms of Use
Privacy Policy

OpenReview is a long-term project to advance science through improved peer review, with legal nonprofit status.
"""
HUGGING_FACE = """Hugging Face

    Models
    Datasets
    Spaces
    Docs
    Pricing

    Log In
    Sign Up

Daily Papers
byAK and the research community

    Daily
    Weekly
    Monthly

Trending Papers
Submitted by
jdoe

57
Patience: Bending Kelp with Language Models

· 2 authors
3
Submitted by
mossfan

21
Quiet Moss

·
1 authors
1
Submitted by
al-noe

8
Does Lichen Forget?

· 3 authors
2

Previous
Jan 4
Company
TOS
Privacy
About
Careers
"""

LISTINGS = {
    "arXiv, search": SavedPage(ARXIV_SEARCH, PAPERS),
    "arXiv, new": SavedPage(ARXIV_NEW, PAPERS),
    "arXiv, recent": SavedPage(ARXIV_OLD, WITHOUT_ABSTRACTS),
    "ACL Anthology": SavedPage(ACL, (VOLUME, *PAPERS)),
    "ACL Anthology, buttons before titles": SavedPage(ACL_GLUED, WITHOUT_ABSTRACTS),
    "OpenReview": SavedPage(OPENREVIEW, PAPERS),
    "Hugging Face, daily": SavedPage(HUGGING_FACE, TITLES),
}
