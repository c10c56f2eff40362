r"""Which LaTeX commands a bibliography may have: those that set text and mathematics.

A `.bib` file is compiled, and TeX can read and write files, run programs and change how it reads the rest. So the
commands that are allowed are listed, not those that are not: `\csname input\endcsname` has many spellings.
"""

import re
from collections.abc import Iterator

from refsync.text.latex_commands import KNOWN_COMMANDS, LOGOS

_MATHEMATICS = frozenset(
    """
    frac dfrac tfrac cfrac sqrt root binom dbinom tbinom overline underline overbrace underbrace hat widehat tilde
    widetilde bar vec dot ddot dddot acute grave breve check mathring overrightarrow overleftarrow overset underset
    stackrel substack not choose atop over middle bigg Bigg Bigl Bigr biggl biggr Biggl Biggr bigm Bigm biggm Biggm
    mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner mathchoice mathstrut strut smash nonumber
    notag text textstyle scriptstyle scriptscriptstyle displaylimits operatornamewithlimits pmod bmod mod pod mathds
    mathbbm mathnormal pmb iint iiint iiiint oiint idotsint coprod bigcup bigcap bigvee bigwedge bigoplus bigotimes
    bigodot biguplus bigsqcup uplus sqcup sqcap sqsubset sqsupset sqsubseteq sqsupseteq amalg wr diamond bigtriangleup
    bigtriangledown triangleleft triangleright lhd rhd unlhd unrhd oslash ominus bigcirc doteq asymp bowtie vdash dashv
    models smile frown prec succ preceq succeq precsim succsim subsetneq supsetneq subsetneqq supsetneqq nsubseteq
    nsupseteq leqslant geqslant lessgtr gtrless leqq geqq nleq ngeq nless ngtr lneq gneq lneqq gneqq napprox nsim
    ncong approxeq backsim eqsim fallingdotseq risingdotseq triangleq coloneqq eqqcolon thickapprox thicksim varpropto
    between pitchfork nmid nparallel shortmid shortparallel iff implies impliedby gets longleftarrow
    longleftrightarrow Longrightarrow Longleftarrow Longleftrightarrow longmapsto hookrightarrow hookleftarrow
    rightharpoonup rightharpoondown leftharpoonup leftharpoondown rightleftharpoons leftrightharpoons rightleftarrows
    leftrightarrows nearrow searrow swarrow nwarrow updownarrow Uparrow Downarrow Updownarrow nrightarrow nleftarrow
    nRightarrow leadsto rightsquigarrow twoheadrightarrow twoheadleftarrow rightarrowtail curvearrowright xrightarrow
    xleftarrow xleftrightarrow restriction upharpoonright lnot bot top angle measuredangle sphericalangle nexists
    complement blacksquare Diamond lozenge blacklozenge bigstar clubsuit diamondsuit heartsuit spadesuit flat natural
    sharp imath jmath wp mho eth beth gimel daleth digamma varkappa hslash vartheta varGamma varDelta backprime surd
    cdotp ldotp dotsc dotsb dotsm dotsi dotso vdots ddots lvert rvert lVert rVert lbrack rbrack llbracket rrbracket
    lgroup rgroup ulcorner urcorner llcorner lrcorner arccos arcsin arctan arccot cosh sinh tanh coth sec csc cot sgn
    hom lg limsup liminf injlim projlim varlimsup varliminf therefore because trace tr Tr rank diag softmax erf
    medspace thickspace negthinspace negmedspace negthickspace enskip hfill hfil mskip mkern kern vspace smallskip
    arraystretch cr hline quad sp sb intercal ltimes rtimes leftthreetimes boxplus boxtimes boxminus boxdot circledast
    circledcirc circleddash barwedge veebar doublebarwedge curlywedge curlyvee Cup Cap Subset Supset dotplus
    divideontimes
    bra ket braket ketbra dd dv pdv abs norm eval order Order qty mathpalette textnormal SI si num qty unit ang ce
    xi Bbbk Finv Game upalpha upbeta upgamma updelta upmu uppi upsigma nicefrac sfrac textfractionsolidus
    """.split()
)
_TEXT = frozenset(
    """
    textls textlf textos textnumero textohm textmho textcent textcurrency textbardbl textbrokenbar textmacron
    textdieresis textcedilla textogonek textbreve textcaron textdotaccent textdoubleacute textring textonequarter
    textthreequarters textonesuperior texttwosuperior textthreesuperior textlnot textdiv textleftarrow textrightarrow
    textuparrow textdownarrow textlangle textrangle textdagger textdaggerdbl textparagraph textsubring textcommabelow
    textcommaabove textdoublegrave textturncommaabove textcompwordmark textlowercase textinterrobang textgreek textlatin
    emdash endash cprime cdprime polhk soft lasp rasp dbar Dbar sun dj ij IJ char accent unskip discretionary break
    nobreak nolinebreak allowbreak hyphenation slash sloppy centering raggedright raggedleft item mkbibbold mkbibitalic
    mkbibparens mkbibbrackets mkbibsuperscript mkbibsubscript autocap parentext bibstring adddot addcomma addcolon
    addspace addnbspace adddotspace isdot textins textdel citep citet citealp citealt citeauthor citeyear citetitle
    fullcite footcite parencite textcite autocite eqref pageref autoref cref Cref nameref nocite fi else ifmmode
    textsuperscript st sout hl textcolor color vphantom hphantom rlap llap clap raisebox makebox framebox quotation
    title chapter section newpage footnotemark footnotetext thanks and LaTeXTeX proglang pkg code rpackage
    glqq grqq glq grq flqq frqq flq frq dq textacutedbl textgravedbl bibinfo bibfield bibnamefont bibfnamefont doi
    doibase urlprefix textbigcircle textborn textdied textmarried textleaf textmusicalnote
    cyrillic cyra greektext latintext latinencoding inputencoding babelhyphen shorthandoff mathversion unboldmath
    """.split()
) - {"inputencoding", "shorthandoff", "hyphenation", "mathpalette"}
SAFE_COMMANDS = frozenset({*KNOWN_COMMANDS, *LOGOS, *_MATHEMATICS, *_TEXT, "begin", "end"}) - {"mathpalette"}
"""The commands of text and mathematics, without the backslash."""

SAFE_ENVIRONMENTS = frozenset(
    "math displaymath equation eqnarray align aligned alignat gather gathered multline split cases dcases array matrix "
    "pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix subarray center flushleft flushright itemize enumerate "
    "description quote quotation em it bf small".split()
)

DANGEROUS_COMMANDS = frozenset(
    """
    input include includeonly InputIfFileExists IfFileExists openin openout read readline write closein closeout
    immediate special directlua latelua luaexec luadirect luacode ShellEscape shellescape pdfshellescape
    usepackage RequirePackage documentclass LoadClass catcode lccode uccode csname endcsname expandafter
    def edef gdef xdef let futurelet global newcommand renewcommand providecommand DeclareRobustCommand newenvironment
    renewenvironment everypar everyeof everyjob everymath everydisplay everyhbox everyvbox scantokens
    makeatletter makeatother lstinputlisting verbatiminput VerbatimInput includegraphics includepdf
    inputminted attachfile embedfile pdfliteral pdfobj pdfcatalog pdffiledump pdfmdfivesum loop repeat aftergroup
    afterassignment outer endinput dump batchmode scrollmode nonstopmode errorstopmode message errmessage show
    addtocontents addbibresource bibliography bibliographystyle AtBeginDocument AtEndDocument AddToHook newread newwrite
    hyperlinkfileprefix hypersetup tracingall obeylines ExplSyntaxOn usetikzlibrary loadtrue filecontents subfile import
    """.split()
)
r"""Commands that read or write files, run programs, or change how TeX reads what follows."""

_DEFINITIONS = frozenset(
    "def edef gdef xdef let newcommand renewcommand providecommand DeclareRobustCommand expandafter csname endcsname "
    "global makeatletter makeatother".split()
)
"""What `@preamble` is for."""

_COMMAND = re.compile(r"\\([A-Za-z@]+)|\\.|(?P<caret>\^\^)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\s*\{([^{}]*)\}")
_LINK = re.compile(r"\s*\{\s*(?:https?:|ftp:|mailto:|doi:|\\?#)", re.IGNORECASE)


def unsafe_commands(latex: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, str]]:
    r"""The commands that are not allowed, each with its position; `^^`, by which TeX spells any character, too.

    >>> [name for _, name in unsafe_commands(r"\emph{Moss} \input{x} $\frac{1}{2}$ \begin{input}")]
    ['input', 'begin{input}']
    """
    for found in _COMMAND.finditer(latex, start, len(latex) if end is None else end):
        if found["caret"]:
            yield found.start(), "^^"
        elif (name := found[1]) and (why := _unsafe(latex, name, found.end())):
            yield found.start(), why


def is_safe(latex: str) -> bool:
    """Whether all commands of a LaTeX text are allowed."""
    return next(unsafe_commands(latex), None) is None


def is_safe_command(latex: str, name: str, end: int) -> bool:
    """Whether a command that ends at a position of a text is allowed."""
    return not _unsafe(latex, name, end)


def escape_unsafe(latex: str) -> str:
    r"""LaTeX with the commands that are not allowed as text.

    >>> print(escape_unsafe(r"\emph{Moss} \input{x}"))
    \emph{Moss} \textbackslash{}input{x}
    """
    pieces: list[str] = []
    done = 0
    for position, name in unsafe_commands(latex):
        if name == "^^":
            pieces += (latex[done:position], "\\textasciicircum{}" * 2)
            done = position + 2
        else:
            pieces += (latex[done:position], "\\textbackslash{}")
            done = position + 1
    return "".join((*pieces, latex[done:])) if pieces else latex


def is_dangerous(name: str, *, in_preamble: bool = False) -> bool:
    """Whether a command that is not allowed reads, writes or runs something, or changes how TeX reads."""
    base = name.removeprefix("begin{").removeprefix("end{").rstrip("}*")
    if in_preamble and base in _DEFINITIONS:
        return False
    return name == "^^" or base in DANGEROUS_COMMANDS or base.startswith(("write", "href"))


def _unsafe(latex: str, name: str, end: int) -> str:
    """A command that is not allowed, as it is shown; empty if it is."""
    if name in ("begin", "end"):
        found = _ENVIRONMENT.match(latex, end)
        environment = found[1].strip() if found else ""
        return "" if environment.rstrip("*") in SAFE_ENVIRONMENTS else f"{name}{{{environment}}}"
    if name == "href" and not _LINK.match(latex, end):  # `run:` starts a program
        return "href"
    return "" if name in SAFE_COMMANDS else name
