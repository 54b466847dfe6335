"""What a run counted, by lane and hour, and its sums by day, crossing, port or mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.histogram import quantile
from borderlab.crossings.queues.network import Network
from borderlab.crossings.queues.state import BINS, COUNTS, MINUTES, LaneCounts

Span = Literal["hour", "day", "month", "total"]

SUMS = ("wait_sum", "secondary_wait", "secondary_time", "stage_wait", "stage_time")


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts of a run. Arrays are [L,H] (lane, hour of arrival) unless said; waits are in minutes.

    An entity's wait is the time from its arrival at the lane to the start of primary inspection (or to the end of the
    period, for those still queued then).

    Attributes:
        network: what was run; gives the lanes and the start.
        arrivals: natives that came; served: starts of primary, by the hour of the start.
        diverted_away, put_off: those who left instead of joining; diverted_in: came from other crossings and joined.
        returned: had put off, came back (and may have left again: they then count in diverted_away or put_off too).
        switched_out, switched_in: used the other lane of the same approach because their own was closed.
        referred: reached secondary; staged: entered the series stage (both by the hour they did).
        queue_max: longest queue at the quarter hours.
        wait_sum, wait_max, wait_p95: of those who joined in the hour.
        secondary_wait, secondary_time, stage_wait, stage_time: sums of minutes waiting for and being in them; the
            stage's wait includes standing in a blocked booth.
        posted: [L,T] wait posted at the start of the interval; NaN while the lane is closed.
        histogram: [L,D,BINS] waits by day, see :func:`wait_quantile`.
        edge_flow: [E,D] diverted along each edge of the network by day.
        still_queued: [L] waiting when the period ends.
    """

    network: Network
    arrivals: NDArray[np.int32]
    served: NDArray[np.int32]
    diverted_away: NDArray[np.int32]
    diverted_in: NDArray[np.int32]
    put_off: NDArray[np.int32]
    returned: NDArray[np.int32]
    switched_out: NDArray[np.int32]
    switched_in: NDArray[np.int32]
    referred: NDArray[np.int32]
    staged: NDArray[np.int32]
    queue_max: NDArray[np.int32]
    wait_sum: NDArray[np.float32]
    wait_max: NDArray[np.float32]
    wait_p95: NDArray[np.float32]
    secondary_wait: NDArray[np.float32]
    secondary_time: NDArray[np.float32]
    stage_wait: NDArray[np.float32]
    stage_time: NDArray[np.float32]
    posted: NDArray[np.float32]
    histogram: NDArray[np.uint32]
    edge_flow: NDArray[np.int32]
    still_queued: NDArray[np.int64]

    @classmethod
    def of(cls, network: Network, out: LaneCounts) -> Tally:
        """A tally of the engine's arrays."""
        layers: dict[str, Any] = dict(zip(COUNTS, out.counts, strict=True)) | dict(
            zip(MINUTES, out.minutes, strict=True)
        )
        return cls(network, **layers, **dict(list(out._asdict().items())[2:]))

    @property
    def joined(self) -> NDArray[np.int32]:
        """Entities that joined the lane: [L,H]."""
        left = self.diverted_away + self.put_off + self.switched_out
        return self.arrivals + self.diverted_in + self.returned + self.switched_in - left

    def spans(self, over: Span) -> tuple[list[Any], NDArray[np.int64]]:
        """Labels of the spans (dates, ``YYYY-MM``, …) and the span of every hour, [H]."""
        network = self.network
        hours = np.arange(network.n_hours)
        if over == "hour":
            return [network.start + timedelta(hours=int(h)) for h in hours], hours
        if over == "total":
            return ["total"], np.zeros(len(hours), dtype=np.int64)
        days = (network.start.hour + hours) // 24
        dates = network.dates()
        if over == "day":
            return list(dates), days
        months = sorted({day.strftime("%Y-%m") for day in dates})
        of_day = np.array([months.index(day.strftime("%Y-%m")) for day in dates])
        return list(months), of_day[days]

    def group(self, by: str | Sequence[Any] = "lane", over: Span = "total") -> dict[str, Any]:
        """Sums by groups of lanes and spans of time.

        Args:
            by: ``"lane"``, ``"crossing"``, ``"mode"``, ``"lane_class"``, ``"all"``, or a label for every lane (port
                codes, regions, pairs …).
            over: ``"hour"``, ``"day"``, ``"month"`` or ``"total"``.

        Returns:
            ``groups`` and ``spans`` (labels) and arrays [groups, spans]: every count; ``joined``; ``delay_hours``;
            ``mean_wait_min``, ``p95_wait_min``, ``max_wait_min`` (0 where nobody came); ``queue_max`` (largest of the
            lanes' longest); ``secondary_wait_hours``, ``secondary_hours``, ``stage_wait_hours``, ``stage_hours``.
            Hourly 95th percentiles of several lanes together are not kept: for ``over="hour"`` the value is that of
            the lane with the longest, so group by lane to read them.
        """
        labels = self._labels(by)
        groups = list(dict.fromkeys(labels))
        rows = np.array([groups.index(label) for label in labels])
        spans, column = self.spans(over)
        shape = (len(groups), len(spans))

        def total(values: NDArray[Any]) -> NDArray[Any]:
            by_span = np.zeros((values.shape[0], len(spans)), dtype=np.float64)
            starts = np.flatnonzero(np.r_[True, np.diff(column) > 0])
            by_span[:, column[starts]] = np.add.reduceat(values, starts, axis=1, dtype=np.float64)
            result = np.zeros(shape)
            np.add.at(result, rows, by_span)
            return result

        def largest(values: NDArray[Any]) -> NDArray[Any]:
            by_span = np.zeros((values.shape[0], len(spans)))
            starts = np.flatnonzero(np.r_[True, np.diff(column) > 0])
            by_span[:, column[starts]] = np.maximum.reduceat(values, starts, axis=1)
            result = np.zeros(shape)
            np.maximum.at(result, rows, by_span)
            return result

        found: dict[str, Any] = {"groups": groups, "spans": spans}
        found |= {name: total(getattr(self, name)).astype(np.int64) for name in COUNTS[:-1]}
        left = found["diverted_away"] + found["put_off"] + found["switched_out"]
        came = found["arrivals"] + found["diverted_in"] + found["returned"] + found["switched_in"]
        found["joined"] = came - left
        hours = {name: total(getattr(self, name)) / 60 for name in SUMS}
        found["delay_hours"] = hours["wait_sum"]
        found["secondary_wait_hours"] = hours["secondary_wait"]
        found["secondary_hours"] = hours["secondary_time"]
        found["stage_wait_hours"] = hours["stage_wait"]
        found["stage_hours"] = hours["stage_time"]
        found["mean_wait_min"] = 60 * found["delay_hours"] / np.maximum(found["joined"], 1)
        found["max_wait_min"] = largest(self.wait_max)
        found["queue_max"] = largest(self.queue_max).astype(np.int64)
        if over == "hour":
            found["p95_wait_min"] = largest(self.wait_p95)
        else:
            found["p95_wait_min"] = self._p95(rows, shape, over, found["max_wait_min"])
        return found

    def _labels(self, by: str | Sequence[Any]) -> list[Any]:
        network = self.network
        if not isinstance(by, str):
            labels = list(by)
            if len(labels) != network.n_lanes:
                raise ValueError(f"{len(labels)} labels for {network.n_lanes} lanes")
            return labels
        if by == "lane":
            return list(zip(network.crossing, network.lane_class, strict=True))
        if by == "all":
            return ["all"] * network.n_lanes
        if by in ("crossing", "mode", "lane_class"):
            return list(getattr(network, by))
        raise ValueError(f"cannot group by '{by}'")

    def _p95(
        self, rows: NDArray[np.int64], shape: tuple[int, int], over: Span, largest: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        _, column = self.spans(over)
        days = len(self.network.dates())
        first_hours = np.maximum(np.arange(days) * 24 - self.network.start.hour, 0)
        counts = np.zeros((*shape, BINS), dtype=np.int64)
        for lane, row in enumerate(rows):
            np.add.at(counts[row], column[first_hours], self.histogram[lane])
        result = np.zeros(shape)
        for group in range(shape[0]):
            for span in range(shape[1]):
                result[group, span] = wait_quantile(counts[group, span], 0.95, float(largest[group, span]))
        return result


def wait_quantile(counts: NDArray[Any], share: float, largest: float) -> float:
    """A quantile (minutes) of the waits in a histogram of BINS bins; ``largest`` is the longest wait in it."""
    return float(quantile(counts.astype(np.uint32), share, largest))
