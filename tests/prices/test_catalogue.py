"""Capacities of a date, in base units."""

import datetime as dt

import pytest

from kafkatco import Catalogue, MissingPriceError


def test_units_become_base_units(catalogue: Catalogue) -> None:
    # m5.2xlarge: 2.5 Gbit/s and 287.5 MB/s
    assert catalogue.value("aws.ec2.m5.2xlarge", "network") == pytest.approx(2.5e9 / 8 / 2**20)
    assert catalogue.value("aws.ec2.m5.2xlarge", "ebs_throughput") == pytest.approx(287.5e6 / 2**20)
    assert catalogue.value("aws.msk.kafka.m7g.large", "ebs_throughput") == 78.75
    assert catalogue.value("confluent.basic", "max_storage") == pytest.approx(5000e9 / 2**30)
    assert catalogue.value("confluent.basic", "partitions_per_unit") == 30


def test_limits_change_over_time() -> None:
    # gp3 volumes grew from 16 to 64 TiB in late 2025
    before = Catalogue(as_of=dt.date(2025, 10, 31)).value("aws.ebs.gp3", "max_size")
    after = Catalogue(as_of=dt.date(2026, 6, 1)).value("aws.ebs.gp3", "max_size")
    assert (before, after) == (16384.0, 65536.0)


def test_missing_names_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(MissingPriceError, match=r"Did you mean 'aws\.ec2\.m5\.2xlarge'"):
        catalogue.value("aws.ec2.m5.2xlrage", "network")
    with pytest.raises(MissingPriceError, match="Did you mean 'network'"):
        catalogue.value("aws.ec2.m5.2xlarge", "netwrok")
    with pytest.raises(MissingPriceError, match="as of 2000-01-01"):
        Catalogue(as_of=dt.date(2000, 1, 1)).value("aws.ec2.m5.2xlarge", "network")
