"""The scenario file: the article's, the design's example, and every mistake at once."""

from pathlib import Path

import pytest

from kafkatco import InputError, Scenario
from kafkatco.deployments import KINDS
from kafkatco.prices.csv_tables import pricing_root
from kafkatco.scenario.schema import scenario_schema
from kafkatco.uncertainty.distributions import DISTRIBUTIONS

DESIGN = """
[workload]
ingress = "100 MB/s"
fanout = 3
peak_to_average = 2.0
retention = "7 days"
replication_factor = 3
zones = 3
partitions = 1000
message_size = "1 KiB"
compression_ratio = 1.0
follower_fetch = 0.0
producer_affinity = 0.0
internet_egress = 0.0
connector_tasks = 0
schema_registry = false
stream_processing_units = 0
replica_regions = 0

[conventions]
month_hours = 730
gigabyte = "metered"

[prices]
book = "list"
as_of = 2025-10-31
currency = "USD"
[prices.override]
"aws.ec2.m5.2xlarge" = "0.384 USD/hour"

[[deployment]]
name = "our cluster"
kind = "self-hosted"
cloud = "aws"
region = "us-east-1"
instance = "m5.2xlarge"
brokers = 9
volume = "gp3"
disk_headroom = 0.0
labour = { fte = 2.5, monthly = "5000000 KRW", setup = "8 weeks" }
"""


PRICES = """book = "list"
as_of = 2025-10-31
currency = "USD"
[prices.override]
"aws.ec2.m5.2xlarge" = "0.384 USD/hour"
"""


def load(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return Scenario.load(path)


def problems(tmp_path: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def test_the_design_s_example(tmp_path: Path) -> None:
    [bill] = load(tmp_path, DESIGN).bills()
    lines = {line.sku: line for line in bill.lines}
    assert lines["aws.ec2.m5.2xlarge"].cost == pytest.approx(2522.88)
    # 100 MB/s for 7 days in three copies
    stored = 100e6 * 7 * 86400 * 3 / 2**30
    assert lines["aws.ebs.gp3.storage"].cost == pytest.approx(stored * 0.08)
    crossed = (2 / 3 + 2 + 2) * 100e6 * 730 * 3600 / 2**30
    assert lines["aws.data-transfer.inter-az"].cost == pytest.approx(2 * crossed * 0.01)
    # 2.5 people of 5,000,000 KRW at the ECB's cross of 2025-10-31, 1650.07 / 1.1554
    assert lines["labour.devops-engineer"].cost == pytest.approx(
        2.5 * 5e6 / (1650.07 / 1.1554), rel=1e-6
    )
    assert bill.one_off_total == pytest.approx(8 * 168 / 730 * 5e6 / (1650.07 / 1.1554), rel=1e-6)


def test_the_article_to_the_won() -> None:
    scenario = Scenario.load()
    assert scenario.book.currency == "KRW"
    totals = [bill.total for bill in scenario.bills()]
    assert [round(total or 0) for total in totals] == [
        250_000 + 50_000 + 5_000_000,
        150 * 1419 + 3_000_000,
        (730 + 5 + 9) * 1419,
    ]


def test_every_mistake_of_a_file_at_once(tmp_path: Path) -> None:
    text = problems(
        tmp_path,
        DESIGN.replace('"100 MB/s"', "100")
        .replace("fanout", "fanuot")
        .replace("as_of = 2025-10-31", 'as_of = "soon"')
        .replace("zones = 3", "zones = -3")
        .replace("[conventions]", "[convention]")
        .replace('kind = "self-hosted"', 'kind = "self-hostd"')
        + '\n[[deployment]]\nkind = "msk-standard"\nregion = "us-east-1"\nlabour = { ftes = 1 }\n',
    )
    for part in (
        "convention: unknown section. Did you mean 'conventions'",
        "workload.ingress: got 100; expected a quantity with a unit",
        "workload.fanuot: unknown field. Did you mean 'fanout'?",
        "workload.zones: got -3; expected at least 1",
        "prices.as_of: got 'soon'",
        "deployment[0].kind: got 'self-hostd'; expected a kind of deployment. Did you mean",
        "deployment[1].labour.ftes: unknown field. Did you mean 'fte'?",
    ):
        assert part in text, part
    assert text.startswith(str(tmp_path / "ours.toml") + ": 7 problems")


def test_unknown_instances_regions_and_skus_at_once(tmp_path: Path) -> None:
    text = problems(
        tmp_path,
        DESIGN.replace('instance = "m5.2xlarge"', 'instance = "m5.2xlrge"')
        .replace('region = "us-east-1"', 'region = "us-esat-1"')
        .replace('"aws.ec2.m5.2xlarge" =', '"aws.ec2.m5.2xlargee" ='),
    )
    assert "prices.override.aws.ec2.m5.2xlargee" in text
    text = problems(
        tmp_path,
        DESIGN.replace('instance = "m5.2xlarge"', 'instance = "m5.2xlrge"').replace(
            'region = "us-east-1"', 'region = "us-esat-1"'
        ),
    )
    assert "region: got 'us-esat-1'; expected one of 27 regions with prices, such as " in text
    assert ", us-east-2, us-west-1, us-west-2, us-gov-east-1. Did you mean 'us-west-1', " in text
    assert "Did you mean 'm5.2xlarge'" in text


@pytest.mark.parametrize(
    ("region", "first", "hint"),
    [
        ("Seoul", "ap-east-1", "Did you mean 'ap-northeast-2'?"),
        ("서울", "ap-east-1", "Did you mean 'ap-northeast-2'?"),
        ("London", "eu-central-1", "Did you mean 'eu-west-2'?"),
        ("virginia", "ca-central-1", "Did you mean 'us-east-1'?"),
        ("us-wst-2", "ca-central-1", "Did you mean 'us-west-2', "),
    ],
)
def test_a_region_without_prices(region: str, first: str, hint: str, tmp_path: Path) -> None:
    text = problems(tmp_path, DESIGN.replace('region = "us-east-1"', f'region = "{region}"'))
    expected = f"got {region!r}; expected one of 27 regions with prices, such as {first}, "
    assert expected in text
    named, _, rest = text.partition(expected)[2].partition(". ")
    assert named.count(", ") == 8 - 2
    assert rest.startswith(hint)


@pytest.mark.parametrize(
    ("region", "cloud", "nearest"),
    [
        ("koreacentral", "azure", "ap-northeast-2"),
        ("us-west2", "gcp", "us-west-2"),
        ("asia-northeast1", "gcp", "ap-northeast-1"),
        ("kr", "on-prem", "ap-northeast-2"),
    ],
)
def test_a_region_of_another_cloud(region: str, cloud: str, nearest: str, tmp_path: Path) -> None:
    text = problems(tmp_path, DESIGN.replace('region = "us-east-1"', f'region = "{region}"'))
    expected = f"got {region!r}; expected a region of aws; {region!r} is one of {cloud}"
    assert f"deployment[0].region: {expected}. Did you mean {nearest!r}" in text
    assert f'Or set cloud = "{cloud}".' in text


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("confluent-enterprise", "private_link = true"),
        ("aiven", 'plan = "usage"'),
        ("instaclustr", 'quote = "450 USD/month"'),
        ("self-hosted", ""),
    ],
)
def test_every_kind_with_a_cloud_has_regions_of_it(kind: str, more: str, tmp_path: Path) -> None:
    deployment = f'kind = "{kind}"\ncloud = "azure"\nregion = "us-east-1"\n{more}\n'
    start = DESIGN.partition("[[deployment]]")[0]
    text = problems(tmp_path, f"{start}[[deployment]]\n{deployment}")
    assert "got 'us-east-1'; expected a region of azure; 'us-east-1' is one of aws" in text
    assert "Did you mean 'eastus'?" in text


def test_place_needs_parts(tmp_path: Path) -> None:
    scenario = load(tmp_path, DESIGN)
    with pytest.raises(InputError) as caught:
        scenario.place()
    assert str(caught.value) == (
        f"{tmp_path / 'ours.toml'} has no [[part]] section; place needs at least one. "
        'Example, one line each: [[part]], name = "core", share = 0.8'
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('book = "list"', 'book = "lst"', "prices.book: got 'lst'.*Did you mean 'list'"),
        ("2025-10-31", "2001-01-01", "first row is dated|a sku of this book"),
        ('"7 days"', '"7 MB/s"', "workload.retention: got '7 MB/s'; expected a duration"),
        ("fanout = 3", "fanout = nan", "workload.fanout: got nan; expected a finite number"),
        ('"5000000 KRW"', '"5000000"', "labour.monthly: .*a number with a unit"),
        ('"8 weeks"', '"8 KRW"', "labour.setup: .*a duration"),
        ('name = "our cluster"', 'name = "our cluster"\nkubernetes = "yes"', "kubernetes"),
        ('volume = "gp3"', 'volume = "pd-ssd"', "expected a volume of aws: 'gp3'"),
        ('cloud = "aws"', 'cloud = "on-prem"', "expected a volume of on-prem: 'local'"),
        ('volume = "gp3"', "clusters = 0", "clusters: got 0; expected a number of clusters from 1"),
        ("[workload]", "[workload", "is not valid TOML: .*line 2"),
        ('kind = "self-hosted"', 'kind = "event-hubs-basic"', "Basic has no Kafka endpoint"),
        (
            'kind = "self-hosted"',
            'kind = "instaclustr"',
            "quote: .*Instaclustr publishes no prices",
        ),
        ('"aws.ec2.m5.2xlarge" = "0.384 USD/hour"', "aws.ec2.m5 = 1", "prices.override"),
        ('"aws.ec2.m5.2xlarge" = "0.384 USD/hour"', 'aws.ec2.m5 = "1 USD/hour"', "names in quotes"),
        ("[[deployment]]", "[deployment]", r"deployment: .*a table \[\[deployment\]\]"),
        (
            PRICES,
            'book = "article"\nas_of = 2025-10-31\ncurrency = "EUR"\n',
            "prices.currency: got 'EUR'.*a rate in the book",
        ),
        (
            '"aws.ec2.m5.2xlarge" = "0.384 USD/hour"',
            '[prices.variant]\n"aws.msk.tiered-storage" = "sizing"',
            "prices.variant.aws.msk.tiered-storage: .*Did you mean 'sizing-script'",
        ),
        ('volume = "gp3"', 'volume = "gp3"\ncommitment = "2-year"', "commitment: .*'1-year'"),
        (
            'volume = "gp3"',
            'volume = "gp3"\ncommitment = { term = "1-year", discount = 2 }',
            "commitment.discount: got 2",
        ),
        ('volume = "gp3"', 'volume = "gp3"\ncredit = "400"', "credit: .*such as '400 USD'"),
        ('volume = "gp3"', 'volume = "gp3"\ncredit = "trial"', "credit: .*no trial credit"),
        (
            'volume = "gp3"',
            'volume = "gp3"\ncredit = { amount = "1 USD", expires = "soon" }',
            "credit.expires: got 'soon'",
        ),
        ('"our cluster"', '"our \\u001b[31m cluster"', "deployment.0..name: .*printable"),
        ("partitions = 1000", "partitions = 99999999999999", "workload.partitions"),
        (
            "partitions = 1000",
            "partitions = 1" + "0" * 5000,
            "is not valid TOML: Exceeds the limit",
        ),
        ("month_hours = 730", "month_hours = 731", "one of 730, 720, 744, 'calendar'"),
        ('"100 MB/s"', '"100 Mb/s"', "Write 'Mbit' for bits, 'MB' for bytes"),
        ('volume = "gp3"', 'volume = "gp3"\nsupport = "busines"', "Did you mean 'business'"),
    ],
)
def test_single_mistakes(tmp_path: Path, old: str, new: str, expected: str) -> None:
    import re

    assert old in DESIGN
    assert re.search(expected, problems(tmp_path, DESIGN.replace(old, new, 1)))


def test_missing_sections(tmp_path: Path) -> None:
    text = problems(tmp_path, "")
    assert "workload.ingress: required field" in text
    assert "prices.as_of: required field" in text
    assert "deployment: no [[deployment]] section; add at least one. Example" in text
    with pytest.raises(InputError, match=r"Did you mean '.*ours\.toml'"):
        Scenario.load(tmp_path / "our.toml")


def test_names_must_differ(tmp_path: Path) -> None:
    again = DESIGN[DESIGN.index("[[deployment]]") :]
    assert "deployment: 2 entries have the name 'our cluster'" in problems(tmp_path, DESIGN + again)


def test_an_own_book(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "x.csv").write_text("sku,region\na,b\n", encoding="utf-8")
    text = problems(tmp_path, DESIGN.replace('"list"', f'"{tmp_path / "book"}"'))
    assert "x.csv:1: got sku,region; expected sku,region,price" in text


def test_growth_and_projection_sections(tmp_path: Path) -> None:
    scenario = load(
        tmp_path,
        DESIGN + '[[growth]]\nkind = "stepwise"\nsteps = { "6" = "1 GB/s" }\n'
        '[[growth]]\nkind = "linear"\nincrease = "1 TB/month"\n'
        "[projection]\nmonths = 12\ndiscount_rate = 0.05\n",
    )
    assert [g.label for g in scenario.growth] == ["stepwise", "linear"]
    assert (scenario.projection.months, scenario.projection.discount_rate) == (12, 0.05)


def test_calendar_hours(tmp_path: Path) -> None:
    scenario = load(tmp_path, DESIGN.replace("month_hours = 730", 'month_hours = "calendar"'))
    [bill] = scenario.bills()
    assert bill.lines[0].quantity == 9 * 31 * 24


def test_the_schema_names_every_section_and_kind() -> None:
    schema = scenario_schema()
    assert schema["additionalProperties"] is False
    options = schema["properties"]["deployment"]["items"]["oneOf"]
    named = {option["allOf"][0]["$ref"].removeprefix("#/$defs/") for option in options}
    assert named == {model.__name__ for model in KINDS.values()}
    assert len(options) == len(KINDS)
    assert schema["$defs"]["Workload"]["properties"]["ingress"]["type"] == "string"


def test_a_mistake_in_the_workload_hides_no_other(tmp_path: Path) -> None:
    text = problems(
        tmp_path,
        DESIGN.replace('"100 MB/s"', '"fast"')
        .replace('instance = "m5.2xlarge"', 'instance = "m5.2xlrge"')
        .replace('monthly = "5000000 KRW"', 'role = "devops"'),
    )
    assert "workload.ingress: got 'fast'" in text
    assert "Did you mean 'm5.2xlarge'" in text
    assert "Did you mean 'labour.devops-engineer'" in text


@pytest.mark.parametrize("section", ["growth", "deployment"])
def test_lists_of_the_wrong_things(tmp_path: Path, section: str) -> None:
    text = problems(tmp_path, f'{section} = ["constant"]\n' + DESIGN.split("[[deployment]]")[0])
    assert f"{section}[0]: got 'constant'; expected a table [[{section}]]" in text


def test_a_series_that_is_too_short_is_reported_at_once(tmp_path: Path) -> None:
    text = problems(
        tmp_path, DESIGN + '[[growth]]\nkind = "series"\nvalues = ["1 MB/s", "2 MB/s"]\n'
    )
    assert "growth 'series'.values: got 2 months; expected 36 months" in text


def test_a_byte_order_mark_and_a_date_as_text(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    text = DESIGN.replace("as_of = 2025-10-31", 'as_of = "2025-10-31"').replace("\n", "\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert Scenario.load(path).book.as_of.isoformat() == "2025-10-31"


def test_a_book_next_to_the_scenario_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own-prices").mkdir()
    source = pricing_root() / "list"
    for table in source.rglob("*.csv"):
        (tmp_path / "own-prices" / table.name).write_bytes(table.read_bytes())
    monkeypatch.chdir("/")
    scenario = load(tmp_path, DESIGN.replace('"list"', '"own-prices"'))
    assert scenario.book.name == str(tmp_path / "own-prices")
    (tmp_path / "list").mkdir()  # a shipped book keeps its name
    assert load(tmp_path, DESIGN).book.name == "list"


def test_many_problems_fit_one_screen(tmp_path: Path) -> None:
    wrong = "".join(f"field_{i} = {i}\n" for i in range(60))
    text = problems(tmp_path, DESIGN.replace("[workload]\n", f"[workload]\n{wrong}"))
    assert len(text.splitlines()) == 22
    assert text.endswith("... and 40 more")


def test_an_empty_path_is_not_the_article() -> None:
    with pytest.raises(InputError):
        Scenario.load("")


def test_a_bad_book_hides_no_other_mistake(tmp_path: Path) -> None:
    text = problems(
        tmp_path,
        DESIGN.replace('book = "list"', 'book = "lst"')
        .replace("month_hours = 730", "month_hours = 731")
        .replace('instance = "m5.2xlarge"', 'instance = "m5.2xlrge"')
        .replace('"0.384 USD/hour"', "0.3"),
    )
    assert "prices.book: got 'lst'" in text
    assert "conventions.month_hours: got 731" in text
    assert "deployment 'our cluster'.instance: got 'm5.2xlrge'" in text
    assert "Did you mean 'm5.2xlarge'" in text


def test_an_override_is_judged_as_a_price(tmp_path: Path) -> None:
    text = problems(tmp_path, DESIGN.replace('"0.384 USD/hour"', "0.3"))
    assert "override.aws.ec2.m5.2xlarge: got 0.3; expected a quantity with a unit" in text


def test_a_salary_in_a_currency_without_a_rate(tmp_path: Path) -> None:
    article = 'book = "article"\nas_of = 2025-10-31\ncurrency = "KRW"\n'
    text = problems(tmp_path, DESIGN.replace(PRICES, article).replace("5000000 KRW", "5000 EUR"))
    assert "deployment 'our cluster'.labour.monthly: got 'EUR'; expected a currency with" in text


def test_a_credit_in_a_currency_without_a_rate(tmp_path: Path) -> None:
    article = 'book = "article"\nas_of = 2025-10-31\ncurrency = "KRW"\n'
    text = DESIGN.replace(PRICES, article).replace('volume = "gp3"', 'credit = "400 EUR"')
    text = text.replace("m5.2xlarge", "t3.medium").replace("100 MB/s", "1 MB/s")
    text = text.replace("brokers = 9", "brokers = 9\ncontrollers = 0")
    assert "deployment 'our cluster'.credit: got 'EUR'; expected" in problems(tmp_path, text)


def test_variants_are_named_in_quotes(tmp_path: Path) -> None:
    text = DESIGN.replace("[prices.override]", "[prices.variant]").replace(
        '"aws.ec2.m5.2xlarge" = "0.384 USD/hour"', 'aws.msk = "sizing-script"'
    )
    assert '"aws...." = "sizing-script"' in problems(tmp_path, text)


def test_people_without_a_number_are_those_of_the_staffing_model(tmp_path: Path) -> None:
    [bill] = load(tmp_path, DESIGN.replace("fte = 2.5, ", "")).bills()
    [people] = [line for line in bill.lines if line.component == "labour"]
    assert people.quantity == pytest.approx(1 + 0.74 * 1 + 0.02 * 9 + 0.2)  # 9 brokers, 1 cluster
    assert "Kafka knowledge 3 of 3" in people.note


def test_the_schema_s_defaults_fit_the_schema() -> None:
    fields = scenario_schema()["$defs"]["Workload"]["properties"]
    assert fields["retention"]["default"] == "7 days"
    assert fields["message_size"]["default"] == "1 KiB"


UNCERTAIN = """
[[growth]]
kind = "compound"
annual_rate = 0.16
[uncertainty]
draws = 1024
seed = 7
[uncertainty.inputs]
fanout = "2-3-5"
growth = "12-20 %/year"
krw = { distribution = "lognormal", median = 1400, sigma = 0.09, source = "our bank" }
[[uncertainty.correlation]]
between = ["fanout", "krw"]
value = -0.2
"""


def test_uncertain_inputs_are_a_section(tmp_path: Path) -> None:
    result = load(tmp_path, DESIGN + UNCERTAIN).uncertainty
    assert (result.draws, result.seed, list(result.inputs)) == (
        1024,
        7,
        ["fanout", "growth", "krw"],
    )
    assert result.inputs["krw"].source == "our bank"
    assert result.correlation[0].between == ("fanout", "krw")
    assert load(tmp_path, DESIGN).uncertainty.inputs == {}  # the defaults, which say their sources


def test_all_mistakes_of_uncertain_inputs_are_reported_at_once(tmp_path: Path) -> None:
    text = problems(
        tmp_path,
        DESIGN
        + UNCERTAIN.replace('"2-3-5"', '"5-3-2"')
        .replace("sigma = 0.09", "sigma = -1")
        .replace("value = -0.2", "value = 2")
        .replace("seed = 7", "sed = 7"),
    )
    assert "uncertainty.inputs.fanout.high: got 2; expected more than low, 5" in text
    assert "uncertainty.inputs.krw.sigma: got -1; expected more than 0" in text
    assert "uncertainty.correlation.0.value: got 2; expected less than 1" in text
    assert "uncertainty.sed: unknown field. Did you mean 'seed'?" in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("fanout = ", "fanuot = ", "uncertainty.inputs.fanuot: got 'fanuot'; expected a sku"),
        ('"2-3-5"', '"2-3-5 TB"', "uncertainty.inputs.fanout.low: got '2 TB'; expected a number"),
        (
            '"compound"\nannual_rate = 0.16',
            '"constant"',
            "uncertainty.inputs.growth: growth 'constant' has no annual rate; use a compound",
        ),
        ("12-20 %/year", "soon", "uncertainty.inputs.growth.value: got 'soon'; expected a number"),
        (
            '["fanout", "krw"]',
            '["fanout", "kwr"]',
            "'kwr'; expected an uncertain input. Did you mean 'krw'?",
        ),
    ],
)
def test_an_uncertain_input_must_be_one_of_the_scenario(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    text = DESIGN + UNCERTAIN.replace(old, new)
    if "fanuot" in text:
        text = text.replace('"fanout", "krw"', '"fanuot", "krw"')
    assert expected in problems(tmp_path, text)


def test_the_schema_lists_the_fields_of_each_distribution() -> None:
    defined = scenario_schema()["$defs"]
    inputs = defined["Uncertainty"]["properties"]["inputs"]
    number, text, *records = inputs["additionalProperties"]["anyOf"]
    assert (number["type"], text["type"]) == ("number", "string")
    fields = {}
    for record in records:
        [model] = record["allOf"]
        model = defined[model["$ref"].rpartition("/")[2]] if "$ref" in model else model
        assert record["required"] == ["distribution"]
        assert model["additionalProperties"] is False
        fields[model["properties"]["distribution"]["const"]] = set(model["properties"])
    assert set(fields) == set(DISTRIBUTIONS)
    assert fields["pert"] == {"distribution", "relative", "source", "low", "mode", "high"}
    assert {"mean", "sd"} <= fields["normal"]
