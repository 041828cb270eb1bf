"""How states are called: the forms of those that may be replaced, and what replaces them."""

from __future__ import annotations

from typing import NamedTuple


class State(NamedTuple):
    """The forms of one state's name, each of which stands in its own place of a sentence.

    Attributes
    ----------
    name, adjective, people : str
        as in Peru, Peruvian, Peruvians; the people are the adjective where English has no other word
    capital : str
        which stands for the government
    formal : str
        a name that takes an article, such as ``Russian Federation``; empty where it is not used
    """

    name: str
    adjective: str
    people: str
    capital: str
    formal: str = ""


def _states(table: str) -> dict[str, State]:
    rows = (line.split(",") for line in table.split())
    return {code: State(*(form.replace("_", " ") for form in forms)) for code, *forms in rows}


KNOWN = _states(
    """
    AGO,Angola,Angolan,Angolans,Luanda
    ALB,Albania,Albanian,Albanians,Tirana
    AUS,Australia,Australian,Australians,Canberra
    BDI,Burundi,Burundian,Burundians,Bujumbura
    BEL,Belgium,Belgian,Belgians,Brussels
    BFA,Burkina_Faso,Burkinabe,Burkinabe,Ouagadougou
    BGR,Bulgaria,Bulgarian,Bulgarians,Sofia
    BHR,Bahrain,Bahraini,Bahrainis,Manama
    BLR,Belarus,Belarusian,Belarusians,Minsk
    BOL,Bolivia,Bolivian,Bolivians,La_Paz
    BRA,Brazil,Brazilian,Brazilians,Brasilia
    BWA,Botswana,Botswanan,Batswana,Gaborone
    CAN,Canada,Canadian,Canadians,Ottawa
    CHE,Switzerland,Swiss,Swiss,Bern
    CHN,China,Chinese,Chinese,Beijing
    COL,Colombia,Colombian,Colombians,Bogotá
    CUB,Cuba,Cuban,Cubans,Havana
    CYP,Cyprus,Cypriot,Cypriots,Nicosia
    CZE,Czechia,Czech,Czechs,Prague
    DEU,Germany,German,Germans,Berlin
    DJI,Djibouti,Djiboutian,Djiboutians,Djibouti
    ECU,Ecuador,Ecuadorian,Ecuadorians,Quito
    ERI,Eritrea,Eritrean,Eritreans,Asmara
    EST,Estonia,Estonian,Estonians,Tallinn
    FRA,France,French,French,Paris
    GHA,Ghana,Ghanaian,Ghanaians,Accra
    GRC,Greece,Greek,Greeks,Athens
    GTM,Guatemala,Guatemalan,Guatemalans,Guatemala_City
    GUY,Guyana,Guyanese,Guyanese,Georgetown
    HND,Honduras,Honduran,Hondurans,Tegucigalpa
    HRV,Croatia,Croatian,Croatians,Zagreb
    HUN,Hungary,Hungarian,Hungarians,Budapest
    IND,India,Indian,Indians,New_Delhi
    IRN,Iran,Iranian,Iranians,Tehran
    ISL,Iceland,Icelandic,Icelanders,Reykjavik
    ISR,Israel,Israeli,Israelis,Tel_Aviv
    ITA,Italy,Italian,Italians,Rome
    JAM,Jamaica,Jamaican,Jamaicans,Kingston
    KOR,South_Korea,South_Korean,South_Koreans,Seoul
    LBN,Lebanon,Lebanese,Lebanese,Beirut
    LBR,Liberia,Liberian,Liberians,Monrovia
    LBY,Libya,Libyan,Libyans,Tripoli
    LTU,Lithuania,Lithuanian,Lithuanians,Vilnius
    LUX,Luxembourg,Luxembourgish,Luxembourgers,Luxembourg
    LVA,Latvia,Latvian,Latvians,Riga
    MDA,Moldova,Moldovan,Moldovans,Chisinau
    MEX,Mexico,Mexican,Mexicans,Mexico_City
    MKD,Macedonia,Macedonian,Macedonians,Skopje
    MLI,Mali,Malian,Malians,Bamako
    NER,Niger,Nigerien,Nigeriens,Niamey
    NGA,Nigeria,Nigerian,Nigerians,Abuja
    NIC,Nicaragua,Nicaraguan,Nicaraguans,Managua
    PAK,Pakistan,Pakistani,Pakistanis,Islamabad
    POL,Poland,Polish,Poles,Warsaw
    PRK,North_Korea,North_Korean,North_Koreans,Pyongyang
    ROU,Romania,Romanian,Romanians,Bucharest
    RUS,Russia,Russian,Russians,Moscow,Russian_Federation
    SAU,Saudi_Arabia,Saudi,Saudis,Riyadh
    SDN,Sudan,Sudanese,Sudanese,Khartoum
    SEN,Senegal,Senegalese,Senegalese,Dakar
    SVK,Slovakia,Slovak,Slovaks,Bratislava
    SVN,Slovenia,Slovenian,Slovenians,Ljubljana
    SWE,Sweden,Swedish,Swedes,Stockholm
    SYR,Syria,Syrian,Syrians,Damascus
    TJK,Tajikistan,Tajik,Tajiks,Dushanbe
    TUR,Turkey,Turkish,Turks,Ankara
    UZB,Uzbekistan,Uzbek,Uzbeks,Tashkent
    VEN,Venezuela,Venezuelan,Venezuelans,Caracas
    VUT,Vanuatu,Ni-Vanuatu,Ni-Vanuatu,Port_Vila
    YEM,Yemen,Yemeni,Yemenis,Sanaa
    ZWE,Zimbabwe,Zimbabwean,Zimbabweans,Harare
    """
)


class Stranger(NamedTuple):
    """A state that replaces another, with people of its own who are nobody."""

    state: State
    men: tuple[str, ...]
    women: tuple[str, ...]


STRANGERS = {
    "PER": Stranger(
        State("Peru", "Peruvian", "Peruvians", "Lima", "Republic of Peru"),
        ("Mateo Quispe", "Pedro Huaman", "Tomas Yupanqui"),
        ("Rosa Quispe", "Marta Huaman", "Luisa Yupanqui"),
    ),
    "KEN": Stranger(
        State("Kenya", "Kenyan", "Kenyans", "Nairobi", "Republic of Kenya"),
        ("Joseph Wafula", "Peter Mutiso", "Samuel Kiplagat"),
        ("Grace Wafula", "Mary Mutiso", "Jane Kiplagat"),
    ),
    "NPL": Stranger(
        State("Nepal", "Nepali", "Nepalis", "Kathmandu", "Republic of Nepal"),
        ("Bikram Thapa", "Suresh Gurung", "Hari Tamang"),
        ("Maya Thapa", "Sunita Gurung", "Laxmi Tamang"),
    ),
    "ZMB": Stranger(
        State("Zambia", "Zambian", "Zambians", "Lusaka", "Republic of Zambia"),
        ("Moses Tembo", "Daniel Zulu", "Jacob Mwale"),
        ("Ruth Tembo", "Judith Zulu", "Martha Mwale"),
    ),
}
"""every form begins with a consonant and none ends with s, so that an article or a possessive never changes"""
