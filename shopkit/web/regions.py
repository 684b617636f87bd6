"""States and regions of the covered destinations, under their national codes, as the people there write their names.

Codes: ISO 3166-2 (the part after the country); names and codes written down from memory of the standard's list.
"""

from typing import Final

_TABLE: Final = {
    "US": (
        "AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|"
        "DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|"
        "KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|"
        "MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|"
        "NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|"
        "SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|"
        "WV West Virginia|WI Wisconsin|WY Wyoming"
    ),
    "MX": (
        "AGU Aguascalientes|BCN Baja California|BCS Baja California Sur|CAM Campeche|CHP Chiapas|CHH Chihuahua|"
        "CMX Ciudad de México|COA Coahuila|COL Colima|DUR Durango|MEX Estado de México|GUA Guanajuato|GRO Guerrero|"
        "HID Hidalgo|JAL Jalisco|MIC Michoacán|MOR Morelos|NAY Nayarit|NLE Nuevo León|OAX Oaxaca|PUE Puebla|"
        "QUE Querétaro|ROO Quintana Roo|SLP San Luis Potosí|SIN Sinaloa|SON Sonora|TAB Tabasco|TAM Tamaulipas|"
        "TLA Tlaxcala|VER Veracruz|YUC Yucatán|ZAC Zacatecas"
    ),
    "BR": (
        "AC Acre|AL Alagoas|AP Amapá|AM Amazonas|BA Bahia|CE Ceará|DF Distrito Federal|ES Espírito Santo|GO Goiás|"
        "MA Maranhão|MT Mato Grosso|MS Mato Grosso do Sul|MG Minas Gerais|PA Pará|PB Paraíba|PR Paraná|PE Pernambuco|"
        "PI Piauí|RJ Rio de Janeiro|RN Rio Grande do Norte|RS Rio Grande do Sul|RO Rondônia|RR Roraima|"
        "SC Santa Catarina|SP São Paulo|SE Sergipe|TO Tocantins"
    ),
    "CA": (
        "AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|"
        "NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Québec|SK Saskatchewan|YT Yukon"
    ),
    "ES": (
        "AN Andalucía|AR Aragón|AS Asturias|CN Canarias|CB Cantabria|CL Castilla y León|CM Castilla-La Mancha|"
        "CT Catalunya|CE Ceuta|EX Extremadura|GA Galicia|IB Illes Balears|RI La Rioja|MD Madrid|ML Melilla|MC Murcia|"
        "NC Navarra|PV Euskadi|VC Comunitat Valenciana"
    ),
    "PT": (
        "01 Aveiro|02 Beja|03 Braga|04 Bragança|05 Castelo Branco|06 Coimbra|07 Évora|08 Faro|09 Guarda|10 Leiria|"
        "11 Lisboa|12 Portalegre|13 Porto|14 Santarém|15 Setúbal|16 Viana do Castelo|17 Vila Real|18 Viseu|"
        "20 Açores|30 Madeira"
    ),
    "CL": (
        "AP Arica y Parinacota|TA Tarapacá|AN Antofagasta|AT Atacama|CO Coquimbo|VS Valparaíso|"
        "RM Región Metropolitana de Santiago|LI O’Higgins|ML Maule|NB Ñuble|BI Biobío|AR La Araucanía|LR Los Ríos|"
        "LL Los Lagos|AI Aysén|MA Magallanes"
    ),
}

REGIONS: Final[dict[str, dict[str, str]]] = {
    country: dict(entry.split(" ", 1) for entry in text.split("|")) for country, text in _TABLE.items()
}


def region_name(country: str, region: str | None) -> str | None:
    """Return what a region is called there; its code where the name is not known."""
    return None if region is None else REGIONS.get(country, {}).get(region, region)
