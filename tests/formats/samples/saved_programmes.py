"""Invented pages of conferences, as browsers save or copy them."""

import textwrap

from tests.formats.samples.shown_papers import A1, A2, A3, PAPERS, WITHOUT_ABSTRACTS, SavedPage

VIRTUAL = f"""Skip to yearly menu bar Skip to main content
Main Navigation
MossConf
Help/FAQ
Contact MossConf
Code of Ethics
Create Profile
Privacy Policy
My Stuff
Login

Poster
Patience: Bending Kelp with Language Models
Jane Doe · Ann Roe
Great Hall & Hall B1+B2 (level 1) #1234
[ Abstract ]
[ Project Page ] [ OpenReview ]
Tue 12 Dec 8:45 a.m. PST — 10:45 a.m. PST

{A1}

Poster
Quiet Moss
Ed Poe
Great Hall & Hall B1+B2 (level 1) #321
[ Abstract ]
[ OpenReview ]
Tue 12 Dec 8:45 a.m. PST — 10:45 a.m. PST

{A2}

Spotlight Poster
Does Lichen Forget?
Mia Moe · Al Noe · Ann Roe
Great Hall & Hall B1+B2 (level 1) #77
[ Abstract ]
[ OpenReview ]
Tue 12 Dec 8:45 a.m. PST — 10:45 a.m. PST

{A3}

The MossConf Logo above may be used on presentations.
Useful links
"""
VIRTUAL_TITLES = """Skip to yearly menu bar Skip to main content
MossConf 2024 Papers
Layout:
mini
compact
topic
detail
Patience: Bending Kelp with Language Models
Jane Doe · Ann Roe
Quiet Moss
Ed Poe
Does Lichen Forget?
Mia Moe · Al Noe · Ann Roe
"""
VIRTDETAIL = f"""Poster
Patience: Bending Kelp with Language Models
Jane Doe · Ann Roe
[ Exhibit Hall, Poster 4-6 pm ]
Abstract
{A1}
Show more
View full details
Poster
Quiet Moss
Ed Poe
[ Exhibit Hall, Poster 4-6 pm ]
Abstract
{A2}
Show more
View full details
Oral
Does Lichen Forget?
Mia Moe · Al Noe · Ann Roe
[ Hall A1 ]
Abstract
{A3}
Show more
View full details
"""
CVF = """MossVision 2024 open access

These MossVision 2024 papers are the Open Access versions, provided by the Computer Vision Foundation.
Except for the watermark, they are identical to the accepted versions;
the final published version of the proceedings is available elsewhere.

Powered by:

Back

Patience: Bending Kelp with Language Models
    Jane Doe, Ann Roe
    [pdf] [supp] [arXiv]
    [bibtex]

Quiet Moss
    Ed Poe
    [pdf] [supp]
    [bibtex]

Does Lichen Forget?
    Mia Moe, Al Noe, Ann Roe
    [pdf]
    [bibtex]
"""
PMLR = """Proceedings of Machine Learning Research

Volume 202: International Conference on Kelp, 23-29 July 2023, Mosstown, Mossland

[edit]

Editors: Iris Boe, Tom Goe

[bib][citeproc]

Patience: Bending Kelp with Language Models

Jane Doe, Ann Roe; Proceedings of the 4th International Conference on Kelp, PMLR 202:1-22

[abs][Download PDF][OpenReview]

Quiet Moss

Ed Poe; Proceedings of the 4th International Conference on Kelp, PMLR 202:23-40

[abs][Download PDF]

Does Lichen Forget?

Mia Moe, Al Noe, Ann Roe; Proceedings of the 4th International Conference on Kelp, PMLR 202:41-60

[abs][Download PDF]
"""
TA = "\n\n".join(f"{title}\n\n{people}\n\n{abstract}" for title, people, abstract in PAPERS)
TAN = TA.replace("\n\n", "\n")
CONF = f"""MossConf 2024 Accepted Papers

Patience: Bending Kelp with Language Models
Jane Doe (University of Kelp), Ann Roe (Moss Institute)
Abstract: {A1}

Quiet Moss
Ed Poe (University of Kelp)
Abstract: {A2}

Does Lichen Forget?
Mia Moe (Moss Institute), Al Noe (Moss Institute), Ann Roe (Moss Institute)
Abstract: {A3}
"""
CONF2 = f"""Accepted Papers
Title: Patience: Bending Kelp with Language Models
Authors: Jane Doe, Ann Roe
Abstract:
{A1}

Title: Quiet Moss
Authors: Ed Poe
Abstract:
{A2}
"""
NUM = f"""1. Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe, Ed Poe
{A1}

2. Quiet Moss
Ed Poe, Mia Moe, Al Noe
{A2}

3. Does Lichen Forget?
Mia Moe, Al Noe, and Ann Roe
{A3}
"""
AFF = f"""Patience: Bending Kelp with Language Models
Jane Doe, Ann Roe, Ed Poe
Department of Kelp, University of Moss, Mossland
Moss Institute, Mosstown
{A1}

Quiet Moss
Ed Poe, Ann Roe, Mia Moe
Moss Institute, Mosstown
{A2}
"""
FF = f"""ACL Anthology </>

  * News(current) </posts/>
  * FAQ(current) </faq/>

    Proceedings of the 9th Annual Meeting of the Moss Association (Volume
    1: Long Papers)

Iris Boe </people/i/iris-boe/>, Tom Goe </people/t/tom-goe/> (Editors)

pdf <https://aclanthology.org/2024.moss-long.1.pdf> bib
</2024.moss-long.1.bib> abs <#abstract-1>
*Patience: Bending Kelp with Language Models </2024.moss-long.1/>*
Jane Doe </people/j/jane-doe/> | Ann Roe </people/a/ann-roe/>

{textwrap.fill(A1, 72)}

pdf <https://aclanthology.org/2024.moss-long.2.pdf> bib
</2024.moss-long.2.bib> abs <#abstract-2>
*Quiet Moss </2024.moss-long.2/>*
Ed Poe </people/e/ed-poe/>

{textwrap.fill(A2, 72)}
"""
WRAPPED = f"""[1] arXiv:2401.00001 [pdf, html, other]
    Title: Patience, or How We Learned to Stop Measuring and Love the
    Bending of Kelp in Twelve Tanks
    Authors: Jane Doe, Ann Roe
    Subjects: Computation and Language (cs.CL)

{textwrap.indent(textwrap.fill(A1, 72), "    ")}

[2] arXiv:2401.00002 [pdf, other]
    Title: Quiet Moss
    Authors: Ed Poe
    Subjects: Computation and Language (cs.CL)

{textwrap.indent(textwrap.fill(A2, 72), "    ")}
"""

FIRST_IN_MANY_WORDS = (
    "Patience, or How We Learned to Stop Measuring and Love the Bending of Kelp in Twelve Tanks",
    *PAPERS[0][1:],
)
THREE_EACH = (
    (PAPERS[0][0], "Jane Doe and Ann Roe and Ed Poe", A1),
    (PAPERS[1][0], "Ed Poe and Mia Moe and Al Noe", A2),
    PAPERS[2],
)
PROGRAMMES = {
    "virtual conference": SavedPage(VIRTUAL, PAPERS),
    "virtual conference, titles": SavedPage(VIRTUAL_TITLES, WITHOUT_ABSTRACTS),
    "virtual conference, details": SavedPage(VIRTDETAIL, PAPERS),
    "CVF": SavedPage(CVF, WITHOUT_ABSTRACTS),
    "PMLR": SavedPage(PMLR, WITHOUT_ABSTRACTS),
    "title, people, abstract": SavedPage(TA, PAPERS),
    "title, people, abstract, dense": SavedPage(TAN, PAPERS),
    "accepted papers with affiliations": SavedPage(CONF, PAPERS),
    "accepted papers with labels": SavedPage(CONF2, PAPERS[:2]),
    "a numbered list": SavedPage(NUM, THREE_EACH),
    "affiliations below people": SavedPage(AFF, (THREE_EACH[0], (PAPERS[1][0], "Ed Poe and Ann Roe and Mia Moe", A2))),
}
WRAPPED_PAGES = {
    "ACL Anthology with addresses": SavedPage(FF, PAPERS[:2]),
    "arXiv": SavedPage(WRAPPED, (FIRST_IN_MANY_WORDS, PAPERS[1])),
}
