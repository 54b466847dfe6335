"""The commands: contracts of the JSON, exit statuses, Spanish words."""

import json

import pytest

from borderlab.cli.main import run

CLAIM_KEYS = {
    "id", "counts", "value", "low", "high", "unit", "period", "place", "paraphrase", "stance", "verdict", "official",
}  # fmt: skip
WHY_KEYS = {"name", "kind", "value", "range", "unit", "grade", "sources", "used_by"}


def call(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        run(list(arguments))
    out, err = capsys.readouterr()
    return stopped.value.code or 0, out, err


def call_json(capsys, *arguments):
    status, out, _ = call(capsys, *arguments, "--json")
    return status, json.loads(out)


def test_show_contract(capsys):
    status, answer = call_json(capsys, "evidence", "show", "davidson-2020")
    assert status == 0
    assert all(set(claim) >= CLAIM_KEYS for claim in answer["claims"])
    by_id = {claim["id"]: claim for claim in answer["claims"]}
    peak = by_id["davidson-2020.merida-peak"]
    assert (peak["value"], peak["unit"]) == (639_000_000, "USD")
    assert peak["official"]["value"] == 720_000_000
    for claim in answer["claims"]:
        for key in ("value", "low", "high"):
            assert claim[key] is None or isinstance(claim[key], int | float)


def test_why_contract(capsys):
    status, answer = call_json(capsys, "why", "crossings.cost_truck_hour")
    assert status == 0
    assert set(answer) >= WHY_KEYS
    assert answer["value"] == 90.89
    assert answer["used_by"]


def test_text_in_both_languages(capsys):
    _, english, _ = call(capsys, "why", "kc")
    _, spanish, _ = call(capsys, "why", "kc", "--lang", "es")
    assert "judged" in english
    assert "a juicio" in spanish
    assert "judged" not in spanish
    _, spanish, _ = call(capsys, "evidence", "show", "wayne-2020.apprehensions-75", "--lang", "es")
    assert "se sostiene" in spanish
    assert "132,856" in spanish


def test_search_and_conflicts(capsys):
    _, answer = call_json(capsys, "evidence", "search", "extradition", "--limit", "5")
    assert len(answer["results"]) == 5
    assert {"id", "kind", "title", "score"} <= set(answer["results"][0])
    _, answer = call_json(capsys, "evidence", "conflicts")
    topic = next(topic for topic in answer["conflicts"] if topic["topic"] == "homicides-2019")
    assert [value["value"] for value in topic["values"]] == [34500, 35500, 36476, 36661]
    assert all(value["counts"] and value["sources"] for value in topic["values"])
    _, text, _ = call(capsys, "evidence", "conflicts", "--lang", "es")
    assert "conteo de fiscalías" in text


def test_timeline_as_text_json_and_chart(capsys, tmp_path):
    chart = tmp_path / "line.svg"
    status, answer = call_json(capsys, "evidence", "timeline", "--from", "2018", "--to", "2020", "--chart", str(chart))
    assert status == 0
    assert "tariff-2019" in {span["id"] for span in answer["spans"]}
    drawn = chart.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Tariff threat of May 2019" in drawn
    _, text, _ = call(capsys, "evidence", "timeline", "--from", "2019", "--to", "2019", "--lang", "es")
    assert "amenaza" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("why", "kcc"), "Did you mean 'kc'?"),
        (("evidence", "show", "davidson-2002"), "Did you mean 'davidson-2020'?"),
        (("evidence", "search", "border", "--kind", "claims"), "there is no kind 'claims'"),
        (("evidence", "timeline", "--from", "2020", "--to", "2019"), "ends (2019) before it begins (2020)"),
        (("evidence", "timeline", "--from", "May"), "is not a date"),
        (("evidence", "timeline", "--chart", "x.gif"), ".svg, .png or .html"),
        (("evidence", "conflicts", "--lang", "fr"), "there is no language 'fr'"),
    ],
)
def test_bad_input_gets_one_message_and_status_2(capsys, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = call(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_check_leaves_with_1_when_a_number_has_no_source(capsys, monkeypatch):
    from borderlab.evidence.catalogue import check

    monkeypatch.setattr(check, "faults", lambda: [check.Fault("programmes.csv:2", "x", "no source")])
    status, out, _ = call(capsys, "evidence", "check")
    assert status == 1
    assert "programmes.csv:2: x: no source" in out
    monkeypatch.setattr(check, "faults", list)
    status, answer = call_json(capsys, "evidence", "check")
    assert (status, answer["ok"], answer["faults"]) == (0, True, [])
