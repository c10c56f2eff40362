"""Invented pages of one paper, as browsers save or copy them."""

from tests.formats.samples.shown_papers import A1, ONE, SavedPage

ABS = f"""Skip to main content
Cornell University
We gratefully acknowledge support from the Simons Foundation, member institutions, and all contributors. Donate
arxiv logo > cs > arXiv:2401.00001

Help | Advanced Search
All fields
Search

Computer Science > Computation and Language
arXiv:2401.00001 (cs)
[Submitted on 5 Jan 2024 (v1), last revised 3 Feb 2024 (this version, v2)]
Title:Patience: Bending Kelp with Language Models
Authors:Jane Doe, Ann Roe
View a PDF of the paper titled Patience: Bending Kelp with Language Models, by Jane Doe and 1 other authors
View PDF HTML (experimental)

    Abstract:{A1}

Comments:   9 pages, 3 figures
Subjects:   Computation and Language (cs.CL); Machine Learning (cs.LG)
Cite as:   arXiv:2401.00001 [cs.CL]
    (or arXiv:2401.00001v2 [cs.CL] for this version)
    https://doi.org/10.48550/arXiv.2401.00001
Focus to learn more
Submission history
From: Jane Doe [view email]
[v1] Fri, 5 Jan 2024 12:00:00 UTC (1,234 KB)
[v2] Sat, 3 Feb 2024 12:00:00 UTC (1,235 KB)
Full-text links:
Access Paper:

    View PDF
    HTML (experimental)
    TeX Source

view license
Current browse context:
cs.CL
< prev   |   next >
new | recent | 2024-01
Change to browse by:
cs
cs.LG
References & Citations

    NASA ADS
    Google Scholar
    Semantic Scholar

export BibTeX citation
Bookmark
BibSonomy logo Reddit logo
Bibliographic Tools
Bibliographic and Citation Tools
Bibliographic Explorer Toggle
Bibliographic Explorer (What is the Explorer?)
Connected Papers Toggle
Connected Papers (What is Connected Papers?)
Code, Data, Media
Demos
Related Papers
About arXivLabs
Which authors of this paper are endorsers? | Disable MathJax (What is MathJax?)
About
Help
"""
ACL1 = f"""Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe
Abstract
{A1}
Anthology ID:
2024.moss-long.1
Volume:
Proceedings of the 9th Annual Meeting of the Moss Association (Volume 1: Long Papers)
Month:
July
Year:
2024
Address:
Mosstown, Mossland
Editors:
Iris Boe, Tom Goe
Venue:
MOSS
SIG:
Publisher:
Moss Association
Note:
Pages:
1–9
Language:
URL:
https://aclanthology.org/2024.moss-long.1
DOI:
10.5555/2024.moss-long.1
Bibkey:
doe-roe-2024-patience
Cite (ACL):
Jane Doe and Ann Roe. 2024. Patience: Bending Kelp with Language Models. In Proceedings of the 9th Annual Meeting \
of the Moss Association (Volume 1: Long Papers), pages 1–9, Mosstown, Mossland. Moss Association.
Cite (Informal):
Patience: Bending Kelp with Language Models (Doe & Roe, MOSS 2024)
Copy Citation:
BibTeX Markdown MODS XML Endnote More options…
PDF:
https://aclanthology.org/2024.moss-long.1.pdf
"""
FORUM = f"""OpenReview.net
Search OpenReview...
Login
back arrow Go to MossConf 2024 Conference homepage
Patience: Bending Kelp with Language Models
Download PDF
Jane Doe, Ann Roe, Ed Poe
Published: 16 Jan 2024, Last Modified: 05 Mar 2024
MossConf 2024 oral
Everyone
Revisions
BibTeX
Code Of Ethics: I acknowledge that I and all co-authors of this work have read and commit to adhering to the Code \
of Ethics.
Keywords: kelp, patience
TL;DR: Kelp is patient.
Abstract: {A1}
Primary Area: general kelp
Submission Number: 12
Add: Public Comment

Filter by reply type...
Filter by author...
Search keywords...
Sort: Newest First
12 / 12 replies shown
Paper Decision
Decision by Program Chairs
16 Jan 2024, 12:00
Everyone
Revisions
Title: Paper Decision
Decision: Accept (oral)
Add: Public Comment
Meta Review of Submission12 by Area Chair abcd
Meta Review by Area Chair abcd
05 Dec 2023, 10:00
Everyone
Metareview: The paper shows that kelp is patient. All reviewers agree that the experiments are convincing, and \
that the writing is clear and that it should be accepted.
Justification For Why Not Higher Score: N/A
Official Review of Submission12 by Reviewer xyz1
Official Review by Reviewer xyz1
30 Oct 2023
Everyone
Summary: The paper studies the patience of kelp in twelve tanks. The authors propose a linear model of current and \
light and show that it explains most of what happens.
Strengths: The paper is well written, and the tanks are large. The experiments are convincing and the related work \
is discussed at length and with care for detail.
Weaknesses: Only twelve tanks. It remains unclear whether the result holds in the sea, and whether patience is the \
right word for what is measured here.
Questions: How deep are the tanks?
Soundness: 3 good
Rating: 8: accept, good paper
Confidence: 4: You are confident in your assessment, but not absolutely certain.
"""
NIPS = f"""NeurIPS Proceedings
Search

Patience: Bending Kelp with Language Models

Part of Advances in Neural Information Processing Systems 36 (NeurIPS 2023) Main Conference Track

Bibtex Paper Supplemental

Authors

Jane Doe, Ann Roe

Abstract

{A1}

Do not remove: This comment is monitored to verify that the site is working properly
"""
HF1 = f"""Hugging Face
Models
Datasets
Spaces
Papers
arxiv:2401.00001

Patience: Bending Kelp with Language Models

Published on Jan 5
· Submitted by
jdoe on Jan 6
#2 Paper of the day
Upvote
33

+25

Authors:

Jane Doe
,

Ann Roe

Abstract

{A1}

View arXiv page
View PDF
Project page
GitHub
12
Add to collection
Community
jdoe
Paper author
Paper submitter
Jan 6

We are happy to share our work!
Reply
librarian-bot
Jan 7

This is an automated message from the Librarian Bot. I found the following papers similar to this paper.

The following papers were recommended by the Semantic Scholar API

Listening to Moss in Winter (2023)
Lichen and Its Discontents (2024)

Please give a thumbs up to this comment if you found it helpful!
Sign up or log in to comment
Models citing this paper 0
No model linking this paper
Cite arxiv.org/abs/2401.00001 in a model README.md to link it from this page.
Datasets citing this paper 0
No dataset linking this paper
Spaces citing this paper 0
Collections including this paper 1
"""

PAPER_PAGES = {
    "arXiv, one paper": SavedPage(ABS, ONE),
    "ACL Anthology, one paper": SavedPage(ACL1, ONE),
    "OpenReview, one paper with reviews": SavedPage(FORUM, ((ONE[0][0], "Jane Doe and Ann Roe and Ed Poe", A1),)),
    "proceedings, one paper": SavedPage(NIPS, ONE),
    "Hugging Face, one paper": SavedPage(HF1, ONE),
}
