"""OpenAlex's taxonomy of all sciences: 4 domains of 26 fields, named as OpenAlex names them.

Source: the topics of OpenAlex (CC0), whose levels are domain, field, subfield and topic; the fields are those of the
All Science Journal Classification.
"""

from typing import Final

_DOMAINS: Final = {
    "Health Sciences": """
        Dentistry
        Health Professions
        Medicine
        Nursing
        Veterinary
    """,
    "Life Sciences": """
        Agricultural and Biological Sciences
        Biochemistry, Genetics and Molecular Biology
        Immunology and Microbiology
        Neuroscience
        Pharmacology, Toxicology and Pharmaceutics
    """,
    "Physical Sciences": """
        Chemical Engineering
        Chemistry
        Computer Science
        Earth and Planetary Sciences
        Energy
        Engineering
        Environmental Science
        Materials Science
        Mathematics
        Physics and Astronomy
    """,
    "Social Sciences": """
        Arts and Humanities
        Business, Management and Accounting
        Decision Sciences
        Economics, Econometrics and Finance
        Psychology
        Social Sciences
    """,
}

DOMAINS: Final[dict[str, str]] = {
    field.strip(): domain for domain, fields in sorted(_DOMAINS.items()) for field in fields.strip().splitlines()
}
"""Field to domain."""

FIELDS: Final = tuple(sorted(DOMAINS))
DOMAIN_NAMES: Final = tuple(sorted(_DOMAINS))
"""`Social Sciences` is the name of a domain and of one of its fields."""
