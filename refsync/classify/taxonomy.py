"""The arXiv category taxonomy: the 142 categories that the shipped model knows, with names, archives and groups.

A category's code is `archive.CLASS`, or the archive alone where it has no classes (`gr-qc`). Source: the category
taxonomy at arxiv.org, without the catch-all classes (`cs.OH`, `math.GM`, `physics.gen-ph`, ...) and without the second
codes that some categories have (`cs.SY` is `eess.SY`).
"""

from typing import Final

_GROUPS: Final = {
    "Computer Science": """
        cs.AI Artificial Intelligence
        cs.AR Hardware Architecture
        cs.CC Computational Complexity
        cs.CE Computational Engineering, Finance, and Science
        cs.CG Computational Geometry
        cs.CL Computation and Language
        cs.CR Cryptography and Security
        cs.CV Computer Vision and Pattern Recognition
        cs.CY Computers and Society
        cs.DB Databases
        cs.DC Distributed, Parallel, and Cluster Computing
        cs.DL Digital Libraries
        cs.DM Discrete Mathematics
        cs.DS Data Structures and Algorithms
        cs.ET Emerging Technologies
        cs.FL Formal Languages and Automata Theory
        cs.GR Graphics
        cs.GT Computer Science and Game Theory
        cs.HC Human-Computer Interaction
        cs.IR Information Retrieval
        cs.IT Information Theory
        cs.LG Machine Learning
        cs.LO Logic in Computer Science
        cs.MA Multiagent Systems
        cs.MM Multimedia
        cs.MS Mathematical Software
        cs.NE Neural and Evolutionary Computing
        cs.NI Networking and Internet Architecture
        cs.OS Operating Systems
        cs.PF Performance
        cs.PL Programming Languages
        cs.RO Robotics
        cs.SC Symbolic Computation
        cs.SD Sound
        cs.SE Software Engineering
        cs.SI Social and Information Networks
    """,
    "Economics": """
        econ.EM Econometrics
        econ.GN General Economics
        econ.TH Theoretical Economics
    """,
    "Electrical Engineering and Systems Science": """
        eess.AS Audio and Speech Processing
        eess.IV Image and Video Processing
        eess.SP Signal Processing
        eess.SY Systems and Control
    """,
    "Mathematics": """
        math.AC Commutative Algebra
        math.AG Algebraic Geometry
        math.AP Analysis of PDEs
        math.AT Algebraic Topology
        math.CA Classical Analysis and ODEs
        math.CO Combinatorics
        math.CT Category Theory
        math.CV Complex Variables
        math.DG Differential Geometry
        math.DS Dynamical Systems
        math.FA Functional Analysis
        math.GN General Topology
        math.GR Group Theory
        math.GT Geometric Topology
        math.HO History and Overview
        math.KT K-Theory and Homology
        math.LO Logic
        math.MG Metric Geometry
        math.NA Numerical Analysis
        math.NT Number Theory
        math.OA Operator Algebras
        math.OC Optimization and Control
        math.PR Probability
        math.QA Quantum Algebra
        math.RA Rings and Algebras
        math.RT Representation Theory
        math.SG Symplectic Geometry
        math.SP Spectral Theory
        math.ST Statistics Theory
    """,
    "Physics": """
        astro-ph.CO Cosmology and Nongalactic Astrophysics
        astro-ph.EP Earth and Planetary Astrophysics
        astro-ph.GA Astrophysics of Galaxies
        astro-ph.HE High Energy Astrophysical Phenomena
        astro-ph.IM Instrumentation and Methods for Astrophysics
        astro-ph.SR Solar and Stellar Astrophysics
        cond-mat.dis-nn Disordered Systems and Neural Networks
        cond-mat.mes-hall Mesoscale and Nanoscale Physics
        cond-mat.mtrl-sci Materials Science
        cond-mat.quant-gas Quantum Gases
        cond-mat.soft Soft Condensed Matter
        cond-mat.stat-mech Statistical Mechanics
        cond-mat.str-el Strongly Correlated Electrons
        cond-mat.supr-con Superconductivity
        gr-qc General Relativity and Quantum Cosmology
        hep-ex High Energy Physics - Experiment
        hep-lat High Energy Physics - Lattice
        hep-ph High Energy Physics - Phenomenology
        hep-th High Energy Physics - Theory
        math-ph Mathematical Physics
        nlin.AO Adaptation and Self-Organizing Systems
        nlin.CD Chaotic Dynamics
        nlin.CG Cellular Automata and Lattice Gases
        nlin.PS Pattern Formation and Solitons
        nlin.SI Exactly Solvable and Integrable Systems
        nucl-ex Nuclear Experiment
        nucl-th Nuclear Theory
        physics.acc-ph Accelerator Physics
        physics.ao-ph Atmospheric and Oceanic Physics
        physics.app-ph Applied Physics
        physics.atm-clus Atomic and Molecular Clusters
        physics.atom-ph Atomic Physics
        physics.bio-ph Biological Physics
        physics.chem-ph Chemical Physics
        physics.class-ph Classical Physics
        physics.comp-ph Computational Physics
        physics.data-an Data Analysis, Statistics and Probability
        physics.ed-ph Physics Education
        physics.flu-dyn Fluid Dynamics
        physics.geo-ph Geophysics
        physics.hist-ph History and Philosophy of Physics
        physics.ins-det Instrumentation and Detectors
        physics.med-ph Medical Physics
        physics.optics Optics
        physics.plasm-ph Plasma Physics
        physics.pop-ph Popular Physics
        physics.soc-ph Physics and Society
        physics.space-ph Space Physics
        quant-ph Quantum Physics
    """,
    "Quantitative Biology": """
        q-bio.BM Biomolecules
        q-bio.CB Cell Behavior
        q-bio.GN Genomics
        q-bio.MN Molecular Networks
        q-bio.NC Neurons and Cognition
        q-bio.PE Populations and Evolution
        q-bio.QM Quantitative Methods
        q-bio.SC Subcellular Processes
        q-bio.TO Tissues and Organs
    """,
    "Quantitative Finance": """
        q-fin.CP Computational Finance
        q-fin.GN General Finance
        q-fin.MF Mathematical Finance
        q-fin.PM Portfolio Management
        q-fin.PR Pricing of Securities
        q-fin.RM Risk Management
        q-fin.ST Statistical Finance
        q-fin.TR Trading and Market Microstructure
    """,
    "Statistics": """
        stat.AP Applications
        stat.CO Computation
        stat.ME Methodology
        stat.ML Machine Learning
    """,
}

ARCHIVES: Final = {
    "astro-ph": "Astrophysics",
    "cond-mat": "Condensed Matter",
    "cs": "Computer Science",
    "econ": "Economics",
    "eess": "Electrical Engineering and Systems Science",
    "gr-qc": "General Relativity and Quantum Cosmology",
    "hep-ex": "High Energy Physics - Experiment",
    "hep-lat": "High Energy Physics - Lattice",
    "hep-ph": "High Energy Physics - Phenomenology",
    "hep-th": "High Energy Physics - Theory",
    "math": "Mathematics",
    "math-ph": "Mathematical Physics",
    "nlin": "Nonlinear Sciences",
    "nucl-ex": "Nuclear Experiment",
    "nucl-th": "Nuclear Theory",
    "physics": "Physics",
    "q-bio": "Quantitative Biology",
    "q-fin": "Quantitative Finance",
    "quant-ph": "Quantum Physics",
    "stat": "Statistics",
}
"""Archive code to name."""

_ALIASES: Final = {
    "cs.NA": "math.NA",
    "cs.SY": "eess.SY",
    "math.IT": "cs.IT",
    "math.MP": "math-ph",
    "q-fin.EC": "econ.GN",
    "stat.TH": "math.ST",
}

_LINES: Final = [
    (*line.split(maxsplit=1), group) for group, lines in _GROUPS.items() for line in lines.strip().splitlines()
]
NAMES: Final[dict[str, str]] = {code: name for code, name, _ in _LINES}
"""Category code to name, in the order of the groups."""

GROUPS: Final[dict[str, str]] = {code: group for code, _, group in _LINES}
"""Category code to group, as arXiv groups its archives: `hep-th` to `Physics`."""


def canonical(code: str) -> str:
    """The code that is used for a category here: an alias is replaced by the category that it denotes.

    >>> canonical("cs.SY"), canonical("cs.CV")
    ('eess.SY', 'cs.CV')
    """
    return _ALIASES.get(code, code)


def archive(code: str) -> str:
    """The archive of a category.

    >>> archive("astro-ph.GA"), archive("gr-qc")
    ('astro-ph', 'gr-qc')
    """
    return code.partition(".")[0]


def parent(area: str) -> str:
    """The parent of an area: the archive of an arXiv category; for another name, the part before its last slash.

    >>> parent("astro-ph.GA"), parent("vision/segmentation"), parent("e.g. tea")
    ('astro-ph', 'vision', 'e.g. tea')
    """
    return archive(area) if area in NAMES else area.rpartition("/")[0] or area


def readable(code: str) -> str:
    """A name for people: that of an arXiv category, with its group where names repeat; other codes unchanged.

    >>> readable("cs.CV"), readable("stat.ML"), readable("astro-ph"), readable("my own area")
    ('Computer Vision and Pattern Recognition', 'Machine Learning (Statistics)', 'Astrophysics', 'my own area')
    """
    code = canonical(code)
    name = NAMES.get(code) or ARCHIVES.get(code)
    if name is None:
        return code
    ambiguous = archive(code) == "stat" != code or name in {"Logic", "Computation", "Applications"}
    return f"{name} ({GROUPS[code]})" if ambiguous else name
