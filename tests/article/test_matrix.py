"""The article's matrix in its own words, and its computed counterparts."""

import hashlib
import json

import pytest

from kafkatco import Scenario, article_matrix
from kafkatco.article.computed import computed_rows
from kafkatco.article.matrix import FAMILIES
from kafkatco.article.scenario import LIST_REGIONS, at_list
from kafkatco.cli.main import main
from support.excerpts import excerpt_rows


def test_it_has_eleven_rows_and_three_families() -> None:
    rows = article_matrix()
    assert len(rows) == 11
    for row in rows:
        assert set(row.says) == set(row.says_ko) == set(FAMILIES)
        assert all(row.says.values())


def test_every_korean_cell_is_that_of_the_article() -> None:
    """The article itself is not ours to copy: the excerpt has the hash of each of its cells."""
    ours = [
        [row.name_ko, *(row.says_ko[family] for family in FAMILIES)] for row in article_matrix()
    ]
    hashes = [[hashlib.sha256(cell.encode()).hexdigest()[:16] for cell in row] for row in ours]
    assert hashes == [
        [row[column] for column in ("criterion", *FAMILIES)]
        for row in excerpt_rows("article-matrix.csv")
    ]


def test_no_cell_of_the_article_is_a_number_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["article_matrix"]["source"].startswith("the Korean article")
    cells = [cell for row in data["article_matrix"]["rows"] for cell in row["says"].values()]
    assert all(isinstance(cell, str) for cell in cells)
    for row in data["computed"]:
        assert isinstance(row["cost_small"], float)
        assert not {"says", "criterion"} & set(row)


def test_computed_rows_are_those_of_bills_and_curves() -> None:
    scenario = Scenario.load()
    curves = scenario.crossovers()
    rows = computed_rows(scenario.deployments, scenario.bills(), curves, scenario.month_hours)
    self_hosted, msk, confluent = rows
    assert (self_hosted["people"], msk["people"], confluent["people"]) == (1.0, 1.0, 0.0)
    assert self_hosted["setup_weeks"] == 0.0  # the article gives none
    # one engineer of 5 M KRW, three brokers at 250,000, disks: see the claims for what 1 TB adds
    assert self_hosted["cost_small"] == curves.at(1.0)["Self-hosted on EC2"]
    # from some traffic on, the article lacks a price of each option: none is known to be cheapest
    spans = [part for row in rows for part in row["cheapest"]]
    assert [part["from"] for part in spans] == [pytest.approx(0.1)]
    assert spans == confluent["cheapest"]
    listed = at_list(scenario, LIST_REGIONS[0], sized=True)
    curves = listed.crossovers()
    rows = computed_rows(listed.deployments, listed.bills(), curves, listed.month_hours)
    spans = [part for row in rows for part in row["cheapest"]]
    assert sum(part["to"] - part["from"] for part in spans) == pytest.approx(1000 - 0.1)


def test_outside_the_sweep_there_is_no_cost(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--from", "2 TB/month", "--to", "5 TB/month", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["computed"]
    assert [(row["cost_small"], row["cost_large"]) for row in rows] == [(None, None)] * 3
