"""People: the user's number, or that of the staffing model of the article's families.

The model's figures are the capacities ``labour.*`` (pricing/capacity/labour.csv): self-hosted
1 + 0.74 per cluster + 0.02 per broker + 0.2 on call, cloud-managed 0.5 + 0.4 + 0 + 0.1, fully
managed 0.1 per cluster; setup 56 days, 7 days and a day.
"""

from typing import Any

import pytest

from kafkatco import (
    Catalogue,
    ConfluentStandard,
    EventHubsStandard,
    InputError,
    Labour,
    MissingPriceError,
    MskServerless,
    MskStandard,
    PriceBook,
    SelfHosted,
    Workload,
)
from kafkatco.costing.bill import Bill, bill_of
from kafkatco.deployments import Deployment
from kafkatco.sizing.quantities import Sizing

LOAD = Workload(ingress="10 kB/s", retention="1 h", partitions=10)
WAGE = "1000 USD"
SELF_HOSTED = SelfHosted(region="us-east-1", instance="m5.2xlarge", brokers=3)
MSK = MskStandard(region="us-east-1", instance="kafka.m7g.large")
SERVERLESS = MskServerless(region="us-east-1")
CONFLUENT = ConfluentStandard(region="us-east-1")


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def run_by(deployment: Deployment, labour: Labour, **fields: Any) -> Deployment:
    return deployment.model_copy(update={"labour": labour, **fields})


def people(bill: Bill) -> float:
    return sum(float(line.quantity) for line in bill.lines if line.component == "labour")


@pytest.mark.parametrize(("brokers", "fte"), [(3, 2.00), (50, 2.94)])
def test_self_hosting_takes_two_to_three_people(
    brokers: int, fte: float, book: PriceBook, catalogue: Catalogue
) -> None:
    # 1 + 0.74 + 0.02 x 3 + 0.2; 1 + 0.74 + 0.02 x 50 + 0.2
    deployment = run_by(SELF_HOSTED, Labour(monthly=WAGE), brokers=brokers)
    [line] = [
        x for x in bill_of(deployment, LOAD, book, catalogue).lines if x.component == "labour"
    ]
    assert (line.quantity, line.cost) == (near(fte), near(fte * 1000))


@pytest.mark.parametrize("deployment", [MSK, SERVERLESS, EventHubsStandard(region="eastus")])
def test_a_cloud_managed_service_needs_one_person_at_any_size(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue
) -> None:
    # 0.5 + 0.4 + 0.1
    assert people(bill_of(run_by(deployment, Labour(monthly=WAGE)), LOAD, book, catalogue)) == near(
        1.0
    )


def test_brokers_of_a_cloud_managed_service_need_no_people(
    book: PriceBook, catalogue: Catalogue
) -> None:
    staff = [
        people(bill_of(run_by(MSK, Labour(monthly=WAGE), brokers=n), LOAD, book, catalogue))
        for n in (3, 30)
    ]
    assert staff == [near(1.0), near(1.0)]


def test_a_fully_managed_service_takes_a_tenth_of_a_person(
    book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(run_by(CONFLUENT, Labour(monthly=WAGE)), LOAD, book, catalogue)
    assert people(bill) == 0.1


@pytest.mark.parametrize(
    ("deployment", "option", "fte"),
    [
        (CONFLUENT, "high", 0.5),
        (SELF_HOSTED, "low", 1.0),  # 0 + 0.74 + 3 x 0.02 + 0.2
        (SELF_HOSTED, "high", 3.0),  # 2 + 0.74 + 3 x 0.02 + 0.2
    ],
)
def test_the_model_has_a_range(deployment: Deployment, option: str, fte: float) -> None:
    figure = f"labour.{deployment.family}"
    book = PriceBook("list", as_of="2025-10-31", variants={figure: option})
    assert people(bill_of(run_by(deployment, Labour(monthly=WAGE)), LOAD, book)) == near(fte)


@pytest.mark.parametrize(
    ("deployment", "fte"),
    [
        (SELF_HOSTED, 1 + 2 * 0.74 + 2 * 3 * 0.02 + 0.2),  # 2.80
        (MSK, 0.5 + 2 * 0.4 + 0.1),  # 1.4
        (CONFLUENT, 2 * 0.1),
    ],
)
def test_a_second_cluster_takes_its_share(
    deployment: Deployment, fte: float, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(run_by(deployment, Labour(monthly=WAGE), clusters=2), LOAD, book, catalogue)
    assert people(bill) == near(fte)


@pytest.mark.parametrize(
    ("fields", "fte"),
    [
        # 1 + 0.74 + 3 x 0.02 + 0.2, one of them replaced
        ({"base": 2}, 3.00),
        ({"per_cluster": 1}, 2.26),
        ({"per_broker": 0.1}, 2.24),
        ({"on_call": 0}, 1.80),
        ({"base": 0, "per_cluster": 0, "on_call": 0}, 0.06),
    ],
)
def test_each_part_of_the_model_is_an_input(
    fields: dict[str, Any], fte: float, book: PriceBook, catalogue: Catalogue
) -> None:
    labour = Labour(monthly=WAGE, **fields)
    assert people(bill_of(run_by(SELF_HOSTED, labour), LOAD, book, catalogue)) == near(fte)


def test_a_fully_managed_service_may_have_people(book: PriceBook, catalogue: Catalogue) -> None:
    labour = Labour(monthly=WAGE, on_call=0.25)
    assert people(bill_of(run_by(CONFLUENT, labour), LOAD, book, catalogue)) == near(0.35)


@pytest.mark.parametrize("deployment", [SELF_HOSTED, MSK, CONFLUENT])
def test_a_fixed_number_of_people_replaces_the_model(
    deployment: Deployment, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(
        run_by(deployment, Labour(fte=1.5, monthly=WAGE), clusters=2), LOAD, book, catalogue
    )
    assert people(bill) == 1.5
    assert bill.one_off == ()


def test_only_brokers_and_nodes_need_people(catalogue: Catalogue) -> None:
    for unit, fte in (("brokers", 2.14), ("nodes", 2.14), ("eckus", 1.94), ("clusters", 1.94)):
        running, _ = Labour().meters("self-hosted", "kr", catalogue, Sizing(unit, 10.0), 730.0)
        assert running.quantity == near(fte)


def test_the_note_has_the_model_and_the_required_knowledge(catalogue: Catalogue) -> None:
    size = Sizing("brokers", 3.0)
    running, _ = Labour(base=2).meters("self-hosted", "kr", catalogue, size, 730.0)
    assert running.note == (
        "2 + 0.74 per cluster + 0.02 per broker + 0.2 on call; Kafka knowledge 3 of 3; "
        "assumptions: per_cluster, per_broker, on_call"
    )
    running, _ = Labour().meters("fully-managed", "kr", catalogue, size, 730.0)
    assert running.note.endswith("Kafka knowledge 1 of 3; assumptions: per_cluster")
    running, _ = Labour(fte=1).meters("self-hosted", "kr", catalogue, size, 730.0)
    assert running.note == ""


@pytest.mark.parametrize(
    ("deployment", "hours"),
    [(SELF_HOSTED, 56 * 24), (MSK, 7 * 24), (SERVERLESS, 7 * 24), (CONFLUENT, 24)],
)
def test_setup_is_paid_once(
    deployment: Deployment, hours: int, book: PriceBook, catalogue: Catalogue
) -> None:
    bill = bill_of(run_by(deployment, Labour(monthly=WAGE)), LOAD, book, catalogue)
    [line] = bill.one_off
    assert (line.component, line.note) == ("setup", "once")
    assert line.quantity == near(hours / 730)
    assert bill.one_off_total == near(hours / 730 * 1000)
    assert bill.total == near(sum(x.cost for x in bill.lines))


@pytest.mark.parametrize("fields", [{}, {"fte": 1.0}])
def test_a_setup_time_replaces_that_of_the_model(
    fields: dict[str, Any], book: PriceBook, catalogue: Catalogue
) -> None:
    labour = Labour(monthly=WAGE, setup="2 weeks", **fields)
    [line] = bill_of(run_by(SELF_HOSTED, labour), LOAD, book, catalogue).one_off
    assert line.quantity == near(2 * 168 / 730)


def test_setup_takes_more_of_a_shorter_month(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = run_by(MSK, Labour(monthly=WAGE))
    [line] = bill_of(deployment, LOAD.operands(month_hours=720), book, catalogue).one_off
    assert line.quantity == near(168 / 720)


@pytest.mark.parametrize(
    ("region", "option", "wage", "currency"),
    [
        # gross a year / 12 x cost to the employer: Korea 1.19, Germany 1.27, US 1 / 0.702
        ("ap-northeast-2", "", 50_990_000 / 12 * 1.19, "KRW"),
        ("ap-northeast-2", "high", 10_154_626, "KRW"),  # KOSA, operators of information systems
        ("us-west-2", "", 122_023 / 12 / 0.702, "USD"),
        ("us-west-2", "low", 95_000 / 12 / 0.702, "USD"),
        ("us-west-2", "high", 140_000 / 12 / 0.702, "USD"),
        ("eu-central-1", "", 62_000 / 12 * 1.27, "EUR"),
        ("eu-central-1", "low", 56_000 / 12 * 1.27, "EUR"),
        ("eu-central-1", "high", 77_000 / 12 * 1.27, "EUR"),
        ("eu-west-1", "", 59.53 * 169, "EUR"),  # CSO, an hour, employer cost included
    ],
)
def test_a_devops_engineer_of_the_deployments_region(
    region: str, option: str, wage: float, currency: str
) -> None:
    variants = {"labour.devops-engineer": option} if option else {}
    book = PriceBook("list", as_of="2025-10-31", currency=currency, variants=variants)
    bill = bill_of(run_by(MSK, Labour(fte=2), region=region), LOAD, book)
    [line] = [x for x in bill.lines if x.component == "labour"]
    assert line.cost == pytest.approx(2 * wage, rel=1e-6)
    assert line.note == ""


@pytest.mark.parametrize(
    ("region", "country"),
    [
        ("eu-north-1", "de"),
        ("europe-west1", "de"),
        ("sa-east-1", "us"),
        ("canadacentral", "us"),
        ("japaneast", "kr"),
        ("australia-southeast1", "kr"),
        ("af-south-1", "de"),
    ],
)
def test_a_region_without_a_wage_has_that_of_the_nearest_and_says_so(
    region: str, country: str, catalogue: Catalogue
) -> None:
    running, _ = Labour(fte=1).meters("self-hosted", region, catalogue, Sizing("x", 1.0), 730.0)
    assert running.region == country
    assert running.note == f"no wage of {region} is known: that of {country}"


def test_a_wage_that_is_given_is_not_of_the_region(catalogue: Catalogue) -> None:
    for labour in (Labour(fte=1, region="kr"), Labour(fte=1, monthly=WAGE)):
        running, _ = labour.meters("self-hosted", "eu-north-1", catalogue, Sizing("x", 1), 730.0)
        assert running.note == ""


def test_a_devops_engineer_in_korea(catalogue: Catalogue) -> None:
    # 50,990,000 KRW gross a year / 12 x 1.19; 1,428.1374 KRW per USD on 2025-10-31
    deployment = run_by(MSK, Labour(fte=2, region="kr"))
    for currency, monthly in (("KRW", 5_056_508), ("USD", 5_056_508 / 1428.1374)):
        book = PriceBook("list", as_of=catalogue.as_of, currency=currency)
        [line] = [
            x for x in bill_of(deployment, LOAD, book, catalogue).lines if x.component == "labour"
        ]
        assert (line.sku, line.cost) == ("labour.devops-engineer", near(2 * monthly))


def test_another_role_elsewhere(book: PriceBook, catalogue: Catalogue) -> None:
    deployment = run_by(MSK, Labour(fte=1, role="systems-administrator", region="us"))
    [line] = [
        x for x in bill_of(deployment, LOAD, book, catalogue).lines if x.component == "labour"
    ]
    assert line.cost == near(10_745.49)


def test_an_unknown_role_of_a_region_is_a_missing_price(
    book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = run_by(MSK, Labour(fte=1, role="systems-administrator", region="kr"))
    with pytest.raises(MissingPriceError, match=r"labour\.systems-administrator.*'kr'"):
        bill_of(deployment, LOAD, book, catalogue)


@pytest.mark.parametrize("text", ["5000 USD", "5000 USD/month", "60000 USD/year"])
def test_a_salary_is_per_month_or_per_year(
    text: str, book: PriceBook, catalogue: Catalogue
) -> None:
    deployment = run_by(MSK, Labour(fte=0.5, monthly=text))
    [line] = [
        x for x in bill_of(deployment, LOAD, book, catalogue).lines if x.component == "labour"
    ]
    assert line.cost == near(2500)
    assert line.row is not None
    assert line.row.confidence == "user"


def test_a_discount_does_not_apply_to_people(book: PriceBook, catalogue: Catalogue) -> None:
    plain = bill_of(run_by(MSK, Labour(fte=1, monthly=WAGE)), LOAD, book, catalogue)
    less = bill_of(run_by(MSK, Labour(fte=1, monthly=WAGE), discount=0.5), LOAD, book, catalogue)
    assert plain.total is not None
    assert less.total == near((plain.total - 1000) / 2 + 1000)


def test_a_bill_without_labour_has_no_people(book: PriceBook, catalogue: Catalogue) -> None:
    bill = bill_of(MSK, LOAD, book, catalogue)
    assert people(bill) == 0.0
    assert (bill.people, bill.provider_charges) == (None, bill.total)
    assert bill.one_off == ()


def test_provider_charges_and_people_add_up_to_the_total(
    book: PriceBook, catalogue: Catalogue
) -> None:
    plain = bill_of(MSK, LOAD, book, catalogue)
    staffed = bill_of(run_by(MSK, Labour(monthly=WAGE)), LOAD, book, catalogue)
    assert staffed.provider_charges == plain.total
    assert staffed.people == near(1000)
    assert staffed.total == near((plain.total or 0.0) + 1000)


@pytest.mark.parametrize("field", ["fte", "base", "per_cluster", "per_broker", "on_call"])
def test_a_negative_number_of_people_is_an_error(field: str) -> None:
    fields: dict[str, Any] = {field: -0.1}
    with pytest.raises(InputError, match=field):
        Labour(**fields)
