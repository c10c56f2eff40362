"""The shipped models together. Titles and abstracts are invented for these tests."""

import pickle

import numpy as np
import pytest

from refsync.classify.field_model import SHIPPED
from refsync.classify.fields import DOMAINS, FIELDS
from refsync.classify.label_shift import LibraryShares
from refsync.classify.model import Tagging, load_model
from refsync.classify.paper import Paper
from refsync.classify.settings import AreaSettings, Taxonomy, taxonomy_settings
from refsync.classify.tagger import load_shipped, load_tagger
from refsync.errors import ConfigError
from tests.time_bounds import seconds_at_most

PAPERS = {
    "Medicine": Paper(
        "Early mobilisation after hip fracture surgery in older patients",
        "We randomised 240 patients with hip fracture to standing on the first day after surgery or to usual care. The "
        "primary outcome was walking independence at three months. Mortality, delirium and pneumonia were secondary "
        "outcomes. Early mobilisation was safe and shortened the hospital stay.",
    ),
    "Arts and Humanities": Paper(
        "Saints and shopkeepers: piety in the market towns of late medieval Franconia",
        "This study reads wills, guild statutes and parish accounts of the fifteenth century to ask how shopkeepers "
        "financed altars and masses for the dead. It argues that devotion and commerce were entwined in the religious "
        "culture of small towns before the Reformation.",
    ),
    "Mathematics": Paper(
        "Sums of digits of primes in short progressions",
        "We prove an asymptotic formula for the number of primes up to x whose sum of digits is even. The proof "
        "combines exponential sums with a large sieve inequality and bounds for Dirichlet L-functions.",
    ),
}
VISION = Paper(
    "Boundary-aware semantic segmentation of street scenes",
    "We present a convolutional network for semantic segmentation of images. A boundary branch sharpens object "
    "contours, and a decoder fuses features of different resolution. On street-scene benchmarks our method improves "
    "mean intersection over union by two points over strong baselines.",
)


def tag(paper: Paper, taxonomy: Taxonomy = "auto", **changed: object) -> Tagging:
    settings = AreaSettings(taxonomy=taxonomy, **changed)  # type: ignore[arg-type]
    (tagging,) = load_tagger(settings).tag([paper], settings)
    return tagging


@pytest.mark.parametrize("field", PAPERS)
def test_a_paper_of_any_science_gets_its_field(field: str) -> None:
    tagging = tag(PAPERS[field], "fields")
    assert tagging.areas[tagging.areas[0].level == "domain"].area == field
    assert tagging.primary in (field, DOMAINS[field])
    assert tagging.because


def test_by_default_each_paper_gets_what_is_right_for_it() -> None:
    assert tag(VISION).primary == "cs.CV"
    assert tag(PAPERS["Mathematics"]).primary == "math.NT"
    assert tag(PAPERS["Medicine"]).primary in ("Medicine", "Health Sciences")


def test_both_taxonomies_at_once() -> None:
    applied = [area.area for area in tag(VISION, "both").areas if area.applied]
    assert set(applied) == {"Computer Science", "cs.CV"}


@pytest.mark.parametrize("field", ["Medicine", "Arts and Humanities"])
@pytest.mark.parametrize("taxonomy", ["auto", "arxiv", "both"])
def test_no_category_of_computer_science_for_other_sciences(field: str, taxonomy: Taxonomy) -> None:
    for paper in (PAPERS[field], Paper(PAPERS[field].title)):
        assert not any(area.applied and area.area.startswith(("cs.", "eess.")) for area in tag(paper, taxonomy).areas)


FEW_WORDS = """
    Graphs / Attack / Options / Transformers / Networks / Dogs / Sepsis / Caries / Law / Galaxies / Primes / PNH
    Deep learning / Neural networks / Quantum computing / Hip fracture / Dental caries / Dairy cows / Civil law
    The Reformation / Dark matter / Prime numbers / Editorial / Letter to the editor / Reply to Reed / Book review
    Introduction / Erratum / Index / Preface to the third edition
"""


@pytest.mark.parametrize("taxonomy", ["auto", "arxiv", "fields", "both"])
def test_one_or_two_words_are_never_sure(taxonomy: Taxonomy) -> None:
    titles = [Paper(text.strip()) for line in FEW_WORDS.strip().splitlines() for text in line.split("/")]
    page = "Cite this: Article Views 120 Altmetric - Export RIS Download PDF © 2011 Reed Ltd. All rights reserved."
    papers = [*titles, *(paper._replace(abstract=page) for paper in titles)]
    papers += [paper._replace(venue="The Willow Bulletin") for paper in titles]
    settings = AreaSettings(taxonomy=taxonomy)
    assert len(titles) > 25
    assert not [tagging for tagging in load_tagger(settings).tag(papers, settings) if tagging.band == "sure"]


def test_a_record_with_nothing_but_a_known_journal_gets_its_field() -> None:
    assert tag(Paper("", venue="J Vet Intern Med"), "fields").primary in ("Veterinary", "Health Sciences")
    assert tag(Paper("", venue="Journal of Dentistry")).primary == "Dentistry"
    assert tag(Paper("", issn="0300-5712")).primary == "Dentistry"
    assert tag(Paper("Reply", venue="Journal of Dentistry")).primary == "Dentistry"


@pytest.mark.parametrize("taxonomy", ["auto", "arxiv", "fields", "both"])
def test_a_record_with_nothing_but_another_venue_gets_no_area(taxonomy: Taxonomy) -> None:
    for paper in (
        Paper("", venue="Nature"),
        Paper("", venue="The Willow Bulletin"),
        Paper("", venue="Proceedings of the 12th Conference on Deep Neural Networks and Computer Vision"),
        Paper("", venue="Options"),
        Paper("", issn="0000-0000"),
        Paper("Index", venue="arXiv preprint arXiv:2001.00001"),
    ):
        assert tag(paper, taxonomy).primary is None


def test_the_journal_decides_between_similar_fields() -> None:
    plain = Paper("Outcome of surgery for hip fracture: 40 cases")
    likely = [area.area for area in tag(plain._replace(venue="Veterinary Record"), "fields").areas]
    assert likely.index("Veterinary") < (likely.index("Medicine") if "Medicine" in likely else 9)


def test_boilerplate_of_a_publisher_changes_nothing() -> None:
    paper = PAPERS["Medicine"]
    page = f"Cite this: Article Views 120 Altmetric - Export RIS {paper.abstract} © 2011 Reed Ltd. All rights reserved."
    assert tag(paper._replace(abstract=page), "fields") == tag(paper, "fields")


def test_a_category_that_the_record_states_is_evidence() -> None:
    paper = Paper("A note on traces and their images", "We study traces. The images of traces are bounded.")
    assert tag(paper._replace(categories=("math.OA",))).areas[0].area == "math.OA"


@pytest.mark.parametrize("taxonomy", ["auto", "arxiv", "both"])
def test_a_category_that_the_record_states_is_not_kept_out_by_its_field(taxonomy: Taxonomy) -> None:
    paper = Paper("A note on fairness in hiring", categories=("cs.CY",))
    assert "cs.CY" in [area.area for area in tag(paper, taxonomy).areas if area.applied]
    assert tag(paper._replace(categories=("cs.XX", "")), taxonomy) == tag(paper._replace(categories=()), taxonomy)


def test_the_records_own_areas_among_the_keywords_are_no_evidence() -> None:
    tagged = VISION._replace(keywords="cs.RO, area:robots, Computer Science")
    assert tag(tagged) == tag(VISION)


def test_other_languages_and_gibberish() -> None:
    german = Paper("Die Wirkung der Düngung auf den Ertrag von Weizen und die Bodenfruchtbarkeit in der Landwirtschaft")
    first, *_ = [area for area in tag(german, "fields").areas if area.level == "area"]
    assert first.area == "Agricultural and Biological Sciences"
    gibberish = Paper("Qrx vlom prenty skaldu wob trizzle enx morfa plind quost vebra lunt osk drill hep zanto ferb")
    assert tag(gibberish).band == "abstained"
    assert tag(Paper("")).band == "abstained"


def test_areas_of_the_users_own_are_made_of_both_taxonomies() -> None:
    mapped = {"health": ("Medicine", "Nursing", "Dentistry"), "vision": ("cs.CV", "eess.IV")}
    assert tag(PAPERS["Medicine"], map=mapped, only_mapped=True).primary == "health"
    assert tag(VISION, map=mapped, only_mapped=True).primary == "vision"
    assert tag(PAPERS["Medicine"], map={"health": ("Health Sciences",)}, only_mapped=True).areas[0].area == "health"
    assert tag(VISION, drop=("Computer Science",)).primary not in ("cs.CV", "Computer Science")
    with pytest.raises(ConfigError, match="did you mean `Medicine`"):
        tag(VISION, map={"health": ("Medecine",)})


def test_a_result_does_not_depend_on_the_other_papers() -> None:
    papers = [*PAPERS.values(), VISION, Paper(""), Paper("", venue="The Lancet")]
    settings = AreaSettings(taxonomy="both")
    together = load_tagger(settings).tag(papers, settings)
    assert together == [tag(paper, "both") for paper in papers]


def test_pairs_of_title_and_abstract_are_enough() -> None:
    paper = PAPERS["Medicine"]
    settings = AreaSettings()
    assert load_tagger(settings).tag([(paper.title, paper.abstract)], settings) == [tag(paper)]


def test_a_library_moves_the_probabilities_its_way() -> None:
    short = Paper("Detection of small objects under heavy occlusion")
    settings = AreaSettings(taxonomy="arxiv")
    robots = {name: 0.9 if name == "cs.RO" else 0.1 / 141 for name in load_model().classes}
    shares = LibraryShares(500, {load_model().name: robots})
    before = {area.area: area.probability for area in load_tagger(settings).tag([short], settings)[0].areas}
    after = {area.area: area.probability for area in load_tagger(settings, shares).tag([short], settings)[0].areas}
    assert after["cs.RO"] > before.get("cs.RO", 0)


def test_the_shares_of_a_library_are_estimated_from_its_papers() -> None:
    tagger = load_shipped()
    shares = tagger.estimate([VISION] * 300 + [Paper("")] * 5)
    assert shares.papers == 300
    assert shares.models["arxiv-2026"]["cs.CV"] > 0.4
    assert sum(shares.models["fields-2026"].values()) == pytest.approx(1)
    assert all(value > 0.3 for value in tagger.distances(shares).values())


def test_the_files_are_small_and_the_classes_are_the_fields() -> None:
    assert SHIPPED.stat().st_size <= 6_000_000
    assert load_shipped("fields").classes == FIELDS
    assert set(load_shipped().classes) == {*FIELDS, *load_model().classes}


def test_the_option_names_a_taxonomy_or_a_file() -> None:
    assert taxonomy_settings("both") == {"taxonomy": "both", "model": ""}
    assert taxonomy_settings("own.npz") == {"model": "own.npz"}


def test_hostile_values_take_linear_time() -> None:
    with seconds_at_most(4):
        tag(Paper("a " * 10**6, "( " * 10**6, "[(" * 10**6, "1" * 10**6, "x, " * 10**6, ("cs." * 10**6,)))


def test_values_are_probabilities() -> None:
    for taxonomy in ("auto", "fields", "both"):
        for paper in (*PAPERS.values(), VISION, Paper("", venue="Nature")):
            values = [area.probability for area in tag(paper, taxonomy).areas]  # type: ignore[arg-type]
            assert len(values) >= 3
            assert values == sorted(values, reverse=True)
            assert np.isfinite(values).all()


def test_another_process_loads_the_models_itself() -> None:
    """What is sent to it is small, and tags the same."""
    settings = AreaSettings()
    model = load_tagger(settings)
    sent = pickle.dumps(model)
    assert len(sent) < 10_000
    assert pickle.loads(sent).tag([VISION], settings) == model.tag([VISION], settings)
