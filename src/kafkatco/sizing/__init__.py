"""From a workload to quantities by meter, without prices."""
