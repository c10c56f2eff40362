"""Subfields of OpenAlex for papers whose category of arXiv lies within one of them.

A subfield is given where its category is sure, and never otherwise: the nearest topics of OpenAlex give the right
subfield to .70 of the papers for which they find one with a probability of .6, and to .82 from .9 on.

Categories that OpenAlex divides among subfields (cs.SE, cs.CR, quant-ph, econ.GN, most of physics.*) are left out.
"""

from typing import Final

from refsync.classify.fields import DOMAIN_NAMES, DOMAINS

_CATEGORIES: Final = {
    "Algebra and Number Theory": "math.AC math.GR math.NT math.QA math.RA math.RT",
    "Artificial Intelligence": "cs.AI cs.CL cs.LG cs.NE stat.ML",
    "Astronomy and Astrophysics": "astro-ph.CO astro-ph.EP astro-ph.GA astro-ph.HE astro-ph.IM astro-ph.SR",
    "Atomic and Molecular Physics, and Optics": "cond-mat.quant-gas physics.atm-clus physics.atom-ph physics.optics",
    "Atmospheric Science": "physics.ao-ph",
    "Computational Theory and Mathematics": "cs.CC cs.DS",
    "Computer Graphics and Computer-Aided Design": "cs.GR",
    "Computer Networks and Communications": "cs.NI",
    "Computer Vision and Pattern Recognition": "cs.CV",
    "Condensed Matter Physics": "cond-mat.str-el cond-mat.supr-con",
    "Control and Systems Engineering": "eess.SY",
    "Discrete Mathematics and Combinatorics": "math.CO",
    "Economics and Econometrics": "econ.EM econ.TH",
    "Finance": "q-fin.CP q-fin.GN q-fin.MF q-fin.PM q-fin.PR q-fin.RM q-fin.ST q-fin.TR",
    "Geometry and Topology": "math.AG math.AT math.DG math.GN math.GT math.MG math.SG",
    "Geophysics": "physics.geo-ph",
    "Hardware and Architecture": "cs.AR",
    "Human-Computer Interaction": "cs.HC",
    "Mathematical Physics": "math-ph math.OA math.SP",
    "Nuclear and High Energy Physics": "hep-ex hep-lat hep-ph hep-th nucl-ex nucl-th physics.acc-ph",
    "Numerical Analysis": "math.NA",
    "Statistical and Nonlinear Physics": "cond-mat.stat-mech nlin.AO nlin.CD nlin.PS nlin.SI",
    "Statistics and Probability": "math.PR math.ST stat.CO stat.ME",
}
_FIELDS: Final = {
    "Computer Science": (
        *("Artificial Intelligence", "Computational Theory and Mathematics", "Computer Networks and Communications"),
        *("Computer Graphics and Computer-Aided Design", "Computer Vision and Pattern Recognition"),
        *("Hardware and Architecture", "Human-Computer Interaction"),
    ),
    "Earth and Planetary Sciences": ("Atmospheric Science", "Geophysics"),
    "Economics, Econometrics and Finance": ("Economics and Econometrics", "Finance"),
    "Engineering": ("Control and Systems Engineering",),
    "Mathematics": (
        *("Algebra and Number Theory", "Discrete Mathematics and Combinatorics", "Geometry and Topology"),
        *("Mathematical Physics", "Numerical Analysis", "Statistics and Probability"),
    ),
    "Physics and Astronomy": (
        *("Astronomy and Astrophysics", "Atomic and Molecular Physics, and Optics", "Condensed Matter Physics"),
        *("Nuclear and High Energy Physics", "Statistical and Nonlinear Physics"),
    ),
}
SUBFIELDS: Final[dict[str, str]] = {
    category: subfield for subfield, categories in _CATEGORIES.items() for category in categories.split()
}
"""Category to subfield."""
FIELD_OF: Final[dict[str, str]] = {subfield: field for field, subfields in _FIELDS.items() for subfield in subfields}
"""Subfield to field."""
_AREAS: Final = frozenset((*DOMAINS, *DOMAIN_NAMES))


def subfield_of(category: str | None, area: str | None = None) -> str | None:
    """The subfield that a category lies within; None where there is none.

    Args:
        category: of arXiv, or None.
        area: the area that the paper gets, in which the subfield has to be if it is a field or a domain.

    >>> subfield_of("cs.CV", "Computer Science"), subfield_of("cs.SE"), subfield_of("cs.CV", "Engineering")
    ('Computer Vision and Pattern Recognition', None, None)
    """
    subfield = SUBFIELDS.get(category) if category else None
    if subfield is None or (area in _AREAS and area not in (FIELD_OF[subfield], DOMAINS[FIELD_OF[subfield]])):
        return None
    return subfield
