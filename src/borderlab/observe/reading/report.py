"""What an import did to a file, row by row."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Anomaly(BaseModel):
    """One thing worth knowing about the rows of a file.

    Attributes:
        kind: ``refused``, ``corrected``, ``gap``, ``known-fault``, ``structural-break``, ``double-count``,
            ``implausible``, ``new-label``, ``period``, ``revision``, ``encoding``, ``columns`` or ``note``.
        what: a sentence.
        rows: how many rows it touches, where that can be said.
        first_row: the first such row of the file (1 = the first after the headings).
        first_period, last_period: months or moments it touches.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    what: str
    rows: int | None = None
    first_row: int | None = None
    first_period: str | None = None
    last_period: str | None = None


class ImportReport(BaseModel):
    """The account of one file: ``rows_read == rows_kept + rows_refused``, always.

    ``rows_corrected`` counts kept rows in which something was mended. ``already`` tells that the same content was
    in the store before, so that nothing was written.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    dataset: str
    rows_read: int
    rows_kept: int
    rows_corrected: int
    rows_refused: int
    first_period: str | None
    last_period: str | None
    anomalies: tuple[Anomaly, ...]
    vintage: str
    file_sha256: str
    content_sha256: str
    already: bool = False

    def json_ready(self) -> dict[str, object]:
        """The row of the ``data import --json`` contract."""
        shown = ("file", "dataset", "rows_read", "rows_kept", "rows_corrected", "rows_refused")
        out: dict[str, object] = {name: getattr(self, name) for name in shown}
        out["first_period"], out["last_period"] = self.first_period, self.last_period
        out["anomalies"] = [anomaly.model_dump(exclude_none=True) for anomaly in self.anomalies]
        return out
