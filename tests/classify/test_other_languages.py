"""Titles in other languages than English: a field is right, or there is none. Titles are invented for these tests."""

import pytest

from refsync.classify.fields import DOMAINS
from refsync.classify.model import Tagging
from refsync.classify.settings import TAXONOMIES, AreaSettings
from refsync.classify.tagger import load_tagger
from refsync.classify.terms import foreign_share

TITLES = {
    "French": [
        ("Medicine", "Traitement chirurgical des fractures de la hanche chez les personnes âgées"),
        ("Social Sciences", "La responsabilité des autorités publiques en droit de la protection des données"),
        (
            "Arts and Humanities",
            "Les marchands et la mort : testaments et confréries dans une petite ville au XVe siècle",
        ),
        ("Computer Science", "Apprentissage profond pour la segmentation d'images médicales"),
    ],
    "Spanish": [
        ("Medicine", "Factores de riesgo de la diabetes en adolescentes de zonas rurales"),
        ("Social Sciences", "El derecho a la educación y las comunidades indígenas del altiplano"),
        ("Agricultural and Biological Sciences", "Efecto de la fertilización nitrogenada en el rendimiento del trigo"),
        ("Arts and Humanities", "La imagen de la ciudad en la poesía de posguerra"),
    ],
    "Portuguese": [
        ("Medicine", "Qualidade de vida de pacientes com insuficiência cardíaca em acompanhamento ambulatorial"),
        ("Agricultural and Biological Sciences", "Crescimento de mudas de eucalipto em solos ácidos"),
        ("Social Sciences", "Políticas públicas e participação social em municípios pequenos"),
        ("Arts and Humanities", "Narrativa e memória no romance colonial"),
    ],
    "Italian": [
        ("Medicine", "La terapia del dolore nei pazienti oncologici anziani"),
        ("Social Sciences", "La riforma della giustizia amministrativa e il ruolo del giudice"),
        ("Arts and Humanities", "Pittura e devozione nelle chiese rurali della Toscana"),
        ("Engineering", "Verifica sismica di edifici in muratura con modelli agli elementi finiti"),
    ],
    "Dutch": [
        ("Medicine", "Behandeling van astma bij kinderen in de huisartspraktijk"),
        ("Social Sciences", "De aansprakelijkheid van de overheid bij onrechtmatige besluiten"),
        ("Agricultural and Biological Sciences", "Invloed van bemesting op de opbrengst van aardappelen"),
        ("Computer Science", "Neurale netwerken voor het herkennen van verkeersborden"),
    ],
    "Polish": [
        ("Medicine", "Leczenie nadciśnienia tętniczego u chorych na cukrzycę"),
        ("Social Sciences", "Odpowiedzialność organów administracji publicznej w prawie polskim"),
        ("Arts and Humanities", "Obraz miasta w prozie okresu międzywojennego"),
        ("Computer Science", "Sieci neuronowe w rozpoznawaniu obrazów"),
    ],
    "Russian": [
        ("Medicine", "Лечение артериальной гипертонии у больных сахарным диабетом"),
        ("Social Sciences", "Ответственность органов государственной власти в гражданском праве"),
        ("Physics and Astronomy", "Уравнения Максвелла в неоднородных средах"),
        ("Computer Science", "Нейронные сети для распознавания образов (CNN)"),
    ],
    "Chinese": [
        ("Medicine", "老年糖尿病患者血糖控制的影响因素分析"),
        ("Computer Science", "基于深度学习的图像分割方法研究"),
        ("Social Sciences", "行政机关信息公开的法律责任"),
        ("Agricultural and Biological Sciences", "施氮量对小麦产量的影响 CO2"),
    ],
    "Japanese": [
        ("Medicine", "高齢者における大腿骨頸部骨折の手術成績"),
        ("Computer Science", "深層学習を用いた画像認識 GAN"),
        ("Arts and Humanities", "中世の村落における文書と記憶"),
        ("Social Sciences", "個人情報保護と公的機関の責任"),
    ],
    "Arabic": [
        ("Medicine", "علاج ارتفاع ضغط الدم لدى مرضى السكري"),
        ("Social Sciences", "مسؤولية السلطات العامة في القانون الإداري"),
        ("Computer Science", "التعلم العميق لتجزئة الصور الطبية"),
        ("Arts and Humanities", "صورة المدينة في الشعر العربي الحديث"),
    ],
    "German": [
        ("Social Sciences", "Die Haftung der Behörden bei rechtswidrigen Bescheiden"),
        ("Arts and Humanities", "Fromme Stiftungen in kleinen Städten des späten Mittelalters"),
        ("Medicine", "Behandlung des Asthmas bei Kindern in der Hausarztpraxis"),
    ],
    "Swedish": [
        ("Medicine", "Behandling av astma hos barn i primärvården"),
    ],
    "Czech": [
        ("Social Sciences", "Odpovědnost orgánů veřejné správy v českém právu"),
    ],
    "Turkish": [
        ("Agricultural and Biological Sciences", "Azotlu gübrelemenin buğday verimine etkisi"),
    ],
    "Korean": [
        ("Computer Science", "심층 학습을 이용한 영상 분할"),
    ],
    "Greek": [
        ("Arts and Humanities", "Η εικόνα της πόλης στη νεότερη ποίηση"),
    ],
}
OTHER_SCRIPTS = ("Russian", "Chinese", "Japanese", "Arabic", "Korean", "Greek")


def taggings(titles: list[str], taxonomy: str, **changed: float) -> list[Tagging]:
    settings = AreaSettings(taxonomy=taxonomy, **changed)  # type: ignore[arg-type]
    return load_tagger(settings).tag([(title, "") for title in titles], settings)


@pytest.mark.parametrize("taxonomy", [name for name in TAXONOMIES if name != "none"])
@pytest.mark.parametrize("language", TITLES)
def test_a_title_in_another_language_gets_its_field_or_none(language: str, taxonomy: str) -> None:
    fields, titles = zip(*TITLES[language], strict=True)
    for field, tagging in zip(fields, taggings(list(titles), taxonomy), strict=True):
        for area in tagging.areas:
            right = (field, DOMAINS[field]) if field != "Computer Science" else ("Computer Science", "cs.CV", "cs.LG")
            assert area.area in right or not area.applied


@pytest.mark.parametrize("language", OTHER_SCRIPTS)
def test_another_script_abstains_whatever_is_asked(language: str) -> None:
    titles = [title for _, title in TITLES[language]]
    for tagging in taggings(titles, "auto", min_accuracy=0, min_probability=0):
        assert tagging.band == "abstained"
        assert not tagging.because


def test_an_abstract_in_english_below_a_title_in_another_language_is_read() -> None:
    abstract = (
        "We randomised 240 patients with hip fracture to standing on the first day after surgery or to usual care. "
        "Mortality, delirium and pneumonia were secondary outcomes. Early mobilisation shortened the hospital stay."
    )
    settings = AreaSettings(taxonomy="fields")
    both = [(title, abstract) for language in ("Chinese", "Arabic", "French") for _, title in TITLES[language]]
    for tagging in load_tagger(settings).tag(both, settings):
        assert tagging.primary in ("Medicine", "Health Sciences")


def test_single_letters_of_greek_are_mathematics() -> None:
    assert foreign_share("On π and the αβ phase of Δ-invariants") == 0
    assert foreign_share("Η εικόνα της πόλης") > 0.6


def test_much_of_a_language_is_no_evidence_by_its_function_words() -> None:
    words = "der die das und von mit auf für ist wir bei nicht werden wird sich nach über durch aus"
    for repeated in (words, "le la les du un une est dans par pour sur", "el los las del con por para como"):
        assert taggings([repeated], "auto")[0].primary is None
