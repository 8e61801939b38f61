"""The clouds that self-managed nodes run on, and on-premises data centres."""

from __future__ import annotations

from typing import Final

from kafkatco.sizing.clouds.base import LOCAL, Cloud, ObjectStore, Volume
from kafkatco.sizing.clouds.on_premises import ON_PREMISES

__all__ = ["CLOUDS", "LOCAL", "Cloud"]

AWS: Final = Cloud(
    name="aws",
    nodes="aws.ec2.",
    small_node="m7g.large",
    disk_rate="ebs_throughput",
    volumes={
        "gp3": Volume(
            "aws.ebs.gp3", "aws.ebs.gp3.storage", "aws.ebs.gp3.throughput", "aws.ebs.gp3.iops"
        ),
        "gp2": Volume("aws.ebs.gp2", "aws.ebs.gp2.storage"),
        "io2": Volume("aws.ebs.io2", "aws.ebs.io2.storage", iops="aws.ebs.io2.first-iops"),
        "st1": Volume("aws.ebs.st1", "aws.ebs.st1.storage"),
        "sc1": Volume("aws.ebs.sc1", "aws.ebs.sc1.storage"),
        LOCAL: Volume("", ""),
    },
    objects=ObjectStore("aws.s3.standard.storage", "aws.s3.standard.put", "aws.s3.standard.get"),
    between_zones="aws.data-transfer.inter-az",
    sides=2.0,
    to_internet="aws.data-transfer.internet",
    between_regions="aws.data-transfer.inter-region",
    between_pairs={frozenset(("us-east-1", "us-east-2")): "aws.data-transfer.inter-region-us-east"},
    balancer=("aws.nlb", "aws.nlb.lcu", "hour"),
    private_link=("aws.privatelink.endpoint", "aws.privatelink.data"),
    nat=("aws.nat-gateway", "aws.nat-gateway.data", "aws.public-ipv4"),
    public=("aws.public-ipv4", "aws.data-transfer.inter-az"),
    kubernetes="aws.eks.cluster",
    metrics=("aws.cloudwatch.metric", "month"),
    cpu_credits="aws.ec2-cpu-credits.",
)
AZURE: Final = Cloud(
    name="azure",
    nodes="azure.vm.",
    small_node="D2s_v5",
    disk_rate="disk_throughput",
    volumes={
        "premium-ssd-v2": Volume(
            "azure.disk.premium-ssd-v2",
            "azure.disk.premium-ssd-v2.storage",
            "azure.disk.premium-ssd-v2.throughput",
            "azure.disk.premium-ssd-v2.iops",
        ),
        "premium-ssd": Volume(
            "azure.disk.premium-ssd.P30", "azure.disk.premium-ssd.P30", whole=True
        ),
        "standard-ssd": Volume(
            "azure.disk.standard-ssd.E30",
            "azure.disk.standard-ssd.E30",
            operations="azure.disk.standard-ssd.operations",
            whole=True,
        ),
        LOCAL: Volume("", ""),
    },
    objects=ObjectStore(
        "azure.blob.hot-lrs.storage", "azure.blob.hot-lrs.put", "azure.blob.hot-lrs.get"
    ),
    between_zones="azure.bandwidth.inter-zone",
    sides=2.0,
    to_internet="azure.bandwidth.internet",
    between_regions="azure.bandwidth.inter-region",
    balancer=("azure.load-balancer", "azure.load-balancer.data", "GiB"),
    private_link=("azure.private-link.endpoint", "azure.private-link.data"),
    kubernetes="azure.aks.cluster",
    metrics=("azure.managed-prometheus.samples", "million"),
)
GCP: Final = Cloud(
    name="gcp",
    nodes="gcp.compute.",
    small_node="n2-standard-2",
    disk_rate="disk_throughput",
    volumes={
        "pd-balanced": Volume("gcp.disk.pd-balanced", "gcp.disk.pd-balanced"),
        "pd-ssd": Volume("gcp.disk.pd-ssd", "gcp.disk.pd-ssd"),
    },
    objects=ObjectStore("gcp.storage.standard", "gcp.storage.class-a", "gcp.storage.class-b"),
    between_zones="gcp.network.inter-zone",
    sides=1.0,
    to_internet="gcp.network.internet",
    between_regions="gcp.network.inter-region",
    balancer=("gcp.load-balancer", "gcp.load-balancer.data", "GiB"),
    private_link=("gcp.private-service-connect", "gcp.private-service-connect.data"),
    nat=("gcp.nat.gateway", "gcp.nat.data", "gcp.public-ipv4"),
    nat_is_zonal=False,
    unlisted_paths=("private-link",),
    kubernetes="gcp.gke.cluster",
    metrics=("gcp.managed-prometheus.samples", "million"),
    disks_share_network=True,
)

#: By their names in a scenario file.
CLOUDS: Final = {cloud.name: cloud for cloud in (AWS, AZURE, GCP, ON_PREMISES)}
