"""Quirks of the other public files: labels that change, fiscal months, months as columns, victims and case files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from borderlab.base.problems import InputError
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store


def put(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


STATE_HEAD = (
    "Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,Title of Authority,"
    "Encounter Count\n"
)
AREA_HEAD = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,AOR (Abbv),"
    "Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count\n"
)
YUMA = "U.S. Border Patrol,Southwest Land Border,Yuma Sector,YUM"


def test_encounters_by_area_with_older_labels(store: Store, tmp_path: Path) -> None:
    rows = [
        f"2021,FYTD,OCT,{YUMA},UC / Single Minors,MEXICO,Title 8,Apprehensions,5",
        f'2021,Remaining,SEP,{YUMA},UAC,MEXICO,Title 8,Apprehensions,"1,007"',
        f"2021,Other,SEP,{YUMA},UAC,MEXICO,Title 42,Expulsions,7",
        f"2021,FYTD,TOT,{YUMA},UAC,MEXICO,Title 42,Expulsions,7",
    ]
    report = store.import_files([put(tmp_path, "aor.csv", AREA_HEAD + "\n".join(rows))])[0]
    assert (report.rows_read, report.rows_kept, report.rows_corrected, report.rows_refused) == (4, 2, 2, 2)
    assert (report.first_period, report.last_period) == ("2020-10", "2021-09")
    children = load_series("cbp.unaccompanied", store=store).points
    assert [(point.value, point.flag) for point in children] == [(5, "incomplete"), (1007, "incomplete")]  # Yuma alone


def test_two_breakdowns_of_the_same_people_are_not_added(store: Store, tmp_path: Path) -> None:
    by_state = "2020,FYTD,NOV,Southwest Land Border,AZ,Single Adults,MEXICO,Title 8,10\n"
    by_area = f"2020,FYTD,NOV,{YUMA},Single Adults,MEXICO,Title 8,Apprehensions,10\n"
    store.import_files([put(tmp_path, "s.csv", STATE_HEAD + by_state), put(tmp_path, "a.csv", AREA_HEAD + by_area)])
    found = {f"{p.period:%Y-%m}": p for p in load_series("cbp.encounters", store=store).points}
    assert (found["2019-11"].value, found["2019-11"].vintage != "shipped") == (10, True)


def test_new_labels_are_kept_and_reported(store: Store, tmp_path: Path) -> None:
    head = (
        "FY,Month (abbv),Component,Region,Land Filter,Area of Responsibility,Drug Type,Count of Event,Sum Qty (lbs)\n"
    )
    row = "2090 (FYTD),JAN,Office of Field Operations,Southwest Border,Land Only,TUCSON FIELD OFFICE,{},2,1.5\n"
    report = store.import_files([put(tmp_path, "d.csv", head + row.format("Fentanyl") + row.format("Nitazenes"))])[0]
    assert report.rows_kept == 2
    assert [a.what for a in report.anomalies if a.kind == "new-label"] == [
        "drug: not seen before, kept as published: Nitazenes."
    ]
    assert [a.kind for a in report.anomalies if a.kind == "period"] == ["period"]  # lies in the future


def test_transborder_codes_and_months(store: Store, tmp_path: Path) -> None:
    head = "TRDTYPE,DEPE,COMMODITY2,DISAGMOT,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,DF,CONTCODE,MONTH,YEAR\n"
    rows = [
        "1,0101,40,6,1220,100,0,1,1,X,9,2024",
        "2,2304,7,5,2010,200,5,1,,1,09,2024",
        "2,23XX,07,5,2010,300,5,1,,1,09,2024",
        "3,2304,07,5,2010,400,5,1,,1,09,2024",
        "2,2304,07,2,2010,500,5,1,,1,09,2024",
        "2,2304,07,5,9999,600,5,1,,1,09,2024",
        "2,2304,07,5,2010,700,5,1,,1,13,2024",
    ]
    report = store.import_files([put(tmp_path, "dot3.csv", head + "\n".join(rows))])[0]
    assert (report.rows_kept, report.rows_corrected, report.rows_refused) == (3, 1, 4)
    assert [(p.value, p.flag) for p in load_series("trade.imports", store=store).points] == [(500, "incomplete")]
    assert any("60.0% of the value" in a.what for a in report.anomalies)


SESNSP = (
    "Año,Clave_Ent,Entidad,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad,{extra}"
    "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre\n"
)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_case_files_and_victims_are_kept_apart(store: Store, tmp_path: Path, encoding: str) -> None:
    crime = "2026,9,Ciudad de México,La vida,Homicidio,Homicidio doloso,Con arma de fuego"
    files = put(
        tmp_path, "f.csv", SESNSP.format(extra="") + f"{crime},4,3,2,,,,,,,,,\n{crime},a,,,,,,,,,,,\n", encoding
    )
    victims = put(
        tmp_path,
        "v.csv",
        SESNSP.format(extra="Sexo,Rango de edad,")
        + f"{crime},Hombre,Adultos,6,5,,,,,,,,,,\n{crime},Mujer,Adultos,1,0,,,,,,,,,,\n",
        encoding,
    )
    reports = store.import_files([files, victims])
    assert [(r.rows_read, r.rows_kept, r.rows_refused) for r in reports] == [(2, 1, 1), (2, 2, 0)]
    capital = load_series("mx.homicide-files", where={"state": "Ciudad de México"}, store=store).points
    assert [point.value for point in capital] == [4, 3, 2]
    found = {f"{p.period:%Y-%m}": p.value for p in load_series("mx.homicide-victims", store=store).points}
    assert (found["2026-01"], found["2026-02"]) == (7, 5)
    rows = store.newest("sesnsp-crimes")
    codes = duckdb.connect().execute(f"SELECT DISTINCT state_code, state FROM ({rows})").fetchall()
    assert codes == [("09", "Ciudad de México")]


def test_older_sector_names(store: Store, tmp_path: Path) -> None:
    path = put(
        tmp_path, "s.csv", "month,sector,encounters,source\n2001-05,Marfa,3,x\n2001-05,McAllen,4,x\n2001-05,Miami,5,x\n"
    )
    report = store.import_files([path])[0]
    assert (report.rows_kept, report.rows_corrected, report.rows_refused) == (2, 2, 1)
    sectors = {
        p.dimensions["sector"]: p.value
        for p in load_series("usbp.encounters", parts=True, store=store).points
        if p.vintage != "shipped"
    }
    assert sectors == {"big-bend": 3, "rio-grande-valley": 4}


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters(store: Store, tmp_path: Path, delimiter: str) -> None:
    text = "month,sector,encounters,source\n2001-05,Yuma,3,x\n".replace(",", delimiter)
    assert store.import_files([put(tmp_path, "s.csv", text)])[0].rows_kept == 1


def test_a_path_with_signs_that_mean_something_elsewhere(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] *odd* ? place"
    folder.mkdir()
    path = put(folder, "o'file{1}.csv", "month,sector,encounters,source\n2001-05,Yuma,3,x\n")
    odd = Store(folder / "data 'home'")
    assert odd.import_files([path])[0].rows_kept == 1
    assert load_series("usbp.encounters", store=odd).points


def test_a_file_expected_to_be_another(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, "s.csv", "month,sector,encounters,source\n2001-05,Yuma,3,x\n")
    with pytest.raises(InputError, match="is usbp-sectors, not bts-crossings"):
        store.import_files([path], expected="bts-crossings")
