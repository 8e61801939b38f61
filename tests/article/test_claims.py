"""The claims: the article's arithmetic, list prices, and conditions that are really such."""

from dataclasses import replace

import pytest

from kafkatco import Claim, InputError, Scenario, SelfHosted
from kafkatco.analysis.crossovers import crossovers
from kafkatco.article import Claims
from kafkatco.article import claims as computed
from kafkatco.article.claim import Cases
from kafkatco.article.claim_break_even import staff_limit
from kafkatco.article.scenario import LIST_REGIONS, article, at_list, names
from kafkatco.cli.main import main
from kafkatco.core.money import parse_salary
from kafkatco.output.views.claims import claims_table

SEOUL, VIRGINIA = LIST_REGIONS
#: KRW per USD on 2025-10-31, the ECB's cross: EURKRW 1650.07 / EURUSD 1.1554
ECB = 1650.07 / 1.1554


@pytest.fixture(scope="module")
def claims(article_claims: Claims) -> dict[str, Claim]:
    return {claim.key: claim for claim in article_claims}


@pytest.fixture(scope="module")
def bare(bare_claims: Claims) -> dict[str, Claim]:
    return {claim.key: claim for claim in bare_claims}


@pytest.fixture
def under(
    request: pytest.FixtureRequest, claims: dict[str, Claim], bare: dict[str, Claim]
) -> dict[str, Claim]:
    """The claims under the set of assumptions that a test is given."""
    return {"production": claims, "bare": bare}[request.param]


#: The sets under which the claims are tested.
BOTH = pytest.mark.parametrize("under", ["production", "bare"], indirect=True)


@BOTH
@pytest.mark.parametrize(
    ("key", "own", "seoul"),
    [
        # the article's own three brokers, as it counts them: no controllers in any set
        ("ec2", 250_000, 3 * 730 * 0.052 * ECB),
        ("ebs", 50_000, 500e9 / 2**30 * 0.0912 * ECB),
        ("msk", 150, 3 * 730 * 0.0569),
        ("msk-won", 150 * 1419, 3 * 730 * 0.0569 * ECB),
        ("confluent-cluster", 730, 0),
        ("confluent-storage", 5, 50e9 / 2**30 * 0.08),
        ("confluent-network", 9, 100e9 / 2**30 * 0.05),
        (
            "confluent-total",
            (730 + 5 + 9) * 1419,
            (50e9 / 2**30 * 0.08 + 100e9 / 2**30 * 0.05) * ECB,
        ),
        ("free-credit", 400 * 1419, 400 * ECB),
    ],
)
def test_examples(key: str, own: float, seoul: float, under: dict[str, Claim]) -> None:
    numbers = under[key].numbers
    assert numbers["own"] == pytest.approx(own, rel=1e-9)
    assert numbers["listed"][SEOUL] == pytest.approx(seoul, rel=1e-6)


def test_totals_to_the_won(claims: dict[str, Claim]) -> None:
    assert claims["self-hosted-total"].own == "5,300,000 KRW"
    assert claims["msk-total"].own == "3,212,850 KRW"
    assert claims["confluent-total"].own == "1,055,736 KRW"
    assert "rounded down" in claims["confluent-total"].because


@pytest.mark.parametrize(
    ("key", "production", "bare_verdict"),
    [
        ("self-hosted-total", "holds", "holds"),  # 94 % people, whatever EC2 costs
        ("ec2", "does not hold", "does not hold"),  # list is a third below
        ("confluent-cluster", "does not hold", "does not hold"),  # a Basic cluster has no base fee
        ("free-credit", "holds", "holds"),
        ("break-even", "holds only if", "holds only if"),
        ("band-confluent", "holds", "holds"),
        ("band-msk", "does not hold", "does not hold"),
        # under bare, MSK without free capacity is cheaper at any traffic
        ("band-self-hosted", "holds only if", "does not hold"),
        ("phase-1", "does not hold", "does not hold"),
        ("phase-2", "holds only if", "holds only if"),
        ("phase-3", "holds only if", "holds only if"),
        # a kind that is neither MSK Standard nor Confluent Basic always costs too little
        ("saving", "does not hold", "does not hold"),
        ("staff", "does not hold", "does not hold"),
    ],
)
def test_verdicts(
    key: str, production: str, bare_verdict: str, claims: dict[str, Claim], bare: dict[str, Claim]
) -> None:
    assert (claims[key].verdict, bare[key].verdict) == (production, bare_verdict)


def test_a_sized_cluster_in_production_costs_its_controllers_too(
    claims: dict[str, Claim], bare: dict[str, Claim]
) -> None:
    # 50 GB a month, kept for a third of it, three copies: 50 GB of data
    data = 50e9 / 2**30 * 0.0912
    # two copies are sent to other zones, as are 2/3 of writes and of reads; both ends are charged
    network = (2 + 2 / 3 + 2 / 3) * 50e9 / 2**30 * 2 * 0.01
    # brokers m6g.large, disks half empty, controllers m7g.large with 64 GiB each
    controllers = 3 * (730 * 0.1003 + 64 * 0.0912)
    production = 5_000_000 + (3 * 730 * 0.094 + 2 * data + network + controllers) * ECB
    # brokers t4g.small, disks full
    nothing_else = 5_000_000 + (3 * 730 * 0.0208 + data + network) * ECB
    said = "a cluster sized under the assumptions {!r} costs {:,.0f} KRW"
    assert said.format("production", production) in claims["self-hosted-total"].because
    assert said.format("bare", nothing_else) in bare["self-hosted-total"].because


def test_the_set_of_assumptions_is_named(
    article_claims: Claims, bare_claims: Claims, bare: dict[str, Claim]
) -> None:
    assert article_claims.assumptions == "production"
    assert bare_claims.assumptions == "bare"
    assert {row["assumptions"] for row in bare_claims.to_dict()} == {"bare"}
    assert set(bare_claims.to_pandas()["assumptions"]) == {"bare"}
    assert "sized under the assumptions 'bare'" in bare_claims.to_markdown()
    # its own figures are under its own assumptions in any set
    assert {key: claim.own for key, claim in bare.items()} == {
        claim.key: claim.own for claim in article_claims
    }
    with pytest.raises(InputError, match="Did you mean 'bare'"):
        computed(assumptions="bear")


def test_the_command_takes_a_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims", "--assumptions", "akalculatr"]) == 2
    assert "--assumptions: got 'akalculatr'" in (said := capsys.readouterr().err)
    assert "'akalculator'" in said


def test_of_floors_nothing_is_said_to_be_cheaper(
    claims: dict[str, Claim], article_cases: Cases
) -> None:
    # the article has no price of traffic between zones: what self-hosting costs is a floor
    case = article_cases["article"]
    own, msk, confluent = names(case.sized)
    assert staff_limit(case, msk, 10.0) is None
    assert staff_limit(case, confluent, 10.0) is None
    for key in ("break-even", "saving", "staff", "band-self-hosted"):
        assert "its cost is a floor" in claims[key].own or "is a floor" in claims[key].own
        assert "cheaper than" not in claims[key].own
    # 10 TB in and out, kept a third of a month: 1 engineer, 3 brokers, 3 copies on disk
    ours = 5_000_000 + 250_000 + 10_000 * 0.333333333333 * 3 * 100
    assert f"{own} {ours:,.0f}+ KRW" in claims["break-even"].own


def with_staff(scenario: Scenario, fte: float) -> Scenario:
    """Return the scenario with another number of people for the self-hosted option."""
    return replace(
        scenario,
        deployments=tuple(
            option.model_copy(update={"labour": option.labour.model_copy(update={"fte": fte})})
            if isinstance(option, SelfHosted) and option.labour
            else option
            for option in scenario.deployments
        ),
    )


def costs_at(scenario: Scenario, **workload: object) -> dict[str, float]:
    """Bill the scenario at another workload, by the direct formula."""
    result = Scenario(
        **{
            **{f: getattr(scenario, f) for f in scenario.__slots__},
            "workload": scenario.workload.model_copy(update=workload),
        }
    )
    totals = {bill.name: bill.total for bill in result.bills()}
    return {name: float("inf") if total is None else total for name, total in totals.items()}


def test_the_conditions_of_the_break_even_are_conditions(
    claims: dict[str, Claim], article_cases: Cases
) -> None:
    for region in LIST_REGIONS:
        case = article_cases[region]
        own, msk, confluent = names(case.sized)
        ten = case.sized.workload.replace(ingress="10 TB/month").ingress
        for rival in (msk, confluent):
            for low, high in claims["break-even"].numbers[region]["against"][rival][
                "fanout_at_10_tb"
            ]:
                for fanout, pays in (
                    (low - 1e-6, False),
                    (low + 1e-6, True),
                    (0.5 * (low + high), True),
                ):
                    cost = costs_at(case.sized, ingress=ten, fanout=fanout)
                    assert (cost[own] < cost[rival]) is pays, (region, rival, fanout)


def test_the_staff_of_the_break_even_is_exact(article_cases: Cases) -> None:
    for case in article_cases.values():
        own, msk, confluent = names(case.sized)
        for rival in (msk, confluent):
            limit = staff_limit(case, rival, 10.0)
            if limit is None:
                continue
            ten = case.sized.workload.replace(ingress="10 TB/month").ingress
            for fte, pays in ((limit - 1e-6, True), (limit + 1e-6, False)):
                cost = costs_at(with_staff(case.sized, fte), ingress=ten)
                assert (cost[own] < cost[rival]) is pays


def test_the_saving_is_reached_at_the_stated_fanout(
    claims: dict[str, Claim], article_cases: Cases
) -> None:
    for region in LIST_REGIONS:
        case = article_cases[region]
        own, _, confluent = names(case.sized)
        ten = case.sized.workload.replace(ingress="10 TB/month").ingress
        [(low, high)] = claims["saving"].numbers[region][confluent]["fanout_at_10_tb"]
        for fanout, saves in ((low - 1e-6, False), (low + 1e-6, True), (high - 1e-3, True)):
            cost = costs_at(case.sized, ingress=ten, fanout=fanout)
            assert (1 - cost[own] / cost[confluent] >= 0.6) is saves


def test_the_greatest_saving_is_the_greatest(
    claims: dict[str, Claim], article_cases: Cases
) -> None:
    case = article_cases[SEOUL]
    own, msk, _ = names(case.sized)
    best = claims["saving"].numbers[SEOUL][msk]["greatest"]
    savings = []
    for i in range(400):
        costs = case.volume.at(0.1 * 10 ** (i / 100))
        mine, other = costs[own], costs[msk]
        if mine is not None and other is not None:
            savings.append(1 - mine / other)
    assert max(savings) <= best + 1e-12
    assert max(savings) == pytest.approx(best, abs=0.02)


def test_more_people_move_the_break_even_up(claims: dict[str, Claim]) -> None:
    staff = claims["staff"].numbers[SEOUL]
    starts = [staff[fte][0][0] for fte in ("1", "2", "3")]
    assert starts == sorted(starts)
    assert starts[0] < starts[2]


def test_the_article_at_list_prices() -> None:
    moved = at_list(article(), SEOUL, sized=False)
    assert moved.book.name == "list"
    assert [d.region for d in moved.deployments] == [SEOUL, SEOUL, VIRGINIA]
    salaries = [d.labour.monthly for d in moved.deployments if d.labour and d.labour.fte]
    assert [parse_salary(salary).amount for salary in salaries if salary] == [5_000_000, 3_000_000]


def test_claims_show_themselves(article_claims: Claims, claims: dict[str, Claim]) -> None:
    table = claims_table(article_claims)
    text = " ".join(cell for row in table.rows for cell in row)
    assert all(claim.stated in text and claim.because in text for claim in claims.values())
    assert claims["ec2"].to_dict()["verdict"] == "does not hold"


def test_own_figures_cross_as_computed_by_hand() -> None:
    # own figures per TB: MSK 3,212,850 flat at first; Confluent 1,035,870 + per TB of traffic
    # 1,000 GB x (0.09 in + 0.09 out + 0.1 x 1/3 month x 3 copies) x 1,419 = 397,320 KRW;
    # three brokers of 70,950 KRW carry it, as the article keeps nothing free
    scenario = article()
    curves = crossovers(scenario.workload, scenario.deployments, scenario.book)
    _, msk, confluent = names(scenario)
    pair = next(p for p in curves.pairs if {p.a, p.b} == {msk, confluent})
    [crossing] = pair.crossings
    assert crossing.x == pytest.approx((3_000_000 + 3 * 50 * 1419 - 730 * 1419) / 397_320, rel=1e-9)
