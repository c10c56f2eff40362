"""Invented pages with all that surrounds their papers: menus, filters, notices, footers."""

from tests.formats.samples.copied_searches import DBLP_COPIED, PUBMED_COPIED, SCHOLAR_COPIED, SEMANTIC_SCHOLAR_COPIED
from tests.formats.samples.shown_papers import A1, A2, A3, SavedPage

OPENREVIEW_COPIED = """OpenReview.net
Search OpenReview...
Login
back arrowGo to MossConf 2024 Conference homepage
MossConf 2024 Conference
MossConf 2024 Conference Submissions
Accept (oral)
Accept (poster)
Reject
Recent Activity
Patience of Kelp in Tanks
pdf icon
html icon
Jane Doe, Ann Roe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Show details
Quiet Moss Speaks at Last
pdf icon
html icon
Ed Poe, Al Noe, Mia Moe, Tom Goe, Iris Boe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Show details
Old Lichen Remembers the Churches
pdf icon
Al Noe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Readers: Everyone
Show details
1
2
3
About OpenReview
"""

CVF_COPIED = """CVPR 2024 open access
These CVPR 2024 papers are the Open Access versions, provided by the
Computer Vision Foundation.
Except for the watermark, they are identical to the accepted versions; the final published version
of the proceedings is available on IEEE Xplore.
This material is presented to ensure timely dissemination of scholarly and technical work. Copyright
and all rights therein are retained by authors or by other copyright holders. All persons copying
this information are expected to adhere to the terms and constraints invoked by each author's copyright.
Powered by:
Back

Patience of Kelp in Tanks
Jane Doe, Ann Roe
[pdf] [supp] [arXiv]
[bibtex]
Quiet Moss Speaks at Last
Ed Poe, Al Noe, Mia Moe
[pdf] [supp]
[bibtex]
"""

ARXIV_COPIED = """Skip to main content
Cornell University
We are hiring
We gratefully acknowledge support from the Simons Foundation, member institutions, and all contributors. Donate
Help | Advanced Search
All fields
Search
Showing 1–50 of 1,234 results for all: kelp noise
Search v0.5.6 released 2020-02-24
All fields
Search
 Show abstracts Hide abstracts
Advanced Search
50
results per page. Sort results by
Announcement date (newest first)
Go
Next
1
2
3
…
arXiv:2503.07891 [pdf, other] cs.CV cs.AI
Patience of Kelp in Tanks
Authors: Jane Doe, Ann Roe
Abstract: …with the tide, and it bends no less when it is watched. We measure in twelve tanks how fast… ▽ More
Submitted 10 March, 2025; originally announced March 2025.
Comments: 12 pages; code at https://example.org
ACM Class: I.2.7
arXiv:2503.07860 [pdf, html, other] cs.CL
Quiet Moss Speaks at Last: A Benchmark, a Model, and a Few Words on Lichen
Authors: Ed Poe
Abstract: We present a benchmark of quiet moss… ▽ More
Submitted 11 March, 2025; v1 submitted 10 March, 2025; originally announced March 2025.
Next
1
2
About
Help
 contact arXivClick here to contact arXiv Contact
 subscribe to arXiv mailingsClick here to subscribe Subscribe
Copyright
Privacy Policy
Web Accessibility Assistance
arXiv Operational Status
Get status notifications via email or slack
"""

VIRTUAL_COPIED = f"""Skip to yearly menu bar Skip to main content


Main Navigation
conference_logo
MossConf
Help/FAQ
Contact MossConf
Code of Ethics
Code of Conduct
Create Profile
Journal To Conference Track
Diversity & Inclusion
Proceedings
Future Meetings
Press
Exhibitor Information
Privacy Policy
Downloads
My Stuff
Login
Select Year: (2024)
2026
2025
2024
2023
Getting Started
Schedule
Tutorials
Main Conference
Community
Exhibitors
Organizers
Help
Poster
Session 1: Poster Session 1 East
Poster Session 1 East

East Exhibit Hall A-C
Wed 11 Dec 11 a.m. PST — 2 p.m. PST
Abstract:
Chat is not available.

East Exhibit Hall A-C #1000
Patience of Kelp in Tanks
Jane Doe · Ann Roe
{A1}

East Exhibit Hall A-C #1001
Quiet Moss Speaks at Last
Ed Poe
{A2}

East Exhibit Hall A-C #1002
Old Lichen Remembers the Churches
Al Noe · Mia Moe · Tom Goe
{A3}

Successful Page Load
MossConf uses cookies for essential functions only. We do not sell your personal information. Our Privacy Policy »
Accept
The MossConf Logo above may be used on presentations. Right-click and choose download. It is a vector graphic \
and may be used at any scale.
Useful links
About MossConf
Press
Exhibitor Information
Help
Contact
1269 Law St, San Diego CA 92109
Email
Proceedings
MossConf Proceedings
"""

VIRTUAL_FILTERS = """MossConf 2024 Papers
Layout:
mini
compact
topic
detail
No topics available
No sessions available
title
author
topic
session
shuffle
by
serendipity
bookmarked first
visited first
not visited first
bookmarked but not visited
Enable Javascript in your browser to see the papers page.
Patience of Kelp in Tanks
Jane Doe · Ann Roe
Quiet Moss Speaks at Last
Ed Poe
Moss Again
Al Noe · Mia Moe · Tom Goe
"""

HUGGING_FACE_COPIED = """Hugging Face's logo
Hugging Face
Models
Datasets
Spaces
Community
Docs
Enterprise
Pricing
Log In
Sign Up
Daily Papers
byAK and the research community
Search by arxiv id or title
Get trending papers in your email inbox once a day!
Get trending papers in your email inbox!
Subscribe
Daily
Weekly
Monthly
Previous
Mar 12
Next
Submitted by

akhaliq

28
Patience of Kelp in Tanks

· 12 authors
3
Submitted by

jdoe

15
Quiet Moss Speaks at Last

Kelp University
·
5 authors
2
Upvote
6
Old Lichen Remembers the Churches
·
1 author
"""

K, M, L = "Patience of Kelp in Tanks", "Quiet Moss Speaks at Last", "Old Lichen Remembers the Churches"
COPIED_PAGES = {
    "Google Scholar": SavedPage(
        SCHOLAR_COPIED,
        (
            ("Patience is all kelp needs", "A Roe and N Poe and N Moe and J Doe and others", ""),
            ("Kelp: A survey of tides", "MH Guo and TX Xu and JJ Liu and ZN Liu and PT Jiang and TJ Mu and others", ""),
        ),
    ),
    "OpenReview": SavedPage(
        OPENREVIEW_COPIED,
        (
            (K, "Jane Doe and Ann Roe", ""),
            (M, "Ed Poe and Al Noe and Mia Moe and Tom Goe and Iris Boe", ""),
            (L, "Al Noe", ""),
        ),
    ),
    "PubMed": SavedPage(
        PUBMED_COPIED,
        (
            ("Patience of kelp in tanks: a trial.", "Doe, J and Roe, A and Poe, E", ""),
            ("Quiet moss speaks at last.", "Poe, E", ""),
        ),
    ),
    "CVF": SavedPage(CVF_COPIED, ((K, "Jane Doe and Ann Roe", ""), (M, "Ed Poe and Al Noe and Mia Moe", ""))),
    "arXiv": SavedPage(
        ARXIV_COPIED,
        (
            (
                K,
                "Jane Doe and Ann Roe",
                "…with the tide, and it bends no less when it is watched. We measure in twelve tanks how fast…",
            ),
            (
                "Quiet Moss Speaks at Last: A Benchmark, a Model, and a Few Words on Lichen",
                "Ed Poe",
                "We present a benchmark of quiet moss…",
            ),
        ),
    ),
    "virtual conference": SavedPage(
        VIRTUAL_COPIED,
        ((K, "Jane Doe and Ann Roe", A1), (M, "Ed Poe", A2), (L, "Al Noe and Mia Moe and Tom Goe", A3)),
    ),
    "virtual conference, filters": SavedPage(
        VIRTUAL_FILTERS,
        ((K, "Jane Doe and Ann Roe", ""), (M, "Ed Poe", ""), ("Moss Again", "Al Noe and Mia Moe and Tom Goe", "")),
    ),
    "Hugging Face": SavedPage(HUGGING_FACE_COPIED, ((K, "", ""), (M, "", ""), (L, "", ""))),
    "Semantic Scholar": SavedPage(
        SEMANTIC_SCHOLAR_COPIED,
        ((f"{K}: a Study", "J. Doe and A. Roe and E. Poe", ""), (M, "E. Poe and M. Moe", "")),
    ),
    "dblp": SavedPage(
        DBLP_COPIED,
        (
            (K, "Jane Doe and Ann Roe and Ed Poe", ""),
            (M, "Ed Poe and Jane Doe", ""),
            ("Old Lichen: Does It Remember the Churches?", "Mia Moe and Jane Doe", ""),
        ),
    ),
}
