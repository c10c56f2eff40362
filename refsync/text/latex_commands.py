"""Tables of the LaTeX commands that bibliographies use."""

COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "G": "\u030f",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
"""Accent commands and the combining mark that each puts on a letter."""

LETTER_COMMANDS = {
    "ss": "ß", "SS": "ẞ", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ",
    "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
"""Commands for single letters."""

SIGN_COMMANDS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textunderscore": "_", "textbar": "|",
    "textbraceleft": "{", "textbraceright": "}", "textdollar": "$", "textless": "<", "textgreater": ">",
    "textendash": "–", "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotesingle": "'",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotedbl": '"', "guillemotleft": "«",
    "guillemotright": "»", "guillemetleft": "«", "guillemetright": "»", "quotedblbase": "„", "quotesinglbase": "‚",
    "lq": "‘", "rq": "’", "ldots": "…", "dots": "…", "textellipsis": "…", "cdots": "…", "S": "§", "P": "¶",
    "textsection": "§", "dag": "†", "ddag": "‡", "copyright": "©", "textcopyright": "©", "textregistered": "®",
    "texttrademark": "™", "textdegree": "°", "degree": "°", "textmu": "µ", "textperiodcentered": "·",
    "textbullet": "•", "bullet": "•", "textasteriskcentered": "*", "pounds": "£", "textsterling": "£", "euro": "€",
    "texteuro": "€", "textyen": "¥", "textexclamdown": "¡", "textquestiondown": "¿", "textonehalf": "½",
    "textsuperscript": "", "textsubscript": "", "slash": "/", "textcelsius": "℃", "textordmasculine": "º",
    "textordfeminine": "ª", "textvisiblespace": " ", "textasciiacute": "´", "textasciigrave": "`", "textpm": "±",
    "texttimes": "×", "TeX": "TeX", "LaTeX": "LaTeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2e", "quad": " ",
    "qquad": " ", "newblock": " ", "newline": " ", "linebreak": " ", "par": " ", "nobreakspace": " ", "space": " ",
    "thinspace": " ", "enspace": " ", "hskip": " ", "xspace": "", "lbrace": "{", "rbrace": "}", "vert": "|",
    "Vert": "‖", "backslash": "\\", "endash": "–", "emdash": "—",
}  # fmt: skip
"""Commands for symbols and spaces."""

LOGOS = {
    name.replace("-", ""): name
    for name in (
        "TeX LaTeX LaTeXe BibTeX BibLaTeX XeTeX XeLaTeX LuaTeX LuaLaTeX pdfTeX pdfLaTeX ConTeXt eTeX SliTeX PiCTeX "
        "AmS-TeX AmS-LaTeX AmS MiKTeX"
    ).split()
}
"""Commands that print the names of programs."""

MATH_COMMANDS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ",
    "pi": "π", "varpi": "ϖ", "rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
    "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "ast": "*", "star": "⋆", "circ": "∘", "leq": "≤",
    "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "approx": "≈", "sim": "∼",
    "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "lesssim": "≲", "gtrsim": "≳", "infty": "∞",
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "oint": "∮", "to": "→", "rightarrow": "→",
    "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔",
    "longrightarrow": "⟶", "mapsto": "↦", "uparrow": "↑", "downarrow": "↓", "in": "∈", "notin": "∉", "ni": "∋",
    "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "cup": "∪", "cap": "∩", "setminus": "∖",
    "emptyset": "∅", "varnothing": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "land": "∧", "lor": "∨",
    "wedge": "∧", "vee": "∨", "oplus": "⊕", "otimes": "⊗", "odot": "⊙", "perp": "⊥", "parallel": "∥", "mid": "|",
    "ell": "ℓ", "hbar": "ℏ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "dagger": "†", "ddagger": "‡", "prime": "′",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "log": "log", "ln": "ln",
    "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "min": "min", "max": "max", "sup": "sup", "inf": "inf",
    "lim": "lim", "det": "det", "dim": "dim", "ker": "ker", "deg": "deg", "arg": "arg", "gcd": "gcd", "Pr": "Pr",
    "triangle": "△", "square": "□", "Box": "□", "checkmark": "✓", "colon": ":",
}  # fmt: skip
"""Commands of mathematics for one symbol or word."""

FORMATTING_COMMANDS = frozenset({
    "emph", "textit", "textbf", "textsc", "textrm", "textsf", "texttt", "textsl", "textup", "textmd", "textnormal",
    "text", "it", "bf", "sc", "rm", "sf", "tt", "sl", "em", "itshape", "bfseries", "scshape", "rmfamily", "sffamily",
    "ttfamily", "upshape", "mdseries", "normalfont", "tiny", "scriptsize", "footnotesize", "small", "normalsize",
    "large", "Large", "LARGE", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal", "mathbb", "mathfrak",
    "mathscr", "boldsymbol", "bm", "bold", "operatorname", "mbox", "hbox", "fbox", "uppercase", "lowercase",
    "MakeUppercase", "MakeLowercase", "underline", "ul", "uline", "textquote", "enquote", "mkbibquote", "mkbibemph",
    "left", "right", "big", "Big", "bigl", "bigr", "displaystyle", "textstyle", "limits", "nolimits", "noopsort",
    "protect", "relax", "leavevmode", "ensuremath", "url", "path", "nolinkurl", "hspace", "vphantom", "phantom",
    "foreignlanguage", "selectlanguage", "cyr", "textcyr", "natexlab", "href", "cite", "ref", "label", "footnote",
    "ignorespaces",
})  # fmt: skip
"""Commands that format what follows and print nothing themselves."""

_HIDDEN = {"noopsort", "hspace", "vphantom", "phantom", "selectlanguage", "label"}
WITH_HIDDEN_ARGUMENT = frozenset(_HIDDEN | {"foreignlanguage", "href"})
"""Commands whose first argument is not printed."""

KNOWN_COMMANDS = frozenset(
    {
        *LETTER_COMMANDS,
        *SIGN_COMMANDS,
        *MATH_COMMANDS,
        *FORMATTING_COMMANDS,
        *(mark for mark in COMBINING if mark.isalpha()),
    }
)
"""All commands in these tables, without the backslash."""
