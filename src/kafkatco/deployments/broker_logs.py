"""Logs of brokers: their delivery to a service of AWS, and their storage."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from typing import ClassVar, Literal

from kafkatco.core.units import DURATION, RATE, Duration, Rate, parse
from kafkatco.deployments.base import Deployment
from kafkatco.errors import Problem
from kafkatco.i18n.message import _
from kafkatco.prices.catalogue import Catalogue
from kafkatco.sizing.formulas import monthly_gib, stored_gib
from kafkatco.sizing.quantities import Meter
from kafkatco.sizing.workload import Operands

__all__ = ["BrokerLogs", "LogDestination"]

#: Where logs go.
LogDestination = Literal["cloudwatch", "s3", "firehose"]


class BrokerLogs(Deployment, ABC):
    """Brokers whose logs go to CloudWatch Logs, to S3 or to Firehose.

    Parameters
    ----------
    broker_logs
        Logs that the brokers of all clusters write, such as "50 GB/month", on AWS; by default none,
        which the bill mentions.
    log_destination
        "cloudwatch" (default): CloudWatch Logs, by the GiB that it ingests; "s3"; or "firehose".
        The tables have no price of MSK's delivery to the last two, nor of Firehose: these need
        yours.
    log_retention
        How long CloudWatch Logs or S3 keeps them, such as "30 days"; by default their storage is
        not billed, which the bill mentions.  They are counted as written: AWS stores them
        compressed.  The tables have no price of CloudWatch's storage: it needs yours.
    """

    broker_logs: Rate | None = None
    log_destination: LogDestination | None = None
    log_retention: Duration | None = None

    #: Whether the service delivers its logs itself, which AWS charges for.
    delivers_logs: ClassVar[bool] = False

    def conflicts(self) -> Iterator[Problem]:
        """Yield a problem for logs outside AWS, and for settings of logs that nobody keeps."""
        yield from super().conflicts()
        if self.broker_logs is None:
            expected = _("none without broker_logs")
            for name in ("log_destination", "log_retention"):
                if (value := getattr(self, name)) is not None:
                    yield Problem(name, repr(value), expected)
        elif self.home.name != "aws":
            yield Problem("broker_logs", repr(self.broker_logs), _("none, except on AWS"))
        elif self.log_destination == "firehose" and self.log_retention is not None:
            expected = _("none with log_destination = 'firehose', which keeps no logs")
            yield Problem("log_retention", repr(self.log_retention), expected)

    def _services(self, load: Operands, catalogue: Catalogue) -> Iterator[Meter]:
        yield from super()._services(load, catalogue)
        if self.broker_logs is None:
            return
        written_mib_s = parse(self.broker_logs, RATE).value(load.month_hours)
        written_gib = monthly_gib(written_mib_s, load.month_hours)
        yield from (
            Meter("monitoring", sku, self.region, written_gib, "GiB", _("broker logs"))
            for sku in self._log_skus
        )
        if self.log_retention is not None:
            kept_h = parse(self.log_retention, DURATION).value(load.month_hours)
            kept_gib, note = stored_gib(written_mib_s, kept_h), _("storage of broker logs")
            yield Meter("monitoring", self._log_store, self.region, kept_gib, "GiB-month", note)

    @property
    def _log_skus(self) -> tuple[str, ...]:
        """The skus of a GiB of logs on its way.

        Sources: https://aws.amazon.com/cloudwatch/pricing/ (logs that a service delivers to S3 or
        Firehose are charged for), https://aws.amazon.com/firehose/pricing/.
        """
        if self.log_destination in (None, "cloudwatch"):
            return ("aws.cloudwatch.logs",)
        delivery = ("aws.cloudwatch.logs-delivery",) if self.delivers_logs else ()
        return (*delivery, *(("aws.firehose.data",) if self.log_destination == "firehose" else ()))

    @property
    def _log_store(self) -> str:
        if self.log_destination == "s3":
            return self.home.objects.storage
        return "aws.cloudwatch.logs-storage"

    def not_modelled(self, load: Operands) -> tuple[str, ...]:
        """Return the costs and limits that the model omits, as messages."""
        omitted: tuple[str, ...] = ()
        if self.broker_logs is None:
            omitted = (_("broker logs"),)
        elif self.log_retention is None and self.log_destination != "firehose":
            omitted = (_("storage of broker logs"),)
        return (*omitted, *super().not_modelled(load))
