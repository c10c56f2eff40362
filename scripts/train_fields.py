"""Train the shipped field model: `python scripts/train_fields.py --data ../shared/data/fields --out MODEL.npz`.

The weights are trained on `train.parquet`, the names of journals and the topics of OpenAlex. The calibration is fitted
on `validation.parquet`, from the same sources, and on papers of sources that a second model has not seen, because a
model is less often right on the papers of a new source. `scripts/journal_table.py` makes the table of journals.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from dataclasses import field as dataclass_field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.linear_model import SGDClassifier

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the folders of the repository are packages

from refsync.classify import linear
from refsync.classify.boilerplate import strip_boilerplate
from refsync.classify.field_model import SHIPPED, FieldModel, titles_file
from refsync.classify.fields import DOMAIN_NAMES, DOMAINS, FIELDS
from refsync.classify.journals import Journals
from refsync.classify.model import Model
from refsync.classify.model_file import Threshold, Weights, read, write
from scripts import train_areas
from scripts.train_areas import ACCURACIES, STRAIGHT, Paper, stage

DOMAIN_OF = np.array([DOMAIN_NAMES.index(DOMAINS[field]) for field in FIELDS])
THESES = "tibkat: theses"
NO_JOURNALS = Journals(np.zeros(0, np.uint64), np.zeros(0, np.uint16), np.zeros((1, len(FIELDS)), np.float16))
UNSEEN = (THESES, "swecris-kth", "arxiv")
"""Sources that are left out, to measure and to calibrate for papers of new sources."""


@dataclass(frozen=True)
class Training:
    """How the model for papers, or that for titles, is trained.

    Attributes:
        balance: the weight of a field's papers falls with this power of its size.
        alpha: L2 penalty.
        epochs: of the descent.
        title_weight: of papers as titles alone, relative to those with their abstracts.
        counts: weight of the logs of counts beside the regressions.
    """

    balance: float
    alpha: float
    epochs: int
    title_weight: float
    counts: float


@dataclass(frozen=True)
class Settings:
    """Hyperparameters chosen by measurement; see docs/decisions/0016-field-model.md."""

    min_papers: int = 4  # papers that a term needs
    stems: tuple[int, ...] = (5, 7)  # words that begin with the same letters share a feature
    stem_scale: float = 0.5  # of these features relative to words
    contrast: float = 0.5  # how much a feature is scaled by how differently the field and the others use it
    papers: Training = Training(balance=0.4, alpha=2e-6, epochs=4, title_weight=0.3, counts=0.02)
    titles: Training = Training(balance=0.3, alpha=5e-6, epochs=6, title_weight=1.0, counts=0.4)
    smoothing: float = 0.005  # of counts
    unseen_papers: int = 3000  # of each source not seen in training
    unseen: float = 0.2  # weight of papers of sources not seen in training, in the calibration
    ridge: float = 1.0  # L2 penalty of the offsets per field
    least_known: float = 0.4  # share of a text's words that must be known
    # A source of titles of one field alone teaches that its commonest words are of that field.
    source_weights: Mapping[str, float] = dataclass_field(default_factory=lambda: {"dental-epmc": 0.2})
    margin: float = 0.01  # by which a threshold has to exceed its accuracy on each source: the next one is another
    min_measured: int = 200  # papers of a source, from which accuracies are measured there
    min_tagged: int = 40  # of them with a tag
    exempt: tuple[str, ...] = ("unseen arxiv",)  # its fields are those of a mapping, which nobody can know
    seed: int = 0


@dataclass(frozen=True)
class Corpus:
    """N papers with their fields (columns of `FIELDS`) and sources."""

    papers: list[Paper]
    field: NDArray[np.intp]
    source: NDArray[np.str_]

    def __getitem__(self, rows: NDArray[Any]) -> "Corpus":
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Corpus([self.papers[row] for row in rows], self.field[rows], self.source[rows])

    def __add__(self, other: "Corpus") -> "Corpus":
        fields, sources = np.concatenate([self.field, other.field]), np.concatenate([self.source, other.source])
        return Corpus(self.papers + other.papers, fields, sources)

    @property
    def titles(self) -> "Corpus":
        """The same papers without their abstracts."""
        return replace(self, papers=[(title, "") for title, _ in self.papers])


def load(path: Path) -> Corpus:
    """The papers of a file, the theses of library catalogues as a source of their own."""
    columns = ["title", "abstract", "field", "source", "kind"]
    rows = pq.read_table(path, columns=columns).to_pylist()
    return Corpus(
        papers=[(row["title"] or "", strip_boilerplate(row["abstract"] or "")) for row in rows],
        field=np.array([FIELDS.index(row["field"]) for row in rows]),
        source=np.array(
            [THESES if (row["source"], row["kind"]) == ("tibkat", "thesis") else row["source"] for row in rows]
        ),
    )


def stem_features(words: Sequence[str], terms: int, settings: Settings) -> sp.csr_matrix:
    """(V, S): which terms share which beginnings. Inflections and compounds, of German above all, learn together."""
    names: dict[str, int] = {}
    rows, columns = [], []
    for row, word in enumerate(words):
        for length in settings.stems:
            if len(word) >= length:
                rows.append(row)
                columns.append(names.setdefault(word[:length], len(names)))
    values = np.full(len(rows), settings.stem_scale, np.float32)
    return sp.csr_matrix((values, (rows, columns)), (terms, len(names)))


def contrast_scale(features: sp.csr_matrix, positive: NDArray[np.bool_], strength: float) -> NDArray[np.float32]:
    """(V,) scales of features by the log ratio of their frequencies inside and outside a field, 1 on average.

    The penalty of the regression then holds back features that say nothing about the field (Wang and Manning, 2012).
    """
    inside, outside = (np.asarray(features[rows].sum(axis=0)).ravel() + 0.5 for rows in (positive, ~positive))
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    mean = np.sqrt((ratio**2 * (inside + outside)).sum() / (inside + outside).sum())
    return np.asarray(1 - strength + strength * ratio / mean, np.float32)


@dataclass(frozen=True)
class Models:
    """Two models with one vocabulary: for papers with an abstract, and for titles alone."""

    papers: Weights
    titles: Weights

    def __iter__(self) -> Iterator[Weights]:
        return iter((self.papers, self.titles))


def learn(corpus: Corpus, settings: Settings, clock: list[float]) -> Models:
    """Trained models without calibration."""
    terms = train_areas.Terms.of(corpus.papers, corpus.titles.papers, settings.min_papers, clock)
    stage(clock, "training")
    return Models(
        *(terms.model(FIELDS, *train(terms, corpus, settings, kind)) for kind in (settings.papers, settings.titles))
    )


def importance(corpus: Corpus, settings: Settings, balance: float) -> NDArray[np.float64]:
    """(N,) weights of papers, by their sources and the sizes of their fields."""
    sizes = np.bincount(corpus.field, minlength=len(FIELDS))
    of_sources = np.array([settings.source_weights.get(name, 1.0) for name in corpus.source])
    return np.asarray(of_sources * (sizes * len(FIELDS) / sizes.sum() + 1e-3)[corpus.field] ** -balance, np.float64)


def train(
    terms: train_areas.Terms, corpus: Corpus, settings: Settings, kind: Training
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One logistic regression per field, over terms and stems, and logs of counts: weights (V, F) and biases (F,)."""
    count = terms.matrix.shape[1]
    stems = stem_features(terms.words, count, settings)
    features = sp.hstack([terms.matrix, terms.matrix @ stems], format="csr").astype(np.float32)
    of_papers = importance(corpus, settings, kind.balance)
    weight, target = np.concatenate([of_papers, kind.title_weight * of_papers]), np.tile(corpus.field, 2)
    weights = np.zeros((count, len(FIELDS)), np.float32)
    biases = np.full(len(FIELDS), -9, np.float32)
    for column in np.unique(corpus.field):
        scale = contrast_scale(features, target == column, settings.contrast)
        classifier = SGDClassifier(
            loss="log_loss", alpha=kind.alpha, max_iter=kind.epochs, tol=None, random_state=settings.seed
        ).fit(features @ sp.diags(scale), target == column, sample_weight=weight)
        # The features of stems are sums over terms, so their weights fold into those of the terms.
        coefficients = classifier.coef_[0].astype(np.float32) * scale
        weights[:, column] = coefficients[:count] + stems @ coefficients[count:]
        biases[column] = classifier.intercept_[0]
    return weights + kind.counts * count_weights(terms.matrix, corpus, settings), biases


def count_weights(matrix: sp.csr_matrix, corpus: Corpus, settings: Settings) -> NDArray[np.float32]:
    """(V, F) logs of how often each field has a term, as in naive Bayes: sparse, since no count gives no weight.

    A title has few words, and regressions share their weight with words that it does not have.
    """
    weight = np.tile(importance(corpus, settings, settings.titles.balance), 2)
    fields = sp.csr_matrix((weight, (np.tile(corpus.field, 2), np.arange(len(weight)))), (len(FIELDS), len(weight)))
    counts = np.asarray((fields @ matrix).todense())
    sizes = counts.sum(axis=1, keepdims=True)
    relative = np.maximum(sizes / sizes.mean(), 1e-6)
    return np.asarray(np.log1p(counts / settings.smoothing / relative).T, np.float32)


@dataclass(frozen=True)
class Scored:
    """Scores (N, F) of papers that the model was not trained on, with their fields, sources and weights."""

    scores: NDArray[np.float32]
    field: NDArray[np.intp]
    source: NDArray[np.str_]
    weight: NDArray[np.float64]

    def __add__(self, other: "Scored") -> "Scored":
        return Scored(
            np.vstack([self.scores, other.scores]),
            np.concatenate([self.field, other.field]),
            np.concatenate([self.source, other.source]),
            np.concatenate([self.weight, other.weight]),
        )


def scored(models: Models, corpus: Corpus, weight: float) -> tuple[Scored, Scored]:
    """The papers of a corpus with abstracts, where they have one, and as titles alone."""
    full = corpus[np.array([bool(abstract) for _, abstract in corpus.papers])]
    return tuple(  # type: ignore[return-value]
        Scored(
            train_areas.raw_scores(model, part.papers),
            part.field,
            part.source,
            np.full(len(part.papers), weight),
        )
        for model, part in zip(models, (full, corpus.titles), strict=True)
    )


def calibrated(model: Weights, kinds: Sequence[Scored], settings: Settings) -> Weights:
    """The model for papers with a calibration fitted to scored papers, with abstracts and as titles alone."""
    curves, knots, tables, domain_knots, domain_tables = [], [], [], [], []
    for part in kinds:
        target = np.eye(len(FIELDS), dtype=np.float32)[part.field]
        curves.append(train_areas.softmax_curve(part.scores, target, part.weight, settings.ridge))
        order, likely = linear.rank_classes(
            part.scores,
            np.zeros(len(part.scores), bool),
            replace(model, calibration=curves[-1][None], knots=STRAIGHT),
            len(FIELDS),
        )
        hit = order == part.field[:, None]
        knots.append(train_areas.knots(likely[:, :10], hit[:, :10], part.weight))
        top = np.interp(likely[:, 0], *knots[-1][0].T)
        shares = linear.softmax(curves[-1][0] * part.scores.astype(np.float64) + curves[-1][2:])
        of_domains = np.stack([shares[:, number == DOMAIN_OF].sum(axis=1) for number in range(len(DOMAIN_NAMES))], 1)
        domain_hit = of_domains.argmax(axis=1) == DOMAIN_OF[part.field]
        steps = np.arange(1, train_areas.KNOTS) / train_areas.KNOTS
        domain_knots.append(train_areas.isotonic_curve(of_domains.max(axis=1), domain_hit, part.weight, steps))
        sure = np.interp(of_domains.max(axis=1), *domain_knots[-1].T)
        tagged = Tagged(field=top, field_right=hit[:, 0], domain=sure, domain_right=domain_hit, source=part.source)
        for table, kind in zip((tables, domain_tables), thresholds(tagged, settings), strict=True):
            table.append(kind)
    shares_of_fields = np.bincount(kinds[0].field, kinds[0].weight, len(FIELDS)) / kinds[0].weight.sum()
    notes = {
        "prior": [round(float(share), 5) for share in np.maximum(shares_of_fields, 0.004)],
        "least_known": settings.least_known,
        linear.SEVERAL_LANGUAGES: True,
        "domains": {
            "knots": [np.round(curve, 4).tolist() for curve in domain_knots],
            "thresholds": domain_tables,
        },
    }
    return replace(
        model,
        calibration=np.stack(curves),
        knots=np.stack(knots),
        thresholds=(tables[0], tables[1]),
        notes={**model.notes, **notes},
    )


@dataclass(frozen=True)
class Tagged:
    """For N papers: probability of the first field, whether it is right, the same for the domain, and the source."""

    field: NDArray[np.float64]
    field_right: NDArray[np.bool_]
    domain: NDArray[np.float64]
    domain_right: NDArray[np.bool_]
    source: NDArray[np.str_]


def thresholds(tagged: Tagged, settings: Settings) -> tuple[tuple[Threshold, ...], tuple[Threshold, ...]]:
    """For each accuracy, the lowest probabilities of a field, else of a domain, that reach it on every large source.

    Of the pairs of probabilities that do, the one that gives most papers a field or, which counts less, a domain.
    """
    names, sizes = np.unique(tagged.source, return_counts=True)
    large = [name for name, size in zip(names, sizes, strict=True) if size >= settings.min_measured]
    member = np.array([tagged.source == name for name in large if name not in settings.exempt], np.float64)
    grid = np.concatenate([np.arange(0.5, 0.9, 0.02), np.arange(0.9, 1.0, 0.005)])
    options = []
    for low in grid:
        of_field = tagged.field >= low
        right, count = (member @ (of_field & tagged.field_right), member @ of_field)
        for domain in grid:
            of_domain = ~of_field & (tagged.domain >= domain)
            total = count + member @ of_domain
            accuracy = (right + member @ (of_domain & tagged.domain_right)) / np.maximum(total, 1)
            worst = float(np.where(total >= settings.min_tagged, accuracy, 1).min())
            options.append((worst, float(of_field.mean() + 0.4 * of_domain.mean()), float(low), float(domain)))
    fields, domains = [], []
    for wanted in ACCURACIES:
        possible = [one for one in options if one[0] >= min(wanted + settings.margin, 0.995) and one[1] > 0.01]
        if possible:
            _, _, low, domain = max(possible, key=lambda option: option[1])
            fields.append((wanted, round(low, 4)))
            domains.append((wanted, round(domain, 4)))
    return tuple(fields), tuple(domains)


def unseen_sources(corpus: Corpus, settings: Settings, clock: list[float]) -> tuple[Scored, Scored]:
    """Papers of the sources `UNSEEN`, scored by models that were trained without any of them."""
    outside = np.isin(corpus.source, UNSEEN)
    stage(clock, f"without {', '.join(UNSEEN)}")
    models = learn(corpus[~outside], settings, clock)
    rng = np.random.default_rng(settings.seed)
    rows = [rng.permutation(np.flatnonzero(corpus.source == name))[: settings.unseen_papers] for name in UNSEEN]
    papers = corpus[np.concatenate(rows)]
    return scored(models, replace(papers, source=np.char.add("unseen ", papers.source)), settings.unseen)


def write_scores(path: Path, kinds: Sequence[Scored]) -> None:
    arrays = {f"{name}{kind}": value for kind, part in enumerate(kinds) for name, value in vars(part).items()}
    np.savez(path, **arrays)


def read_scores(path: Path) -> list[Scored]:
    with np.load(path, allow_pickle=False) as arrays:
        return [
            Scored(**{name: arrays[f"{name}{kind}"] for name in ("scores", "field", "source", "weight")})
            for kind in (0, 1)
        ]


def field_model(models: Models) -> FieldModel:
    """What papers are classified with, without journals."""
    return FieldModel(Model(models.papers), models.titles, NO_JOURNALS)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the shipped field model.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/fields"))
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--scores", type=Path, help="keep the scores of the calibration papers in this file")
    parser.add_argument("--recalibrate", action="store_true", help="keep the weights of OUT and the scores of --scores")
    options = parser.parse_args(arguments)
    settings, clock = Settings(), [time.perf_counter()]
    titles_out = titles_file(options.out)
    if options.recalibrate:
        models, kinds = Models(read(options.out), read(titles_out)), read_scores(options.scores)
        papers = models.papers.notes["papers"]
    else:
        stage(clock, "reading")
        corpus, validation = (load(options.data / f"{name}.parquet") for name in ("train", "validation"))
        models, papers = learn(corpus, settings, clock), len(corpus.papers)
        seen = scored(models, validation, 1.0)
        unseen = unseen_sources(corpus + validation, settings, clock)
        kinds = [one + other for one, other in zip(seen, unseen, strict=True)]
        if options.scores:
            write_scores(options.scores, kinds)
    stage(clock, "calibrating")
    fitted = calibrated(models.papers, weighted(kinds, settings), settings)
    notes = {
        **fitted.notes,
        "data": "library records of TIB (CC BY 4.0, CC BY-SA 4.0), arXiv metadata (CC0), topics of OpenAlex (CC0), "
        "names of journals (NLM, public domain; Norwegian register, NLOD 2.0; ARC, CC BY 4.0), Swecris (open data), "
        "systematic reviews, PubMedQA and Europe PMC titles (MIT, CC0); docs/fields.md",
        "papers": papers,
        "settings": asdict(settings),
    }
    for path, model in (
        (options.out, replace(fitted, notes=notes)),
        (titles_out, replace(models.titles, notes={linear.SEVERAL_LANGUAGES: True})),
    ):
        data = write(replace(model, name=path.stem))
        path.write_bytes(data)
        stage(clock, f"wrote {path}, {len(data) / 1e6:.2f} MB")
    stage(clock, f"thresholds {fitted.thresholds}; domains {fitted.notes['domains']['thresholds']}")


def weighted(kinds: Sequence[Scored], settings: Settings) -> list[Scored]:
    """Scored papers, those of sources not seen in training with the weight of the settings."""
    return [
        replace(part, weight=np.where(np.char.startswith(part.source, "unseen"), settings.unseen, 1.0))
        for part in kinds
    ]


if __name__ == "__main__":
    main()
