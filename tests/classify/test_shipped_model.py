"""The shipped model. Titles and abstracts are invented for these tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from refsync.classify.model import SHIPPED, load_model
from refsync.classify.settings import AreaSettings
from refsync.classify.taxonomy import NAMES
from refsync.config import load_config
from tests.paths import ROOT

CONFIGS = ROOT / "configs"

PAPERS = {
    "cs.CV": (
        "Boundary-aware semantic segmentation of street scenes",
        "We present a convolutional network for semantic segmentation of images. A boundary branch sharpens object "
        "contours, and a multi-scale decoder fuses features of different resolution. On street-scene benchmarks our "
        "method improves mean intersection over union by two points over strong baselines without more parameters.",
    ),
    "cs.CL": (
        "Do language models know which word comes twice?",
        "We study how large language models handle repeated words in long prompts. We build a corpus of sentences in "
        "twelve languages, annotate them, and probe the attention heads. Machine translation and summarization suffer "
        "when a token repeats; a short instruction tuning on our data helps.",
    ),
    "math.NT": (
        "On the sum of digits of primes in arithmetic progressions",
        "Let q be a prime. We prove an asymptotic formula for the number of primes up to x in a progression "
        "whose sum of digits is even. The proof combines exponential sums with a large sieve inequality and bounds for "
        "Dirichlet L-functions near the critical line.",
    ),
    "astro-ph.GA": (
        "Quenching of star formation in dwarf satellite galaxies",
        "We use spectroscopy of 310 dwarf galaxies around Milky Way analogues to study how star formation ceases. "
        "Satellites within the virial radius are gas-poor and red. Ram pressure stripping in the circumgalactic medium "
        "of the host explains the quenched fraction as a function of stellar mass.",
    ),
    "hep-ph": (
        "Dark photon production in rare kaon decays",
        "We calculate the branching ratio of kaon decays into a dark photon beyond the Standard Model, including QCD "
        "corrections at next-to-leading order. Present limits from LHC and fixed-target experiments constrain the "
        "kinetic mixing; future searches will probe couplings motivated by dark matter.",
    ),
}
FOREIGN = {
    "German": "Wir untersuchen die Wirkung der Bodenfeuchte auf das Wachstum von Buchen und zeigen, dass Erträge in "
    "trockenen Jahren zurückgehen. Die Ergebnisse werden mit früheren Untersuchungen aus Bayern verglichen.",
    "French": "Nous étudions l'effet de la lumière sur la croissance des plantes et nous montrons que les feuilles "
    "jaunissent plus tôt quand les nuits sont fraîches. Ces résultats confirment des travaux plus anciens.",
    "Spanish": "Estudiamos cómo los vecinos de un barrio usan las plazas públicas en verano y mostramos que los "
    "árboles y los bancos cambian las costumbres de los mayores y de los niños.",
    "Polish": "Badamy wpływ wilgotności gleby na wzrost drzew i pokazujemy, że plony maleją w suchych latach. "
    "Wyniki porównujemy z wcześniejszymi badaniami.",
    "Russian": "Мы изучаем влияние влажности почвы на рост деревьев и показываем, что урожай падает в сухие годы.",
    "Chinese": "我们研究土壤湿度对树木生长的影响，结果表明干旱年份产量下降。 CNN",
    "gibberish": "Qrx vlom prenty skaldu wob trizzle enx morfa plind quost vebra lunt osk drill hep zanto ferb wix",
}


def test_every_category_of_arxiv_is_known() -> None:
    assert load_model().name == "arxiv-2026"
    assert set(load_model().classes) == set(NAMES)


def test_it_is_small() -> None:
    assert SHIPPED.stat().st_size <= 6_000_000


@pytest.mark.parametrize("area", PAPERS)
def test_a_typical_paper_gets_its_area(area: str) -> None:
    (tagging,) = load_model().tag([PAPERS[area]], AreaSettings())
    assert tagging.primary == area
    assert tagging.because
    text = "\n".join(PAPERS[area]).lower()
    assert all(reason in text for reason in tagging.because)


@pytest.mark.parametrize("area", ["cs.CV", "math.NT", "astro-ph.GA", "hep-ph"])
def test_a_title_alone_has_its_area_among_the_first(area: str) -> None:
    (tagging,) = load_model().tag([(PAPERS[area][0], "")], AreaSettings())
    assert area in [one.area for one in tagging.areas]


@pytest.mark.parametrize("language", FOREIGN)
def test_another_language_abstains(language: str) -> None:
    text = FOREIGN[language]
    for paper in ((text, ""), ("", text), (text[:60], text)):
        assert load_model().tag([paper], AreaSettings(min_accuracy=0))[0].abstained


def test_a_megabyte_of_text_is_tagged_quickly() -> None:
    title, abstract = PAPERS["cs.CV"]
    assert load_model().tag([(title, abstract * 3000)], AreaSettings())[0].primary == "cs.CV"


def test_tagging_needs_neither_scikit_learn_nor_scipy() -> None:
    code = (
        "import sys; from refsync.classify.model import load_model; from refsync.classify.settings import AreaSettings;"
        "load_model().tag([('Graphs', 'Trees')], AreaSettings());"
        "sys.exit(any(name.split('.')[0] in ('sklearn', 'scipy', 'pandas') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_new_papers_get_the_accuracy_that_was_asked_for() -> None:
    pq = pytest.importorskip("pyarrow.parquet", reason="reading the evaluation data needs pyarrow")
    data = Path("../shared/data/areas/validation.parquet")
    if not data.exists():
        pytest.skip("the evaluation data are not here")
    table = pq.read_table(data, columns=["title", "abstract", "categories"]).slice(0, 2000).to_pylist()
    taggings = load_model().tag([(row["title"], row["abstract"]) for row in table], AreaSettings(min_accuracy=0.9))
    hits = [one.primary in row["categories"].split() for one, row in zip(taggings, table, strict=True) if one.primary]
    assert sum(hits) / len(hits) > 0.87
    assert len(hits) > 600


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("areas*.toml")), ids=lambda path: path.stem)
def test_worked_examples_fit_the_model(path: Path) -> None:
    settings = load_config(str(path)).areas
    taggings = load_model().tag([*PAPERS.values(), (FOREIGN["German"], "")], settings)
    assert [tagging.abstained for tagging in taggings][-1]
    given = {area.area for tagging in taggings for area in tagging.areas}
    assert given & set(settings.map) or not settings.map
    assert not given & set(settings.drop)


def test_a_coarse_area_is_more_probable_than_its_categories() -> None:
    coarse = AreaSettings(map={"stars and particles": ("astro-ph", "hep-ph", "hep-ex")}, only_mapped=True)
    for area in ("astro-ph.GA", "hep-ph"):
        (tagging,) = load_model().tag([PAPERS[area]], coarse)
        (plain,) = load_model().tag([PAPERS[area]], AreaSettings())
        assert tagging.primary == "stars and particles"
        assert tagging.areas[0].probability >= plain.areas[0].probability


def test_markup_changes_nothing() -> None:
    title, abstract = PAPERS["cs.CV"]
    marked = (
        "<jats:p>" + abstract.replace("segmentation", "<i>segmentation</i>").replace(" and ", " &amp; ") + "</jats:p>"
    )
    (plain,) = load_model().tag([(title, abstract)], AreaSettings())
    (tagged,) = load_model().tag([(f"<b>{title}</b>", marked)], AreaSettings())
    assert (tagged.primary, tagged.areas, tagged.because) == (plain.primary, plain.areas, plain.because)


@pytest.mark.parametrize("area", PAPERS)
def test_an_abstract_needs_no_title(area: str) -> None:
    (tagging,) = load_model().tag([("", PAPERS[area][1])], AreaSettings())
    assert area in [one.area for one in tagging.areas]


def test_an_empty_library_has_no_tags() -> None:
    assert load_model().tag([], AreaSettings(fallback="archive")) == []
