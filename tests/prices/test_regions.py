"""The regions that a message names."""

import pytest

from kafkatco.prices.regions import priced_regions, some_regions

AWS = (
    "af-south-1",
    "ap-northeast-2",
    "ap-southeast-2",
    "ca-central-1",
    "eu-west-1",
    "eu-west-2",
    "me-south-1",
    "sa-east-1",
    "us-east-1",
    "us-gov-east-1",
    "us-west-2",
)


@pytest.mark.parametrize(
    ("near", "first"),
    [
        ("eu-west-9", ("eu-west-1", "eu-west-2")),
        ("europe-west3", ("eu-west-1", "eu-west-2")),
        ("austriaeast", ("eu-west-1", "eu-west-2")),
        ("australiaeast", ("ap-northeast-2", "ap-southeast-2")),
        ("il-central-1", ("me-south-1",)),
        ("southafricanorth", ("af-south-1",)),
        ("southamerica-east1", ("ca-central-1", "sa-east-1", "us-east-1", "us-west-2")),
        ("mars", AWS[:8]),
    ],
)
def test_those_of_the_continent_come_first(near: str, first: tuple[str, ...]) -> None:
    named = some_regions(near, reversed(AWS))
    assert len(named) == 8
    assert named[: len(first)] == first


def test_few_are_named_all() -> None:
    assert priced_regions("us-east-9", AWS[:8]).startswith("It has a price in: ca-central-1, ")
    assert priced_regions("us-east-9", AWS).startswith("It has a price in 11 regions, such as ")
