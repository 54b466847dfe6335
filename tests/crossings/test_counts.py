import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.fitting.counts import read_counts, read_month
from tests.crossings.shared_data import COUNTS, RAW_COUNTS, data_file

HEADER = "port_name,state,port_code,border,month,measure,value,lat,lon"
GOOD = "Laredo,Texas,2304,US-Mexico Border,2022-04,Trucks,223131,27.5,-99.5"
RAW = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point"


def written(tmp_path, *lines, header=HEADER):
    path = tmp_path / "counts.csv"
    path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return path


def test_a_count_is_read_and_other_measures_are_passed_over(tmp_path):
    found = read_counts(written(tmp_path, GOOD, GOOD.replace("Trucks", "Trains")))
    assert found.months == {("2304", "truck"): {(2022, 4): 223131.0}}


def test_the_published_layout_thousands_commas_and_a_port_without_its_zero(tmp_path):
    path = written(
        tmp_path,
        'Laredo,Texas,2304,US-Mexico Border,Apr 2022,Trucks,"223,131",1,2,POINT (1 2)',
        "Alcan,Alaska,3104,US-Canada Border,Apr 2022,Trucks,5,1,2,POINT (1 2)",
        header=RAW,
    )
    found = read_counts(path)
    assert found.months[("2304", "truck")] == {(2022, 4): 223131.0}
    assert found.dropped == {"another border": 1}


@pytest.mark.parametrize(
    "text",
    ["2019-03", "Mar 2019", "03/01/2019 12:00:00 AM", "3/1/19 0:00", "Mar-19", "19-Mar", "2019-03-01", "03/01/2019"],
)
def test_every_way_bts_writes_a_month(text):
    assert read_month(text) == (2019, 3)


def test_faults_are_told_together(tmp_path):
    path = written(
        tmp_path,
        GOOD,
        GOOD,
        GOOD.replace("223131", "n/a").replace("04", "05"),
        GOOD.replace("Trucks", "Truks").replace("04", "06"),
        GOOD.replace("2022-04", "spring"),
    )
    with pytest.raises(InputError) as caught:
        read_counts(path)
    text = str(caught.value)
    assert "repeats line 2" in text
    assert "value is 'n/a'" in text
    assert "Did you mean 'Trucks'?" in text
    assert "'spring' is not a month" in text


@pytest.mark.parametrize(("text", "value"), [('"1,234,567"', 1234567), ("1.234.567", 1234567), ("223131.0", 223131)])
def test_counts_parted_in_thousands(tmp_path, text, value):
    found = read_counts(written(tmp_path, GOOD.replace("223131", text)))
    assert found.months[("2304", "truck")] == {(2022, 4): float(value)}


@pytest.mark.parametrize("text", ["223.131", '"22,31,31"', '"1.234,567.8"', "-5", "1e12", ""])
def test_a_count_that_reads_in_two_ways_or_in_none_is_refused(tmp_path, text):
    """223.131 was two hundred and twenty-three trucks."""
    with pytest.raises(InputError, match=r"counts\.csv:2: value"):
        read_counts(written(tmp_path, GOOD.replace("223131", text)))


def test_columns_and_wrong_border(tmp_path):
    with pytest.raises(InputError, match="no column 'port_code'"):
        read_counts(written(tmp_path, "1,2", header="portcode,month"))
    with pytest.raises(InputError, match="no entries of the Mexican border"):
        read_counts(written(tmp_path, GOOD.replace("US-Mexico", "US-Canada")))


def test_faults_of_several_files_come_together(tmp_path):
    first = written(tmp_path, GOOD.replace("223131", "x"))
    with pytest.raises(InputError) as caught:
        read_counts([first, tmp_path / "none.csv"])
    assert {problem.file for problem in caught.value.problems} == {str(first), str(tmp_path / "none.csv")}


def test_both_published_files_say_the_same():
    clean, raw = read_counts(data_file(COUNTS)), read_counts(data_file(RAW_COUNTS))
    same = [
        (key, month)
        for key, months in raw.months.items()
        for month, value in months.items()
        if month[0] in (2021, 2022) and clean.months[key].get(month) == value
    ]
    total = sum(month[0] in (2021, 2022) for months in raw.months.values() for month in months)
    assert total > 1400
    assert len(same) > 0.98 * total
