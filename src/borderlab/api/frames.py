"""Labelled tables: pandas frames and xarray arrays with units. Both libraries are imported when first needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import xarray as xr


def frame(
    columns: Mapping[str, Any], index: Any = None, *, name: str | None = None, units: Mapping[str, str] | None = None,
    **facts: Any,
) -> pd.DataFrame:  # fmt: skip
    """A frame whose ``attrs`` hold ``units`` (column → unit) and other facts.

    Args:
        index, name: labels of the rows and what they are.
    """
    import numpy as np
    import pandas as pd

    labels = None if index is None else pd.Index(index, name=name)
    made = pd.DataFrame({key: np.asarray(value) for key, value in columns.items()}, index=labels)
    made.attrs = {"units": dict(units or {}), **facts}
    return made


def rows(records: Sequence[Mapping[str, Any]], index: str | None = None, **facts: Any) -> pd.DataFrame:
    """A frame from records, one a row."""
    import pandas as pd

    made = pd.DataFrame.from_records(list(records))
    if index is not None and index in made.columns:
        made = made.set_index(index)
    made.attrs = {**facts}
    return made


def course(
    values: Mapping[str, np.ndarray],
    dims: Sequence[str],
    coordinates: Mapping[str, Any],
    units: Mapping[str, tuple[str, str]],
    **facts: Any,
) -> xr.Dataset:
    """Arrays over named dimensions.

    Args:
        values: by name, all with the dimensions ``dims``. units: name → (unit, long name).
    """
    import xarray as xr

    data = {
        name: (tuple(dims), array, dict(zip(("unit", "long_name"), units.get(name, ("", name)), strict=True)))
        for name, array in values.items()
    }
    return xr.Dataset(data, dict(coordinates), facts)


def days(dates: Sequence[date]) -> np.ndarray:
    """Days as xarray and pandas have them."""
    import numpy as np

    return np.array(dates, dtype="datetime64[ns]")


def frozen(array: np.ndarray) -> np.ndarray:
    """The same array, not to be written into."""
    view = array.view()
    view.flags.writeable = False
    return view
