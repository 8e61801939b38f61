"""The scenario of one's own that several tests put into a file."""

#: A cluster of three brokers with a person, or Confluent by what is used; nothing to speak of kept.
UNPARTED = """
[workload]
ingress = "10 TB/month"
retention = "1 s"
partitions = 1
peak_to_average = 1
[prices]
as_of = 2025-10-31
[[deployment]]
name = "msk"
kind = "msk-standard"
region = "us-east-1"
instance = "kafka.m7g.large"
labour = { fte = 1, monthly = "300 USD" }
[[deployment]]
name = "basic"
kind = "confluent-basic"
access = "none"
region = "us-east-1"
units_from = "average"
"""
#: A third option, whose disks have no price in Korea.
LACKING = """
[[deployment]]
name = "on Azure"
kind = "self-hosted"
cloud = "azure"
region = "koreacentral"
"""
#: The same in two parts, for `kafkatco place`.
OURS = f"""{UNPARTED}
[[part]]
name = "core"
share = 0.9
[[part]]
name = "trial"
share = 0.1
"""
