"""The public names, for type checkers and editors; a test holds that they are those of ``__init__``."""

from borderlab.api import data as data
from borderlab.api import evidence as evidence
from borderlab.api import progress as progress
from borderlab.api.believe import believe as believe
from borderlab.api.compare import compare as compare
from borderlab.api.compare import open_comparison as open_comparison
from borderlab.api.discover import discover as discover
from borderlab.api.futures import DrawnFutures
from borderlab.api.futures import futures as futures
from borderlab.api.hindcast import hindcast as hindcast
from borderlab.api.improve import improve as improve
from borderlab.api.own import use_tables as use_tables
from borderlab.api.run import run as run
from borderlab.api.scenarios import scenarios as scenarios
from borderlab.api.sensitivity import sensitivity as sensitivity
from borderlab.api.simulate import simulate as simulate
from borderlab.api.strategies import CheckedStrategy
from borderlab.api.strategies import strategies as strategies
from borderlab.base.problems import InputError as InputError
from borderlab.base.problems import Problem as Problem
from borderlab.base.progress import Cancelled as Cancelled
from borderlab.model.core.module import Measure as Measure
from borderlab.model.core.module import Module as Module
from borderlab.model.core.module import names as names

Futures = DrawnFutures
Strategy = CheckedStrategy

__version__: str
__all__: list[str]
