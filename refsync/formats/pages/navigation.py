"""What surrounds papers on pages: buttons, counts, dates, menus, and the texts of the sites about themselves."""

import re

_MAX_BUTTONS = 300  # characters
_MAX_DATE = 140

# Texts of buttons and menus, which stand alone or one after the other: `[pdf] [supp]`, `Cite Share`, `pdfbibabs`.
_BUTTONS = r"""
(?:pdf|html|code|video|link|external link|github|twitter|open access|lock|search|menu|close|info) icon; view as html;
clinical trial\.; randomized controlled trial\.; review\.; systematic review\.; meta-analysis\.;
observational study\.; fields of study; date range; has pdf; journals & conferences; publication types?;
article types?; text availability; submitted by; published by; posted by; skip to yearly menu bar;
skip to main content; skip to search form; skip to account menu; skip to content; main navigation; skip to navigation;
skip to main; skip to search; toggle navigation; close this message; advanced search; search results?; feedback\??;
get trending papers .{0,60}; by\s?ak and the research community; by\s?\w+ and the .{0,30}community; help pages;
trending papers; daily papers; weekly papers; monthly papers; latest papers; trending; daily; weekly; monthly; latest;
subscribed?; new papers; log ?in; login; sign ?in; sign ?up; log ?out; register; create account; my account; my stuff;
create profile; home; about us; about; help ?/ ?faq; help; faq; (?:news|faq|corrections|submissions) ?\(current\);
contact us; contact \w{3,10}; contact; terms (?:of (?:use|service)|& conditions|and conditions); terms; tos;
privacy (?:policy|notice); privacy; cookie \w{6,8}; legal; accessibility; imprint; impressum; sitemap; careers?;
press; donate; github; twitter; facebook; linkedin; mastodon; bluesky; reddit; e-?mail; rss; copy(?: link)?; print;
powered by:?; back to top; back; next page; previous page; next; previous; prev; first; last;
page \d{1,5}(?: of \d{1,6})?; go to .{0,60} homepage; back arrow; results per page\.?; sort(?: results)? by:?;
relevance; filters?; clear all; clear; apply; reset; go; view all; see all; select all; all fields; fewer; layout:?;
load more; show more; view more; see more; read more; more; load less; show less; view less; see less; less; expand;
collapse; show all(?: abstracts)?; hide all(?: abstracts)?;
(?:show|hide|view|read|toggle|full) (?:abstracts?|details?|bibtex|paper|page|full text); view; view in [\w ]{2,20};
view on [\w ]{2,20}; view via [\w ]{2,20}; view arxiv page; view (?:pdf|html)(?: on [\w ]{2,20})?; view full details;
download; open pdf; get pdf; read pdf; (?:download|open|read|get|full) (?:the )?(?:pdf|paper|article|citation)s?;
download all; paper pdf;
add(?:ed)? to (?:\w{1,12} )?(?:library|bookmarks?|cart|calendar|favorites|collection|clipboard); bookmarks?;
favou?rites?; import into (?:bibtex|endnote|refman|refworks); bibtex; endnote; refman; refworks; cite this; cite all;
cite; export(?: record| citation| bibtex)?; share(?: record)?; saved?; library alert; create alert; alerts?;
ask others; pdf; bib; abs; html; ps; supp; supplementa(?:l|ry)(?: (?:material|pdf|zip|files?))?; arxiv; project page;
openreview; website link; visualize; related (?:articles|papers); similar (?:articles|papers); all \d{1,4} versions;
cached; library search; cited by:? ?\d*; (?:pdf|bib) \(full\); up; focus to learn more; view license; citing articles;
web of science: ?\d+; [·•]?\s?\d{1,4} authors?; upvotes?; likes?; everyone; revisions; withdraw; full text links;
\d[\d.,]*\s?k? (?:citations?|references|excerpts|views|reads|comments?|repl(?:y|ies)|likes?|upvotes?|downloads?);
\d[\d.,]* (?:followers|highly influential citations?); (?:highly influential|background|methods|results) citations;
free (?:pmc )?article\.?; free full text; no abstract available\.?; item in clipboard; open access;
references & citations; authority control:?; unpaywalled version; highly cited; editor'?s choice; check for updates;
electronic edition(?: via doi| @ [\w.-]{3,40})?; no references & citations available; dblp key:?; persistent url:?;
facets and more with completesearch; refine list; semantic scholar(?:'s logo)?; google scholar; acl anthology;
openreview\.net; hugging ?face; dblp; arxiv\.org; pubmed; today; yesterday;
\d{1,3} (?:minutes?|hours?|days?|weeks?|months?|years?) ago; spotlight(?: poster)?; poster hall; n-triples; turtle;
speichern; zitieren; zitiert (?:von|durch):? ?\d*; ähnliche artikel; alle \d{1,4} versionen; teilen; mehr anzeigen;
anmelden; enregistrer; citer; cité \d+ fois; autres articles; les \d{1,4} versions; partager; afficher plus;
connexion; guardar; citar; citado por:? ?\d*; artículos relacionados; las \d{1,4} versiones; compartir; mostrar más;
salvar; artigos relacionados; todas as \d{1,4} versões; salva; cita; citato da:? ?\d*; articoli correlati;
tutte e \d{1,4} le versioni; сохранить; цитировать; цитируется:? ?\d*; похожие статьи; все версии статьи \(\d+\); 保存;
引用;
被引用次数[:：] ?\d+; 相关文章; 所有 ?\d+ ?个版本; 分享; 引用元 ?\d*; 関連記事; 全 ?\d+ ?バージョン;
[▽△▼▲] ?(?:more|less)
"""
# Words of buttons that are words of titles too: they count alone, in brackets, or beside one of the above.
_WORDS_ON_BUTTONS = r"""
abstracts?; affiliations?; author information; search; menu; settings; blog; jobs; company; website; models?;
datasets?; spaces; pricing; docs; all; mini; compact; topic;
detail; citations?; ris; rdf; other; format; xml; json; si; code; videos?; slides?; posters?; orals?; talk; tutorial;
software; data;
attachments?; project; paper; papers; proceedings; metrics; media; appendix; doi; url; link; versions?; shares?;
comments?; repl(?:y|ies); full text;
preprint; free; new; top; x; optional; library; scopus; crossref; community; enterprise; solutions; collections;
workshops?; tutorials?
"""


def _one_of(phrases: str) -> str:
    """Alternatives, of which a longer one is tried before one that it begins with."""
    listed = [phrase.strip() for phrase in phrases.replace("\n", " ").split(";") if phrase.strip()]
    return "|".join(sorted(listed, key=len, reverse=True))


_BUTTON = re.compile(
    rf"(?P<button>{_one_of(_BUTTONS)})|(?P<word>{_one_of(_WORDS_ON_BUTTONS)})|(?P<number>[\d.,]+\s?[km]?\b)"
    r"|(?P<bracketed>\[\s?(?:abstract|abstracts)\s?\])|(?P<bracket>[\[\](){}|·•‧/★☆✩→←«»‹›▼▲▽△✓✔×⋮≡↑↓])"
    r"|(?P<space>[\s,;:+*&\-–—.…]+)",
    re.IGNORECASE,
)

_MONTHS = (
    "jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]v(?:rier)?|m[aä]r(?:ch|z|s)?|apr(?:il)?|avr(?:il)?|ma[iy]|june?"
    "|juni|juin|jul[iy]?|"
    "juil(?:let)?|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember)?"
    "|d[ée]c(?:embre)?|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile"
    "|maggio|giugno|"
    "luglio|settembre|ottobre|dicembre|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro|"
    "январ[яь]|феврал[яь]|марта?|апрел[яь]|ма[яй]|июн[яь]|июл[яь]|августа?|сентябр[яь]|октябр[яь]|ноябр[яь]|декабр[яь]"
)
_DAYS = (
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?|montag|dienstag"
    "|mittwoch|"
    "donnerstag|freitag|samstag|sonntag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_DATE_WORD = re.compile(
    rf"(?P<month>(?:{_MONTHS})\b\.?)|(?P<day>(?:{_DAYS})\b\.?)|(?P<number>\d{{4}}[年./-]\d{{1,2}}[月./-]\d{{1,2}}日?|"
    r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d{2}(?::\d{2})?)|(?P<small>\d{1,4}(?:st|nd|rd|th|er|º)?\b\.?)"
    r"|(?P<other>[ap]\.m\.|(?:am|pm|noon|utc|gmt|[pecmj][sd]t|cest|cet|bst|aoe|de|del|at|to|until|on|published|last"
    r" modified|modified|"
    r"updated|revised|submitted|posted|accepted):?(?!\w)|г\.|[年月日]|[\s,;.()–—·•|+-]+)",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(
    r"(?:(?:last )?(?:submitted|updated|published|posted|revised|accepted|modified|created|added|announced|publié"
    r"|veröffentlicht|"
    r"publicado)(?: online)?(?: on| am| le| el)?:?|(?:first )?online:?|date:?|on:?)\s",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"(?:submitted|published|posted|uploaded|shared)\ (?:by|on|\d{1,2})\ .{0,120}|(?:©|\(c\)\s|copyright\b).*"
    r"|\#\d+\ paper\ of\ the\ day"
    r"|showing\ [^.?]{0,60}\d[^.?]{0,60}|about\ [\d.,]+\ results.{0,60}|[\d.,]+\ (?:results?|papers?|entries"
    r"|publications|matches|submissions).{0,60}"
    r"|total\ of\ \d+\ entries.*|\[?\ ?total\ of\ .{0,60}|\[?\ ?showing\ .{0,120}|(?:results?|page)\ [\d.,]+.{0,40}"
    r"|search\ v\d.*|released\ \d{4}-\d\d-\d\d|readers:\ .{0,80}|(?:ungefähr|environ|aproximadamente|cerca"
    r"|circa)\ [\d.,\s]+.{0,40}"
    r"|(?:\d{1,4}\ )?of\ \d{1,4}|page|(?:pdf|bib)\ \(full\).*|\(or\ arXiv:.*version\)"
    r"|https?://\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|.{0,40}\(\d[\d.,]*\ sec\.?\)"
    r"|[+-]?\d{1,5}\s?(?:points?|pts)?"
    r"|(?:new|cross|replacement)\ submissions?\ ?\(showing.{0,60}|(?:new\ submissions|cross-?lists"
    r"|replacements)\ for\ .{0,60}"
    r"|(?:mon|tue|wed|thu|fri|sat|sun),\ \d{1,2}\ \w{3}\ \d{4}\ \(.{0,60}|[-–—·•|*.,;:\s_=]+",
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_THE_SITE = re.compile(
    r"all rights (?:reserved|therein)|by using our (?:web)?sites?|(?:this site|we|website) uses? cookies|uses cookies"
    r" to|arxivlabs|"
    r"simons foundation|recaptcha|openreview sponsors|enable javascript|logo above may be used|report an issue|"
    r"anthology (?:is managed|team)|permission is granted to make copies|provided by the computer vision foundation|"
    r"identical to the accepted versions|semantic scholar is a"
    r"|papers are the open access versions|creative commons|trending papers in your email|"
    r"stay informed on the latest|we gratefully acknowledge|skip to (?:main )?content|privacy settings|load references"
    r" from|"
    r"requests for name changes|comment is monitored to verify|"
    r"dblp (?:team|was originally)|your (?:web )?browser|open(?:ing)? the (?:full )?details|google scholar (?:help|is)"
    r"|to add the following code",
    re.IGNORECASE,
)
_NOTHING_FOUND = re.compile(
    r"(?:sorry,? )?(?:your (?:search|query)\b.{0,120}(?:no (?:results|matches)|did not match|returned no|produced"
    r" no).{0,60}"
    r"|no (?:results?|matches|papers?|articles?|publications|documents?|entries|submissions|items)(?: (?:were|was))?"
    r"(?: (?:found|match|matched|to display|for|available|containing|yet)\b.{0,120})?"
    r"|(?:showing )?0 (?:results?|papers?|entries|matches|publications)(?: (?:for|found)\b.{0,120})?"
    r"|we (?:could ?n[o']t|couldn't|did not|didn't) find any .{0,120}|nothing (?:was )?found.{0,60}"
    r"|keine (?:ergebnisse|treffer).{0,80}|es wurden keine .{0,80}|aucun(?:e)? (?:résultat|article).{0,80}"
    r"|(?:no se (?:han )?encontr|sin resultados).{0,80}|nessun risultato.{0,80}|nenhum resultado.{0,80}|ничего не"
    r" найдено.{0,80}"
    r"|(?:没有找到|未找到|无结果).{0,40})[.!]?",
    re.IGNORECASE,
)


def is_navigation(text: str) -> bool:
    """Whether a line is a button, a count, a date or another part of the page that says nothing about a paper.

    >>> is_navigation("pdf bib abs"), is_navigation("Cited by 12 Related articles"), is_navigation("Code Search")
    (True, True, False)
    """
    if len(text) > _MAX_BUTTONS:
        return False
    return _LINE.fullmatch(text) is not None or is_date(text) or _are_buttons(text)


def _are_buttons(text: str) -> bool:
    position, buttons, words, brackets = 0, 0, 0, 0
    while position < len(text):
        found = _BUTTON.match(text, position)
        if not found or found.end() == position:
            return False
        position = found.end()
        kind = found.lastgroup
        buttons += kind == "button"
        words += kind == "word"
        brackets += kind in ("bracket", "bracketed")
    return words < 2 or buttons > 0 or brackets > 0


def is_date(text: str) -> bool:
    """Whether a line is a date or a span of time, in one of some languages.

    >>> is_date("5 janvier 2024"), is_date("Published on Jan 5"), is_date("Tue 12 Dec 8:45 a.m. PST"), is_date("1984")
    (True, True, True, False)
    """
    if len(text) > _MAX_DATE:
        return False
    text = _BEFORE_DATE.sub("", text.lstrip("·•| "), count=1)
    position, kinds = 0, set()
    while position < len(text):
        found = _DATE_WORD.match(text, position)
        if not found or found.end() == position:
            return False
        position = found.end()
        kinds.add(found.lastgroup)
    return "number" in kinds or ("month" in kinds and "small" in kinds)


def is_about_the_site(text: str) -> bool:
    """Whether a paragraph is what sites say about themselves: cookies, licences, sponsors."""
    return len(text) < 1200 and _ABOUT_THE_SITE.search(text) is not None


def says_nothing_found(text: str) -> bool:
    """Whether a line says that a search has no results.

    >>> says_nothing_found("Your search - kelpp - did not match any articles."), says_nothing_found("No Kelp in Noise")
    (True, False)
    """
    return len(text) < 300 and _NOTHING_FOUND.fullmatch(text) is not None
