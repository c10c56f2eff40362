"""An invented library in which exactly `PAIRS` pairs are uncertain."""

from pathlib import Path

PAIRS = 30

_SUBJECTS = """lichens mosses ferns barnacles otters herons crabs eels kelp plankton gulls terns seals limpets
 mussels urchins puffins algae sponges shrimps herrings oysters whelks dunes currents storms foghorns lanterns
 anchors ferries""".split()
_PLACES = """walls slates cliffs quays barns locks marshes reefs dykes canals jetties roofs beacons meadows ponds
 weirs shores cellars towers bridges fjords moors islands heaths caves rapids orchards gravels estuaries
 lagoons""".split()
_REGIONS = """Ostrand Velmark Tirsund Kaldvik Nordhaven Siltoe Grimholm Asker Bredfjord Ulvoya Ravnsborg Lindesnes
 Havnar Skagen Torsby Mandal Vestby Drammen Hjelm Orsta Klinten Sandvik Molde Farsund Tynset Roros Nesodden Halden
 Kragero Larvik""".split()
_NAMES = """Ebert Quay Moss Halvor Lind Tarn Birk Sund Vale Orme Rask Thorn Glen Frost Marsh Holt Beck Dahl Strand
 Fell Krog Nygaard Bast Wren Skov Tveit Lunde Aas Brekke Myhre""".split()


def write_library(folder: Path) -> Path:
    """Write the library: the records of every pair differ in the title, or every second time in the authors."""
    entries = []
    for i, (subject, place, region, name) in enumerate(zip(_SUBJECTS, _PLACES, _REGIONS, _NAMES, strict=True)):
        title = f"{subject.title()} on the {place} of {region}"
        author = f"{name}, Ida and Petri, Jonas"
        other_title, other_author = title, author
        if i % 2:
            other_author = f"{_NAMES[i - 1]}, Karl"
        else:
            other_title = title.replace(f"the {place}", f"the {place} and {_PLACES[i - 1]}")
        common = f"year = {{{1990 + i}}}, journal = {{Annals of {region}}}, volume = {{{i + 2}}}"
        entries.append(
            f"@article{{first{i}, title = {{{title}}}, author = {{{author}}}, {common}, doi = {{10.5555/{i}}}}}"
        )
        entries.append(f"@article{{second{i}, title = {{{other_title}}}, author = {{{other_author}}}, {common}}}")
    path = folder / "library.bib"
    path.write_text("\n".join(entries) + "\n", encoding="utf-8")
    return path
