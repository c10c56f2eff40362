"""Texts of `info.yaml` as people, papis and other programs write them; `{title}` and `{doi}` are filled in."""

LAYOUTS = {
    "papis": "author: Roe, Ann\nauthor_list:\n- affiliation: []\n  family: Roe\n  given: Ann\n"
    "doi: {doi}\nfiles:\n- a.pdf\n"
    "papis_id: 1f\nref: r\ntags:\n- moss\ntitle: {title}\ntype: article\nyear: 2020\n",
    "flow list": "author: Roe, Ann\ndoi: {doi}\ntags: [moss, shore]\ntitle: {title}\nyear: 2020\n",
    "flow list over lines": "doi: {doi}\nauthor: Roe, Ann\ntags: [moss,\n  shore, # wet\n  ]\n"
    "title: {title}\nyear: 2020\n",
    "empty list": "doi: {doi}\nauthor: Roe, Ann\ntags: []\ntitle: {title}\n",
    "no value": "doi: {doi}\nauthor: Roe, Ann\ntags:\ntitle: {title}\n",
    "null": "doi: {doi}\nauthor: Roe, Ann\ntags: ~\ntitle: {title}\n",
    "text with commas": "doi: {doi}\nauthor: Roe, Ann\ntags: moss, shore\ntitle: {title}\n",
    "text with semicolons": 'doi: {doi}\nauthor: Roe, Ann\ntags: "moss; Cell Line, Tumor"\ntitle: {title}\n',
    "one word": "doi: {doi}\nauthor: Roe, Ann\ntags: moss\ntitle: {title}\n",
    "number": "doi: {doi}\nauthor: Roe, Ann\ntags: 2020\ntitle: {title}\nyear: '2020'\n",
    "indented items": "doi: {doi}\nauthor: Roe, Ann\ntags:\n    -   moss\n    -   shore\ntitle: {title}\n",
    "comments": "# mine\ndoi: {doi}  # from the page\nauthor: Roe, Ann\n# which?\ntags:  # all\n"
    "- moss # green\n# more\n\ntitle: {title} # x\n",
    "literal": "abstract: |\n  Moss is patient.\n\n    It waits.\n\nauthor: Roe, Ann\ndoi: {doi}\ntitle: {title}\n",
    "folded": "author: Roe, Ann\ndoi: {doi}\nnote: >-\n  Moss is\n  patient.\n# end\ntitle: {title}\n",
    "kept breaks": "author: Roe, Ann\ndoi: {doi}\ntitle: {title}\nwhere: |+\n  a\n\n\n",
    "literal at the end": "author: Roe, Ann\ndoi: {doi}\ntitle: {title}\nwhere: |\n  a\n  b",
    "single quotes": "'author': 'Roe, Ann'\n'doi': '{doi}'\n'tags': ['moss']\n'title': '{title}'\n",
    "double quotes": 'author: "Roe, Ann"\ndoi: "{doi}"\ntags: ["mo\\u00f6s"]\ntitle: "{title}"\n',
    "title over lines": "author: Roe, Ann\ndoi: {doi}\ntitle: {title}\n  and more of it\nyear: 2020\n",
    "unknown names": "author: Roe, Ann\ndoi: {doi}\nshelf: {{room: 2, row: [3, 4]}}\nX-Mine: yes\n"
    "title: {title}\n_a: 010\n",
    "anchor elsewhere": "author: &a Roe, Ann\nby: *a\ndoi: {doi}\ntags: [moss]\ntitle: {title}\n",
    "alias": "author: Roe, Ann\ndoi: {doi}\nkinds: &k [moss]\ntags: *k\ntitle: {title}\n",
    "merge": "base: &b {{publisher: P}}\n<<: *b\nauthor: Roe, Ann\ndoi: {doi}\ntitle: {title}\n",
    "tag of YAML": "author: !!str Roe, Ann\ndoi: {doi}\ntags: !!seq [moss]\ntitle: {title}\n",
    "start": "---\nauthor: Roe, Ann\ndoi: {doi}\ntitle: {title}\n",
    "start and end": "%YAML 1.1\n---\nauthor: Roe, Ann\ndoi: {doi}\ntitle: {title}\n...\n",
    "byte order mark": "\ufeffauthor: Roe, Ann\ndoi: {doi}\ntags:\n- moss\ntitle: {title}\n",
    "CRLF": "author: Roe, Ann\r\ndoi: {doi}\r\ntags:\r\n- moss\r\nabstract: |\r\n  a\r\n  b\r\ntitle: {title}\r\n",
    "tabs": "author:\tRoe, Ann\ndoi:\t{doi}\t# tab\ntags:\t[moss]\ntitle:\t{title}\n",
    "indented": "  author: Roe, Ann\n  doi: {doi}\n  tags:\n  - moss\n  title: {title}\n",
    "JSON": '{{"author": "Roe, Ann", "doi": "{doi}", "tags": ["moss"], "title": "{title}", "year": 2020}}\n',
    "braces": "{{author: 'Roe, Ann', doi: {doi},\n title: {title}}}\n",
    "no end of line": "author: Roe, Ann\ndoi: {doi}\ntitle: {title}",
    "blank lines": "\n\nauthor: Roe, Ann\n\n\ndoi: {doi}\n\ntags:\n\n- moss\n\n\ntitle: {title}\n\n\n",
    "name given twice": "author: Roe, Ann\ndoi: {doi}\nplace: a\nplace: b\ntitle: {title}\n",
    "other letters": "author: Ånström, Ζωή\ndoi: {doi}\ntags: [苔, 'µ: x']\ntitle: {title} — später\n",
    "only author_list": "author_list: [{{family: Roe, given: Ann}}]\ndoi: {doi}\ntitle: {title}\n",
    "several files": "author: Roe, Ann\ndoi: {doi}\nfiles:\n- a.pdf\n- sub/b.pdf\ntitle: {title}\n",
    "a file as text": "author: Roe, Ann\ndoi: {doi}\nfiles: a.pdf\ntitle: {title}\n",
}  # fmt: skip

REFUSED = {
    "anchored list": "author: Roe, Ann\ndoi: {doi}\ntags: &k [moss]\nkinds: *k\ntitle: {title}\n",
    "tags given twice": "author: Roe, Ann\ndoi: {doi}\ntags: [moss]\ntags: [kelp]\ntitle: {title}\n",
    "tags with names": "author: Roe, Ann\ndoi: {doi}\ntags: {{moss: 1}}\ntitle: {title}\n",
}
"""Texts in which adding a tag would change something else."""

WORDS = (
    "moss kelp fern oak elm birch larch yew ash pine cedar beech lime rowan alder willow maple hazel holly ivy".split()
)


def title_of(number: int) -> str:
    """A title that no other number has, and that is like no other."""
    one, other = WORDS[number % len(WORDS)], WORDS[(number // len(WORDS) + number * 7 + 3) % len(WORDS)]
    return f"How {one} number {number * 37} grows beside {other} in year {number * 11}"


def filled(text: str, number: int = 7) -> str:
    """A text with its title and DOI."""
    return text.format(title=title_of(number), doi=f"10.5555/{number}")
