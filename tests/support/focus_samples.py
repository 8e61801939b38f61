"""A scenario with every agreement that a bill can have, as tests of FOCUS read it."""

__all__ = ["AGREED"]

AGREED = """
[workload]
ingress = "20 MB/s"
fanout = 3
retention = "2 days"
partitions = 300
connector_tasks = 2
schema_registry = true
[prices]
as_of = 2025-10-31
currency = "KRW"
[[deployment]]
name = "=published rate"
kind = "self-hosted"
region = "us-east-1"
instance = "m7g.xlarge"
controllers = 3
commitment = "1-year"
discount = 0.05
support = "business"
labour = { fte = 1.5, monthly = "7000000 KRW", setup = "8 weeks" }
[[deployment]]
name = "savings plan"
kind = "self-hosted"
region = "ap-northeast-2"
instance = "m7g.xlarge"
commitment = { term = "1-year-savings-plan", discount = 0.2 }
[[deployment]]
name = "sustained use, all nodes alike"
kind = "self-hosted"
cloud = "gcp"
instance = "n2-standard-4"
service_instance = "n2-standard-4"
region = "us-central1"
discount = 0.1
[[deployment]]
name = "committed brokers, sustained others"
kind = "self-hosted"
cloud = "gcp"
instance = "n2-standard-4"
service_instance = "n2-standard-4"
commitment = { term = "1-year", discount = 0.3 }
region = "us-central1"
[[deployment]]
name = "trial"
kind = "confluent-basic"
region = "us-east-1"
credit = "trial"
[[deployment]]
name = "credit and support"
kind = "confluent-standard"
region = "us-east-1"
credit = "10000 USD"
support = "premier"
discount = 0.2
[[growth]]
kind = "compound"
annual_rate = 0.5
[projection]
months = 6
inflation = 0.1
"""
