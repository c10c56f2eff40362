"""Words of titles that say something about a work instead of naming it."""

SMALL_WORDS = frozenset(
    "the a an of on in for and to with by at from as its their s is are or into via using de la le les des du et "
    "zu uber sur sobre om su "
    "l d el los las y en un una der die das den dem und zur zum im von fur für ein eine il "
    "lo gli di e del della".split()
)
"""Articles and prepositions of European languages, folded."""

FORM_WORDS = frozenset(
    "versione "
    "extended expanded full long longer short shortened complete revised updated preliminary draft version "
    "versions paper abstract abridged summary report technical tech rep working discussion preprint postprint "
    "poster demo demonstration session invited talk keynote tutorial panel slides video code data dataset "
    "datasets software artifact artifacts supplement supplementary supplemental material materials appendix "
    "thesis dissertation phd master masters manuscript unpublished ph d ma msc bsc habil online edition ed edn "
    "erweitert erweiterte erweiterten uberarbeitete vollstandige kurzfassung longue courte etendue abregee "
    "extendida ampliada resumida completa estesa ampliata breve estendida reprint reprinted coq isabelle "
    "mechanization experiments replication gekurzte fassung langfassung computer program package".split()
)
"""They name the form of a work: `extended version`, `technical report`, `data set`."""

SHORTENED_WORDS = frozenset("abridged gekurzte gekurzt gekurzter teildruck teilabdruck auszug kurzfassung".split())
"""A work whose title has one of these beyond another title is a shortened form of that one."""

EVENT_WORDS = frozenset("tutorial panel session keynote talk abstract extended short invited summary".split())
"""They name how a paper was presented; some sources leave them out."""

EDITION_WORDS = frozenset("edition ed edn version release".split())
"""They stand before the number of an edition or release."""

PART_WORDS = frozenset(
    "introduction introductory overview preface foreword conclusion conclusions epilogue afterword index "
    "exercises workbook solutions einleitung einfuhrung vorwort ubungen arbeitsheft introduccion prologo epilogo "
    "manual handbook guide documentation installation user users "
    "apresentacao introducao avant propos postface exercices exercicen glossary bibliography appendix chapter".split()
)
"""A part of a book that has the title of the whole."""

NOTICE_WORDS = frozenset(
    "correction corrections corrigendum corrigenda erratum errata addendum addenda reply response responses "
    "rejoinder comment comments commentary discussion retraction retracted review reviews editorial letter "
    "critique criticism remark remarks note notes s answer author authors publisher editor editors kommentar "
    "erwiderung replik berichtigung rezension besprechung reponse commentaire replique recension compte rendu "
    "respuesta comentario replica resena correccion further some invited book".split()
)
"""A notice about another work, with that work's title: a correction, a reply, a review."""
