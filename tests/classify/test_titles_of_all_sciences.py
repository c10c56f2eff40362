"""Titles of all sciences, many of them with words of computer science in another sense. They are invented."""

import pytest

from refsync.classify.fields import DOMAINS
from refsync.classify.gate import is_computing
from refsync.classify.settings import AreaSettings, Taxonomy
from refsync.classify.tagger import load_tagger

TITLES = {
    "Agricultural and Biological Sciences": """
        Nitrogen fertilisation and the yield of winter barley
        Pollination of orchards by solitary bees
        Tree mortality after bark beetle outbreaks
        Random forests and old-growth beech stands: what remains after storms
        Host plants of leaf miners in alpine meadows
        Migration of warblers along the coast
        Fermentation of cabbage and its flavour
    """,
    "Arts and Humanities": """
        Code-switching among market women in a port town
        Vowel harmony and morphology in a minority dialect
        Word order and information structure in Old Saxon
        Politeness strategies in letters of request
        Translation and exile: three poets between languages
        The grammar of evidentiality in an Andean village
        Metaphor in the sermons of the Reformation
    """,
    "Business, Management and Accounting": """
        Family firms and succession
        Brand loyalty among organic food shoppers
        Auditor rotation and earnings quality
        Leadership and trust in virtual teams
        Supplier selection in the furniture industry
    """,
    "Chemical Engineering": """
        Mass transfer in packed absorption columns
        Crystallisation of sugars in a stirred tank
        Deactivation of zeolite catalysts by coke
    """,
    "Chemistry": """
        Enantioselective hydrogenation of cyclic imines
        Synthesis of spirocyclic lactams
        Copper complexes of bidentate phosphines
        Determination of nitrite by capillary electrophoresis
    """,
    "Decision Sciences": """
        Ordering policies for perishable stock
        Multi-criteria ranking of hospital sites
        Forecast combination for intermittent demand
    """,
    "Dentistry": """
        Root canal retreatment of lower molars: a ten-year follow-up
        Bond strength of adhesives to fluorosed enamel
        Peri-implantitis and plaque control
        Caries in preschool children of migrants
    """,
    "Earth and Planetary Sciences": """
        Zircon ages of a Variscan granite
        Paleosols and climate of the Eocene
        Turbidites of a Cretaceous basin
        Groundwater recharge in a karst aquifer
        Storm tracks over the North Atlantic in reanalyses
        Brachiopods from the Devonian of Morocco
    """,
    "Economics, Econometrics and Finance": """
        Minimum wages and employment of the young
        Monetary policy at the zero lower bound
        Tariffs, quotas and the gains from trade
        Bank runs and deposit insurance in the interwar years
        Options for small farmers: credit and insurance in the dry season
    """,
    "Energy": """
        Storage of wind power in salt caverns
        Payback of rooftop photovoltaics in northern towns
        District heating and the price of biomass
    """,
    "Engineering": """
        Fatigue of welded joints in bridge girders
        Vibration of a rotor on journal bearings
        Punching shear of flat slabs
        Tunnelling in soft clay below historic buildings
    """,
    "Environmental Science": """
        Heavy metals in sediments of an urban river
        Constructed wetlands for rural sewage
        Microplastics in drinking water
        Air quality near motorways and schools
    """,
    "Health Professions": """
        Dysphagia therapy by speech therapists after stroke
        Wheelchair skills and occupational therapy
    """,
    "Immunology and Microbiology": """
        Cross-protection by influenza antibodies in ferrets
        Biofilms of Pseudomonas and resistance to colistin
        Bacteriophages against multiresistant Klebsiella
    """,
    "Materials Science": """
        Creep of nickel superalloys at high temperature
        Hardness of nitrided steels
        Glass fibre composites after ageing in sea water
    """,
    "Medicine": """
        Severe bites by stray cats: a case series
        Attacks of gout after joint surgery
        Early detection of sepsis in the emergency department by nurses
        Segmental resection of the lung for early carcinoma
        Neural tube defects and folic acid
        PNH: what the clinician should know
        ITP: second-line options
    """,
    "Nursing": """
        Night shifts and burnout among ward nurses
        Pressure ulcers in nursing homes: a quality audit
    """,
    "Pharmacology, Toxicology and Pharmaceutics": """
        Pharmacokinetics of a new anticonvulsant in rabbits
        Hepatotoxicity of herbal extracts in rats
        Tablets with delayed release: coating and dissolution
    """,
    "Psychology": """
        Attachment and grief in adult siblings
        Perceived control and coping in shift workers
        Reward sensitivity in adolescents with conduct problems
        Anchoring and adjustment in judgments of guilt
        Reinforcement and punishment in the training of toddlers
    """,
    "Social Sciences": """
        Negligence and the liability of hospital trusts after a failed inspection
        Burden of proof in disputes about tenancy deposits
        The right to be heard before administrative tribunals
        Search and seizure of mobile phones at the border
        Contract formation by silence in comparative perspective
        Legal transplants and the reception of civil codes
        Sentencing guidelines and judicial discretion
    """,
    "Veterinary": """
        Colic in horses: outcome after surgery
        Canine parvovirus in shelter puppies
        Tail biting in pigs: risk factors on commercial farms
        Anaesthesia of reptiles in practice
        Microchips and the identification of cats
    """,
}
PAPERS = [(field, title.strip()) for field, titles in TITLES.items() for title in titles.strip().splitlines()]


@pytest.mark.parametrize("taxonomy", ["auto", "arxiv", "fields", "both"])
def test_no_title_of_another_science_is_tagged_as_computer_science(taxonomy: Taxonomy) -> None:
    settings = AreaSettings(taxonomy=taxonomy)
    taggings = load_tagger(settings).tag([(title, "") for _, title in PAPERS], settings)
    wrong = [
        (title, area.area)
        for (_, title), tagging in zip(PAPERS, taggings, strict=True)
        for area in tagging.areas
        if area.applied and (is_computing(area.area) or area.area == "Computer Science")
    ]
    assert not wrong


def test_titles_get_their_field_or_domain_or_nothing() -> None:
    settings = AreaSettings()
    taggings = load_tagger(settings).tag([(title, "") for _, title in PAPERS], settings)
    wrong = [
        (field, title, tagging.primary)
        for (field, title), tagging in zip(PAPERS, taggings, strict=True)
        if tagging.primary not in (None, field, DOMAINS[field])
    ]
    assert not wrong
    assert sum(tagging.primary is not None for tagging in taggings) > 0.45 * len(PAPERS)
