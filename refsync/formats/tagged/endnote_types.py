"""EndNote's reference types by name and number, and their codes in RIS."""

ENDNOTE_TYPES = {
    "Journal Article": (17, "JOUR"), "Book": (6, "BOOK"), "Book Section": (5, "CHAP"),
    "Conference Paper": (47, "CPAPER"), "Conference Proceedings": (10, "CONF"), "Thesis": (32, "THES"),
    "Report": (27, "RPRT"), "Web Page": (12, "ELEC"), "Electronic Article": (43, "EJOUR"),
    "Newspaper Article": (23, "NEWS"), "Magazine Article": (19, "MGZN"), "Edited Book": (28, "EDBOOK"),
    "Electronic Book": (44, "EBOOK"), "Electronic Book Section": (60, "ECHAP"), "Generic": (13, "GEN"),
    "Dataset": (59, "DATA"), "Computer Program": (9, "COMP"), "Patent": (25, "PAT"), "Standard": (58, "STAND"),
    "Unpublished Work": (34, "UNPB"), "Manuscript": (36, "MANSCPT"), "Personal Communication": (26, "PCOMM"),
    "Blog": (56, "BLOG"), "Serial": (57, "SER"), "Pamphlet": (24, "PAMP"), "Catalog": (8, "CTLG"),
    "Classical Work": (49, "CLSWK"), "Ancient Text": (51, "ANCIENT"), "Dictionary": (52, "DICT"),
    "Encyclopedia": (53, "ENCYC"), "Government Document": (46, "GOVDOC"), "Grant": (54, "GRNT"),
    "Aggregated Database": (55, "AGGR"), "Online Database": (45, "DBASE"), "Online Multimedia": (48, "MULTI"),
    "Statute": (31, "STAT"), "Bill": (4, "BILL"), "Case": (7, "CASE"), "Hearing": (14, "HEAR"),
    "Legal Rule or Regulation": (50, "LEGAL"), "Artwork": (2, "ART"), "Audiovisual Material": (3, "ADVS"),
    "Film or Broadcast": (21, "MPCT"), "Music": (61, "MUSIC"), "Map": (20, "MAP"), "Figure": (37, "FIGURE"),
    "Chart or Table": (38, "CHART"), "Equation": (39, "EQUA"), "Podcast": (62, "SOUND"),
    "Interview": (64, "PCOMM"), "Press Release": (63, "PRESS"), "Multimedia Application": (65, "MULTI"),
    "Social Media": (66, "ELEC"), "Discussion Forum": (67, "ELEC"), "Television Episode": (68, "VIDEO"),
    "Conference Review": (10, "CONF"),
}  # fmt: skip
_BY_NUMBER = {str(number): code for number, code in reversed(ENDNOTE_TYPES.values())}
_BY_NAME = {name.lower(): code for name, (_, code) in ENDNOTE_TYPES.items()}
_BY_CODE = {code: (name, number) for name, (number, code) in reversed(ENDNOTE_TYPES.items())}


def ris_code(name: str, number: str = "") -> str:
    """The RIS code of an EndNote type by its name, else by its number; an unknown name is returned as it is."""
    return _BY_NAME.get(name.strip().lower()) or _BY_NUMBER.get(number.strip()) or name.strip() or "GEN"


def endnote_type(code: str) -> tuple[str, int]:
    """The name and number of an EndNote type by its RIS code; `Generic` for an unknown code."""
    return _BY_CODE.get(code, ("Generic", 13))
