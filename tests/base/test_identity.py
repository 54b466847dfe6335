"""What made a result, and the hash that names it."""

from dataclasses import replace

import pytest

from borderlab.base.identity import Identity, file_content, folder_content, hash_of, libraries


def made(**inputs):
    return Identity("run", {"seed": 1, "futures": 200, "set": {}, **inputs})


def test_the_same_inputs_have_the_same_hash_in_any_order():
    assert Identity("run", {"a": 1, "b": [2, 3]}).hash == Identity("run", {"b": [2, 3], "a": 1}).hash
    assert len(made().hash) == 16


@pytest.mark.parametrize(
    "other",
    [
        made(seed=2),
        made(set={"kc": {"value": 0.01, "unit": "GDP-month"}}),
        replace(made(), kind="compare"),
        replace(made(), code="0" * 64),
        replace(made(), tables="0" * 64),
        replace(made(), libraries={**libraries(), "numpy": "1.0"}),
    ],
)
def test_each_part_is_in_the_hash(other):
    assert other.hash != made().hash


def test_differences_name_what_changed_with_both_values():
    other = replace(made(seed=7), libraries={**libraries(), "scipy": "0.1"})
    said = other.differences(made())
    assert "inputs.seed: 1 before, 7 now" in said
    assert any(line.startswith("libraries.scipy: ") and line.endswith('"0.1" now') for line in said)
    assert len(said) == 2
    assert made().differences(made()) == []


def test_it_comes_back_from_its_own_json():
    one = made()
    again = Identity.from_json(one.as_json())
    assert again.hash == one.hash
    assert one.as_json()["hash"] == one.hash


def test_an_object_among_the_inputs_is_refused_not_turned_into_its_address():
    with pytest.raises(TypeError):
        hash_of({"strategy": object()})


def test_a_file_stands_by_its_content_not_by_its_name(tmp_path):
    (tmp_path / "a.csv").write_text("1\n")
    (tmp_path / "b.csv").write_text("1\n")
    first = file_content(tmp_path / "a.csv")
    assert first == file_content(tmp_path / "b.csv")
    (tmp_path / "a.csv").write_text("2\n")
    assert file_content(tmp_path / "a.csv") != first


def test_claims_are_named_apart_for_they_make_no_number():
    assert folder_content("claims") != folder_content("sources")
