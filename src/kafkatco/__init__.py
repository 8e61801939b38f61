"""What it costs to run Apache Kafka, which way is cheapest, and from when.

>>> import kafkatco as kt
>>> load = kt.Workload(ingress="10 TB/month", fanout=3, retention="7 days")
>>> book = kt.PriceBook("list", as_of="2025-10-31", currency="KRW")
>>> options = [kt.MskStandard(region="us-east-1"), kt.ConfluentBasic(region="us-east-1")]
>>> found = kt.crossovers(load, options, book)
>>> found.intervals[0].winner
'confluent-basic'

Names are loaded when first used, so that importing this package costs little.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
