"""Entry types and fields that programs know: BibTeX's styles, BibLaTeX's data model, reference managers, services.

Sources: BibTeXing, 3.1 and 3.2; the biblatex manual, 2.1 and 2.2; the documentation of natbib, IEEEtran, REVTeX,
JabRef, BibDesk, Mendeley, Zotero (Better BibTeX), DBLP, ADS, the ACM, MathSciNet and zbMATH, Beebe's bibliographies.
"""

ENTRY_TYPES = frozenset(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings "
    "techreport unpublished "
    "mvbook bookinbook suppbook collection mvcollection suppcollection dataset online patent periodical suppperiodical "
    "mvproceedings reference mvreference inreference report set software thesis xdata electronic www customa customb "
    "customc customd custome customf artwork audio bibnote commentary image jurisdiction legislation legal letter "
    "movie music performance review standard video "
    "ieeetranbstctl control softwareversion softwaremodule codefragment preprint periodicals webpage website blog talk "
    "presentation poster video game map newspaper magazine bachelorsthesis bathesis mathesis candthesis dissertation "
    "lecture speech interview podcast webinar film internet url other hearing bill case statute law code treaty ebook "
    "acronym abbreviation symbol entry index unit constant".split()
)
"""Types of entries, in lower case."""

FIELDS = frozenset(
    # BibTeX and common styles
    "address annote author booktitle chapter crossref edition editor howpublished institution journal key month note "
    "number organization pages publisher school series title type volume year abstract affiliation contents copyright "
    "doi eid eprint isbn issn keywords keyword language lccn location mrnumber price size url urldate archiveprefix "
    "primaryclass archive collaboration numpages nationality dayfiled monthfiled yearfiled assignee day revision "
    "intype slaccitation bibinfo bibnamefont issue "
    # BibLaTeX
    "abstract addendum afterword annotation annotator authortype bookauthor bookpagination booksubtitle "
    "booktitleaddon commentator date editora editorb editorc editortype editoratype editorbtype editorctype eventdate "
    "eventtitle eventtitleaddon file foreword holder indextitle introduction isan ismn isrn issuesubtitle issuetitle "
    "issuetitleaddon iswc journalsubtitle journaltitle journaltitleaddon label library mainsubtitle maintitle "
    "maintitleaddon nameaddon origdate origlanguage origlocation origpublisher origtitle pagetotal pagination part "
    "pubstate reprinttitle shortauthor shorteditor shorthand shorthandintro shortjournal shortseries shorttitle "
    "subtitle titleaddon translator venue version volumes entryset execute gender langid langidopts ids "
    "indexsorttitle options presort related relatedoptions relatedtype relatedstring sortkey sortname sortshorthand "
    "sorttitle sortyear xdata xref eprintclass eprinttype entrysubtype hyphenation origyear pdf usera userb userc "
    "userd usere userf namea nameb namec nameatype namebtype namectype lista listb listc listd liste listf verba "
    "verbb verbc refsync-source "
    # reference managers and services
    "groups owner timestamp comment comments creationdate modificationdate citationkey priority qualityassured "
    "ranking readstatus relevance printed tags tag notes annotations attachments read rating added modified posted "
    "bibsource biburl ee citation citations references pmid pmcid arxiv arxivid adsurl adsnote adsurl zblnumber zbl "
    "zbmath fjournal mrclass mrreviewer mrkey zmnumber reviewer coden bibdate acknowledgement ajournal onlinedate "
    "urlaccessed lastchecked lastaccessed accessed acmid articleno issue_date source sourceid category categories "
    "class classification subject subjects topic topics description remark remarks review summary text quote quotes "
    "status stock rights license licence link links website web webpage homepage image images slides video videos "
    "talk poster code data dataset software project projects sponsor sponsors funding grant award awards pdfurl psurl "
    "ps html http urn handle hdl oclc asin lcc ddc udc callnumber shelf signature place country city region state "
    "province area lgcode inlg hhtype macro fn university department college company supervisor supervisors advisor "
    "advisors referee examiner committee thesistype degree period era age dates years names name id idx index "
    "identifier refid refnum number_pages nopages pagecount start end startpage endpage firstpage lastpage page_count "
    "issn_online eissn pissn essn isbn10 isbn13 eisbn format medium media platform channel publication conference "
    "confname meeting session track paper papers articleid article articlenumber reprint reprints reprinted "
    "translation translations original origauthor edited editions revised contributor contributors collaborator "
    "compiler illustrator director producer interviewer recipient photographer composer performer narrator speaker "
    "host guest sortby sort order file2 files keys cited citedby impact jif quartile affiliations email emails phone "
    "fax orcid institutionaddress".split()
)
"""Names of fields, in lower case: known ones, and private ones that are common, so that they are no misspellings."""

MEANT_FIELDS = frozenset(
    "address author booktitle chapter crossref edition editor howpublished institution journal journaltitle keywords "
    "month number organization pages publisher school series title volume year date doi eprint isbn issn url abstract "
    "location translator subtitle maintitle archiveprefix primaryclass eprinttype urldate language".split()
)
"""Fields that a misspelt name can be meant for: those that styles print or programs read."""

MEANT_TYPES = frozenset(
    "article book booklet inbook incollection inproceedings manual mastersthesis misc phdthesis proceedings techreport "
    "unpublished online thesis report collection dataset software patent periodical reference".split()
)
"""Types that a misspelt one can be meant for."""
