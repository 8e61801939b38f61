"""Assumptions under which one rule can be tested alone: bytes, partitions and disks size brokers.

Half of a broker's throughput and of its disk is used, and a zone may fail; CPU, memory, connections
and the time to rebuild a broker are not sized, nothing recovers, every type may be chosen, brokers
are the controllers, the path of clients to a service is not billed, and capital is free.  What
production adds is tested in ``tests/sizing/test_brokers.py``,
``tests/deployments/test_client_path.py`` and ``tests/sizing/clouds/test_on_premises.py``.
"""

from typing import Final

from kafkatco import Assumptions

__all__ = ["PLAIN"]

PLAIN: Final = Assumptions(
    "production",
    {
        "recovery": 0,
        "cpu_throughput": "0 MB/s",
        "cache_window": "0 s",
        "connections_per_broker": 0,
        "rebuild_time": "0 hours",
        "volumes_per_broker": 1,
        "burstable": 1,
        "min_vcpu": 0,
        "min_memory": "0 GiB",
        "controllers": 0,
        "client_path": 0,
        "cost_of_capital": 0,
    },
)
