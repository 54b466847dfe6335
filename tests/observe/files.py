"""Small files in the shape of the public ones, made by the tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from borderlab.observe.reading.coverage import parts_of

BTS = "Port Name,State,Port Code,Border,Date,Measure,Value\n"
SECTORS = "month,sector,encounters,source\n"
AREAS = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,AOR (Abbv),"
    "Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count\n"
)
DRUGS = "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)\n"
DOT1 = "TRDTYPE,USASTATE,DEPE,DISAGMOT,MEXSTATE,CANPROV,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,DF,CONTCODE,MONTH,YEAR\n"
WAITS = "port_number,name,lane,obs_local,delay_minutes,lanes_open,status\n"
MONTHS = "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre"
CRIMES = f"Año,Clave_Ent,Entidad,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad,{MONTHS}\n"
MUNICIPAL = CRIMES.replace("Entidad,", "Entidad,Cve. Municipio,Municipio,")
HOMICIDE = "La vida y la Integridad corporal,Homicidio,Homicidio doloso"


def put(folder: Path, name: str, text: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def bts_row(port: str, month: str, value: object, measure: str = "Trucks") -> str:
    """A row of the BTS file."""
    return f"Port {port},Texas,{port},US-Mexico Border,{month},{measure},{value}\n"


def ports(measure: str = "Trucks") -> list[str]:
    """Every port that has any of a measure today."""
    listed = parts_of("bts-crossings", "port_code", {"measure": frozenset({measure})})
    return [part for part, row in listed.items() if row.share > 0]


def states() -> list[str]:
    """The 32 Mexican states, in the order of their codes."""
    return list(parts_of("sesnsp-crimes", "state", {"crime_kind": frozenset({"Homicidio doloso"})}))


def crime_rows(number: int, state: str, months: Iterable[object], year: int = 2025) -> str:
    """Four rows (one a manner) of a state; the figures stand in the first."""
    cells = [str(cell) for cell in months]
    cells += [""] * (12 - len(cells))
    zeros = ["0" if cell else "" for cell in cells]
    rows = []
    for place, manner in enumerate(("Con arma de fuego", "Con arma blanca", "Con otro elemento", "No especificado")):
        figures = ",".join(cells if place == 0 else zeros)
        rows.append(f"{year},{number},{state},{HOMICIDE},{manner},{figures}\n")
    return "".join(rows)
