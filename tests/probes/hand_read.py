"""Sentences of the bundled corpus that each probe changes, read one by one: grammar holds, and the stance stays.

Only the words that change stand here, before and after: a changed sentence is never published.
"""

from __future__ import annotations

from typing import NamedTuple


class Read(NamedTuple):
    """A judgement, and the words of its sentence that a probe changes."""

    sentence_id: str
    holder: str
    target: str
    words: list[tuple[str, str]]


HAND_READ: dict[str, list[Read]] = {
    "target_alias_swapped": [
        Read("cov-0002", "RUS", "us", [("Washington", "the United States")]),
        Read("cov-0016", "CHN", "ukraine", [("Kyiv", "Ukraine")]),
        Read("cov-0018", "RUS", "ukraine", [("Ukraine", "Kyiv")]),
        Read("cov-0023", "RUS", "sanctions", [("Sanctions", "Restrictive measures")]),
        Read("cov-0032", "OTHER:No Kings protests", "us", [("the United States", "America")]),
        Read("cov-0036", "POL", "us", [("Washington", "The United States")]),
        Read("cov-0039", "UKR", "ukraine", [("Ukraine's", "The Ukrainian")]),
        Read(
            "cov-0044",
            "USA",
            "nato",
            [("NATO", "the North Atlantic Alliance"), ("NATO.", "the North Atlantic Alliance.")],
        ),
        Read("cov-0056", "CUB", "us", [("an American", "a US")]),
        Read("cov-0058", "CZE", "nato", [("NATO,", "the North Atlantic Alliance,")]),
        Read("cov-0060", "OTHER:unattributed claim", "ukraine", [("Ukraine's", "the Ukrainian")]),
        Read("cov-0065", "UKR", "us", [("U.S.", "American")]),
        Read("cov-0082", "CUB", "nato", [("NATO's", "The North Atlantic Alliance's")]),
        Read("cov-0083", "NATO", "nato", [("the alliance,", "NATO,")]),
        Read("cov-0111", "VEN", "us", [("Washington's", "America's")]),
        Read("cov-0113", "MDA", "nato", [("the alliance's", "NATO's")]),
        Read("cov-0195", "VEN", "sanctions", [('Sanctions"', 'Restrictive Measures"')]),
        Read("cov-0274", "RUS", "ukraine", [("Zelensky", "Zelenskyy")]),
        Read("cov-0322", "RUS", "us", [("America's", "the United States'")]),
        Read("cov-0359", "NARRATOR", "ukraine", [("Ukrainian", "Ukraine's")]),
    ],
    "reporting_verb_swapped": [
        Read("cov-0001", "CHN", "nato", [("said", "told reporters")]),
        Read("cov-0007", "RUS", "nato", [("saying", "telling reporters")]),
        Read("cov-0009", "CHN", "nato", [("says.", "tells reporters.")]),
        Read("cov-0015", "CHN", "nato", [("said", "told reporters")]),
        Read("cov-0020", "CHN", "nato", [("saying", "telling reporters")]),
        Read("cov-0021", "NARRATOR", "nato", [("said", "told reporters")]),
        Read("cov-0023", "RUS", "nato", [("said,", "told reporters,")]),
        Read("cov-0031", "RUS", "nato", [("saying", "telling reporters")]),
        Read("cov-0064", "USA", "nato", [("told reporters", "said")]),
        Read("cov-0093", "CHN", "nato", [("said", "told reporters")]),
        Read("cov-0206", "USA", "nato", [("told reporters", "said")]),
        Read("cov-0243", "RUS", "nato", [("said", "told reporters")]),
        Read("cov-0256", "RUS", "nato", [("said,", "told reporters,")]),
        Read("cov-0320", "SVK", "nato", [("says", "tells reporters")]),
        Read("cov-0327", "AUS", "nato", [("told reporters", "said")]),
        Read("cov-0328", "RUS", "nato", [("said.", "told reporters.")]),
        Read("cov-0380", "EU", "nato", [("says", "tells reporters")]),
    ],
    "quotation_marks_removed": [
        Read("cov-0007", "RUS", "nato", [('"a', "a"), ('interests".', "interests.")]),
        Read("cov-0009", "CHN", "nato", [('"fairness', "fairness"), ('justice",', "justice,")]),
        Read("cov-0015", "CHN", "nato", [('"are futile",', "are futile,")]),
        Read("cov-0031", "RUS", "nato", [('"no point"', "no point")]),
        Read("cov-0050", "TUR", "nato", [('"completely', "completely"), ('unwarranted."', "unwarranted.")]),
        Read("cov-0053", "IND", "nato", [('"special', "special"), ('operation"', "operation")]),
        Read(
            "cov-0079",
            "ZWE",
            "nato",
            [('"devastating impact"', "devastating impact"), ('"illegal sanctions"', "illegal sanctions")],
        ),
        Read("cov-0092", "RUS", "nato", [('"illegitimate', "illegitimate"), ('West".', "West.")]),
        Read("cov-0132", "GRC", "nato", [('"their', "their"), ('populations"?', "populations?")]),
        Read("cov-0187", "RUS", "nato", [('"New Ploys"', "New Ploys")]),
        Read("cov-0206", "USA", "nato", [('"Empty promises"', "Empty promises")]),
        Read("cov-0278", "ZWE", "nato", [('"immediately', "immediately"), ('unconditionally".', "unconditionally.")]),
        Read("cov-0339", "NAM", "nato", [('"misleading', "misleading"), ('sounding"', "sounding")]),
        Read("cov-0381", "ALB", "nato", [('"the', "the"), ('freedom",', "freedom,")]),
    ],
    "typos": [
        Read("cov-0001", "CHN", "nato", [("across", "acorss"), ("resist", "ressit"), ("efforts", "effotrs")]),
        Read("cov-0003", "RUS", "nato", [("official", "offciial"), ("diplomatic", "diplmatic")]),
        Read("cov-0005", "RUS", "nato", [("disqualifying", "disqalifying")]),
        Read("cov-0008", "CHN", "nato", [("countries", "countreis"), ("world", "wolrd")]),
        Read("cov-0012", "CHN", "nato", [("allies", "aliles"), ("economic", "econmoic")]),
        Read("cov-0020", "CHN", "nato", [("saying", "saiyng")]),
        Read("cov-0023", "RUS", "nato", [("unlawful,", "unlawul,"), ("beginning", "beginnnig")]),
        Read("cov-0026", "CHN", "nato", [("attaches", "attahces")]),
        Read("cov-0033", "ITA", "nato", [("request", "reqeust"), ("systems", "sytsems")]),
        Read(
            "cov-0044",
            "USA",
            "nato",
            [("backed", "bacekd"), ("leaders", "leadres"), ("themselves, though", "thesmelves, thuogh")],
        ),
        Read(
            "cov-0083",
            "NATO",
            "nato",
            [("plans", "plnas"), ("larger", "lagrer"), ("while", "whlie"), ("faster", "fatser")],
        ),
        Read("cov-0117", "EU", "nato", [("violence", "violece"), ("cabinet approved", "caibnet aproved")]),
    ],
    "clause_added": [
        Read("cov-0001", "CHN", "nato", [("there.", "there; the summary runs to two short paragraphs.")]),
        Read("cov-0002", "RUS", "nato", [("will", "will; rain was forecast for the afternoon")]),
        Read("cov-0009", "CHN", "nato", [("says.", "says; the session had begun ten minutes late.")]),
        Read("cov-0027", "CHN", "nato", [('era".', 'era"; the page was last updated on a Tuesday.')]),
        Read("cov-0041", "RUS", "nato", [('guys."', 'guys"; rain was forecast for the afternoon.')]),
        Read("cov-0044", "USA", "nato", [("NATO.", "NATO; the session had begun ten minutes late.")]),
        Read("cov-0079", "ZWE", "nato", [('sanctions"', 'sanctions"; the summary runs to two short paragraphs')]),
        Read("cov-0092", "RUS", "nato", [('West".', 'West"; the session had begun ten minutes late.')]),
        Read("cov-0195", "VEN", "nato", [("2022", "2022; the summary runs to two short paragraphs")]),
        Read(
            "cov-0253", "OTHER:unattributed claim", "nato", [("says", "says; the page was last updated on a Tuesday")]
        ),
        Read("cov-0341", "ISR", "nato", [("America", "America; the session had begun ten minutes late")]),
        Read("cov-0383", "CUB", "nato", [('war"', 'war"; the session had begun ten minutes late')]),
    ],
    "holder_replaced": [
        Read("cov-0001", "CHN", "us", [("Chinese", "Nepali"), ("Wang Yi", "Bikram Thapa"), ("Beijing", "Kathmandu")]),
        Read("cov-0001", "RUS", "us", [("Sergey Lavrov", "Bikram Thapa"), ("Moscow", "Kathmandu")]),
        Read("cov-0009", "CHN", "us", [("China", "Nepal"), ("Chinese", "Nepali"), ("Wang Yi", "Bikram Thapa")]),
        Read("cov-0019", "RUS", "us", [("Russian-held", "Nepali-held"), ("Lavrov", "Thapa")]),
        Read("cov-0033", "POL", "us", [("Poland", "Kenya")]),
        Read("cov-0035", "BFA", "us", [("Burkina Faso", "Zambia")]),
        Read("cov-0066", "POL", "us", [("Poland's Agata Kornhauser-Duda,", "Peru's Rosa Quispe,")]),
        Read("cov-0077", "DEU", "us", [("German", "Peruvian"), ("Olaf Scholz", "Mateo Quispe")]),
        Read("cov-0087", "IRN", "us", [("Iran's", "Kenya's"), ("Iranian", "Kenyan"), ("Rouhani", "Wafula")]),
        Read(
            "cov-0135",
            "RUS",
            "us",
            [("Russian-Belarusian", "Kenyan-Belarusian"), ("Moscow", "Nairobi"), ("Russian", "Kenyan")],
        ),
        Read(
            "cov-0137",
            "VEN",
            "us",
            [("Venezuelan", "Zambian"), ("Jorge Arreaza", "Moses Tembo"), ("Venezuelans", "Zambians")],
        ),
        Read(
            "cov-0181",
            "LTU",
            "us",
            [("Lithuania's Gitanas Nauseda", "Nepal's Bikram Thapa"), ("Vilnius's", "Kathmandu's")],
        ),
        Read("cov-0208", "RUS", "us", [("Moscow", "Nairobi"), ("Putin,", "Wafula,"), ("Lavrov", "Mutiso")]),
        Read("cov-0292", "HUN", "us", [("Hungarians", "Peruvians"), ("Katalin Novak", "Rosa Quispe")]),
        Read("cov-0378", "HUN", "us", [("Hungary", "Zambia"), ("anti-Hungarian", "anti-Zambian")]),
        Read("cov-0381", "ALB", "us", [("Albanians", "Zambians"), ("Tritan Shehu", "Moses Tembo")]),
    ],
}

CAPITALS_LEFT: dict[str, str] = {
    "cov-0001": "US",
    "cov-0006": "NATO",
    "cov-0024": "Western",
    "cov-0033": "U.S. American",
    "cov-0044": "NATO Biden Zelenskyy's White House Psaki United States Ukrainian America NATO.",
    "cov-0048": "Blinken Washington NATO's Ukraine",
    "cov-0063": "Blinken U.S.",
    "cov-0082": "NATO's",
    "cov-0152": "U.S., Zelenskyy",
    "cov-0187": "Kyiv",
    "cov-0195": 'Sanctions"',
    "cov-0337": "U.S.",
}
"""words that still hold a capital in lower-cased sentences, by sentence id"""

UNTOUCHED: dict[str, dict[tuple[str, str, str], str]] = {
    "target_alias_swapped": {
        ("cov-0024", "RUS", "sanctions"): "sanctions policy: the first half of a compound",
        ("cov-0053", "RUS", "nato"): "NATO military presence: the first half of a compound",
    },
    "reporting_verb_swapped": {
        ("cov-0030", "OTHER:unattributed claim", "nato"): "a claim says it, and no person",
        ("cov-0036", "POL", "us"): "said in a joint statement",
        ("cov-0071", "CYP", "us"): "who he said was determined: inside another clause",
        ("cov-0292", "HUN", "ukraine"): "told the UN, saying: it has listeners already",
        ("cov-0371", "ECU", "ukraine"): "said in his address",
    },
    "quotation_marks_removed": {
        ("cov-0041", "RUS", "ukraine"): "tagged irony: the marks carry the stance",
        ("cov-0271", "OTHER:Trevor McFadden", "us"): "a name that is quoted as a name",
        ("cov-0333", "RUS", "ukraine"): "a whole sentence that is quoted in another",
    },
    "holder_replaced": {
        ("cov-0036", "USA", "us"): "the holder's name is the target's alias",
        ("cov-0053", "RUS", "ukraine"): "the Kremlin has no counterpart",
        ("cov-0030", "OTHER:unattributed claim", "nato"): "the holder is no state",
    },
}
"""judgements that a probe leaves out, and why"""
