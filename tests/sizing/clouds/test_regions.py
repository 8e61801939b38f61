"""The names of regions tell their cloud, and lead to the region of another cloud next to them."""

import pytest

from kafkatco import PriceBook
from kafkatco.prices.meters.aws_regions import REGIONS
from kafkatco.sizing.clouds.regions import CITIES, cloud_of, nearest_of_cloud

#: https://learn.microsoft.com/en-us/azure/reliability/regions-list
AZURE = """
australiacentral australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth
canadacentral canadaeast centralindia centralus chilecentral eastasia eastus eastus2 francecentral
germanywestcentral indonesiacentral israelcentral italynorth japaneast japanwest koreacentral
koreasouth malaysiawest mexicocentral newzealandnorth northcentralus northeurope norwayeast
polandcentral qatarcentral southafricanorth southcentralus southeastasia southindia spaincentral
swedencentral switzerlandnorth uaenorth uksouth ukwest westcentralus westeurope westus westus2
westus3
"""
#: https://docs.cloud.google.com/compute/docs/regions-zones
GOOGLE = """
africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1
asia-south2 asia-southeast1 asia-southeast2 australia-southeast1 australia-southeast2
europe-central2 europe-north1 europe-north2 europe-southwest1 europe-west1 europe-west10
europe-west12 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9
me-central1 me-central2 me-west1 northamerica-northeast1 northamerica-northeast2
northamerica-south1 southamerica-east1 southamerica-west1 us-central1 us-east1 us-east4 us-east5
us-south1 us-west1 us-west2 us-west3 us-west4
"""
CLOUDS = {
    "aws": (*REGIONS.values(),),
    "azure": AZURE.split(),
    "gcp": GOOGLE.split(),
    "on-prem": ("kr", "us", "eu"),
}


@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_region_tells_its_cloud(cloud: str) -> None:
    assert {name: cloud_of(name) for name in CLOUDS[cloud]} == dict.fromkeys(CLOUDS[cloud], cloud)


@pytest.mark.parametrize(
    ("prefix", "cloud"),
    [("aws.", "aws"), ("azure.", "azure"), ("gcp.", "gcp"), ("onprem.", "on-prem")],
)
def test_every_region_with_prices_tells_its_cloud(prefix: str, cloud: str) -> None:
    regions = set(PriceBook(as_of="2026-10-31").regions(prefix)) - {"any"}
    assert regions
    assert {cloud_of(region) for region in regions} == {cloud}


@pytest.mark.parametrize("name", ["any", "", "Seoul", "seoul", "mars", "US-EAST-1", "de", "x" * 99])
def test_other_words_are_no_region_of_any_cloud(name: str) -> None:
    assert cloud_of(name) == ""


def test_a_city_has_at_most_one_region_of_each_cloud() -> None:
    for city, regions in CITIES.items():
        clouds = [cloud_of(region) for region in regions]
        assert "" not in clouds, city
        assert len(set(clouds)) == len(clouds), city


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("region", ["us-east-1", "koreacentral", "asia-northeast3", "kr", "us"])
def test_the_nearest_region_is_one_of_the_cloud(region: str, cloud: str) -> None:
    _text, region_there, *_others = nearest_of_cloud(region, cloud).split("'")
    assert cloud_of(region_there) == cloud
