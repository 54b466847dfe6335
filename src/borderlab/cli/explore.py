"""Commands that compare strategies over many futures and say what one would have to believe."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict

import typer

from borderlab.base.printing import json_text

Lang = Literal["en", "es"]
Out = Annotated[Path | None, typer.Option(help="Folder of the run; by default one named after its hash.")]
Keep = Annotated[Path | None, typer.Option("--out", help="Folder to keep the run in; by default it is not kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Futures = Annotated[int, typer.Option(help="How many futures to draw.")]
Years = Annotated[float, typer.Option(help="How long each future is.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the futures.")]
Workers = Annotated[int | None, typer.Option(min=1, max=64, help="Worker processes.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Dask scheduler: tcp://127.0.0.1:8786, or tls://HOST:8786 with certificates.")
]
TlsCa = Annotated[Path | None, typer.Option("--tls-ca", help="Certificate authority of a tls:// scheduler (PEM).")]
TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="Our certificate for it (PEM).")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="The key of our certificate (PEM).")]
Insecure = Annotated[
    bool,
    typer.Option(
        "--insecure", help="Allow a scheduler on another machine over plain TCP; all between can run commands here."
    ),
]
Weights = Annotated[
    list[str] | None, typer.Option(help="Your weights, like arrivals=2,cost-us=1; gives a score. May be repeated.")
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(help="Your thresholds in natural units, like arrivals=20000. May be repeated."),
]
Language = Annotated[Lang, typer.Option("--lang", help="Language of the report.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(compare)
    app.command()(believe)
    app.command()(sensitivity)
    app.command()(discover)
    app.command()(improve)
    app.command()(report)


def _print_json(value: Any) -> None:
    print(json_text(value, indent=1))


def _words(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


class _Pairs(TypedDict):
    weights: dict[str, float]
    thresholds: dict[str, float]


def _pairs(weights: list[str] | None, thresholds: list[str] | None) -> _Pairs:
    from borderlab.explore.results.focus import read_pairs

    return _Pairs(weights=read_pairs(weights, "--weights"), thresholds=read_pairs(thresholds, "--thresholds"))


def compare(
    context: typer.Context,
    strategies: Annotated[
        list[str] | None, typer.Argument(help="Strategies (ids or files); by default the shipped ones.")
    ] = None,
    futures: Futures = 2000,
    years: Years = 10,
    seed: Seed = 1,
    out: Out = None,
    lang: Language = "en",
    weights: Weights = None,
    thresholds: Thresholds = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    insecure: Insecure = False,
    resume: Annotated[Path | None, typer.Option(help="Go on with the run in this folder.")] = None,
    xarray: Annotated[bool, typer.Option("--xarray", help="Also write NetCDF.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also run the futures that history rules out (kept in the chunks only).")
    ] = False,
    chunk: Annotated[int | None, typer.Option(min=20, help="Futures at a time; never changes a result.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare strategies over many futures, and say what one would have to believe for each to be the best."""
    from borderlab.explore.answers import compare as room

    given = _pairs(weights, thresholds)
    cluster = _cluster(scheduler, tls_ca, tls_cert, tls_key, insecure)
    if resume is not None:
        if strategies or out is not None:
            raise typer.BadParameter("--resume goes on with the strategies and the folder that the run was begun with")
        from borderlab.explore.running.store import Store

        store = Store.open(resume)
        asked = {"futures": futures, "years": years, "seed": seed, "all": everything, "chunk": chunk}
        room.check_same(store, {name: value for name, value in asked.items() if _given(context, name)})
        if store.damaged:
            print(f"{len(store.damaged)} damaged chunks are made again.", file=sys.stderr)
        room.go_on(store, workers=workers, scheduler=cluster)
    else:
        from borderlab.explore.running.chosen import chosen_strategies

        plan = room.plan_of(
            chosen_strategies(strategies or []),
            futures=futures,
            years=years,
            seed=seed,
            everything=everything,
            chunk=chunk,
            **given,
        )
        store = room.run(plan, out or room.default_folder(plan), workers=workers, scheduler=cluster)
    done = room.finish(store, netcdf=xarray, **given)
    page = _page(done, lang)
    if as_json:
        from borderlab.explore.answers.contract import contract

        _print_json(contract(done.comparison, done.findings))
        return
    from borderlab.report.comparison.text import lines

    print("\n".join(lines(done, lang)))
    print(f"\n{page}\n{store.folder / 'results.json'}\n{store.folder / 'tables'}")


def _given(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line, as its default may be what the user means by leaving it out."""
    source = context.get_parameter_source({"all": "everything"}.get(name, name))
    return source is not None and source.name == "COMMANDLINE"


def _cluster(address: str | None, ca: Path | None, cert: Path | None, key: Path | None, insecure: bool) -> Any:
    """The scheduler that was named, checked before any work; None if there is none."""
    if address is None:
        if insecure or ca or cert or key:
            raise typer.BadParameter("--tls-ca, --tls-cert, --tls-key and --insecure go with --scheduler")
        return None
    from borderlab.explore.running.scheduler import Scheduler as At

    return At.at(address, tls_ca=ca, tls_cert=cert, tls_key=key, insecure=insecure)


def _page(done: Any, lang: Lang) -> Path:
    from borderlab.report.comparison.page import write_report

    folder = done.store.folder
    name = "report.html" if lang == "en" else f"report.{lang}.html"
    return write_report(done, folder / name, lang, _command(done, lang))


def _command(done: Any, lang: Lang) -> str:
    """The command that makes the same run and page again, on any machine with this version."""
    from borderlab.language.number import written
    from borderlab.strategy.file.library import shipped

    inputs = done.store.plan.inputs
    words = ["borderlab", "compare"]
    if set(done.comparison.ids) != set(shipped()):
        words += [id_ if id_ in shipped() else f"{id_}.yaml" for id_ in done.comparison.ids]
    for name, value in (("futures", done.comparison.drawn), ("years", inputs["years"]), ("seed", inputs["seed"])):
        words += [f"--{name}", written(value) if isinstance(value, float) else str(value)]
    for name in ("weights", "thresholds"):
        if inputs[name]:
            words += [f"--{name}", ",".join(f"{key}={written(value)}" for key, value in inputs[name].items())]
    if lang != "en":
        words += ["--lang", lang]
    return shlex.join(words)


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    lang: Language = "en",
    weights: Weights = None,
    thresholds: Thresholds = None,
) -> None:
    """Make the report of a finished run again, in either language, with other weights or thresholds."""
    from borderlab.explore.answers import compare as room
    from borderlab.explore.running.store import Store

    done = room.finish(Store.open(folder, to_read=True), **_pairs(weights, thresholds))
    print(_page(done, lang))


def believe(
    strategy: Annotated[str, typer.Argument(help="The strategy that is to be better (id or file).")],
    over: Annotated[str, typer.Option(help="The strategy it is compared with.")],
    on: Annotated[str, typer.Option(help="Measures, split by commas: each is asked, then all at once.")] = "arrivals",
    futures: Futures = 2000,
    years: Years = 10,
    seed: Seed = 1,
    out: Keep = None,
    workers: Workers = None,
    lang: Language = "en",
    tree: Annotated[bool, typer.Option("--tree", help="Also show the leaves of a classification tree.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say under which conditions one strategy beats another: what one would have to believe."""
    from borderlab.explore.answers import compare as room
    from borderlab.explore.answers.contract import belief_json
    from borderlab.explore.answers.findings import must_differ, questions_between
    from borderlab.explore.results.focus import measure_ids
    from borderlab.explore.running.chosen import chosen_strategies, one_strategy

    measures = measure_ids(_words(on))
    first, second = one_strategy(strategy), one_strategy(over)
    chosen = chosen_strategies([strategy, over])
    must_differ(first.id, second.id)
    plan = room.plan_of(chosen, futures=futures, years=years, seed=seed)
    with room.folder_for(out) as folder:
        comparison = room.read(room.run(plan, folder, workers=workers))
    beliefs = questions_between(comparison, first.id, second.id, measures, seed=seed)
    if as_json:
        _print_json(
            {
                "hash": comparison.hash,
                "futures": comparison.drawn,
                "plausible_share": comparison.plausible_share,
                "beliefs": [
                    {**belief_json(one, comparison.variables), "verdict": one.verdict, "share": one.base}
                    for one in beliefs
                ],
            }
        )
        return
    from borderlab.report.comparison.text import belief_lines, tree_lines

    print("\n".join(belief_lines(comparison, beliefs, lang)))
    if tree:
        print("\n".join(tree_lines(comparison, first.id, second.id, measures, lang)))


def sensitivity(
    measure: Annotated[str, typer.Argument(help="The measure, an id or a short word like arrivals.")],
    strategy: Annotated[str, typer.Option(help="The strategy (id or file).")] = "status-quo",
    futures: Futures = 2000,
    years: Years = 10,
    seed: Seed = 1,
    out: Keep = None,
    workers: Workers = None,
    sobol: Annotated[bool, typer.Option("--sobol", help="Also Sobol' indices (needs SALib; runs anew).")] = False,
    base: Annotated[int, typer.Option(help="Base sample of Sobol' indices, a power of two.")] = 128,
    lang: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Say which unknowns move a measure most, with the judged ones marked."""
    from borderlab.explore.answers import compare as room
    from borderlab.explore.answers.sensitivity import what_moves
    from borderlab.explore.results.focus import measure_id
    from borderlab.explore.running.chosen import chosen_strategies, one_strategy

    wanted = one_strategy(strategy)
    id_ = measure_id(measure)
    plan = room.plan_of(chosen_strategies([strategy]), futures=futures, years=years, seed=seed, fewest=1)
    with room.folder_for(out) as folder:
        comparison = room.read(room.run(plan, folder, workers=workers))
    found = what_moves(comparison, wanted, id_, sobol=sobol, base=base, seed=seed)
    if as_json:
        _print_json(found.as_json())
        return
    from borderlab.report.comparison.text import sensitivity_lines

    print("\n".join(sensitivity_lines(comparison, found, lang)))


def discover(
    runs: Annotated[str, typer.Argument(help="CSV file with one run a row.")],
    outcome: Annotated[str, typer.Option(help="Column with 1 for the runs of interest and 0 for the others.")],
    over: Annotated[str, typer.Option(help="Columns to search over, split by commas.")],
    threshold: Annotated[float, typer.Option(min=0, max=1, help="Share of hits that a box must reach.")] = 0.8,
    alpha: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share of runs that one peel takes off.")] = 0.05,
    paste: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share that one paste gives back.")] = 0.05,
    least_mass: Annotated[float, typer.Option(min=0.001, max=1, help="Smallest share of runs in a box.")] = 0.05,
    step: Annotated[int | None, typer.Option(min=0, help="Report this step of the first walk, not its last.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the checks by resampling.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Find the conditions under which an outcome occurs (PRIM), in any table of runs."""
    from borderlab.explore.discovery import discover as room
    from borderlab.explore.discovery.prim import PrimSettings
    from borderlab.explore.discovery.runs_table import column_names, read_runs

    table = read_runs(runs, outcome, column_names(over))
    settings = PrimSettings(threshold=threshold, peel=alpha, paste=paste, least_mass=least_mass)
    found = room.discover(table, settings, seed=seed, step=step, check=not as_json)
    if as_json:
        _print_json({"boxes": [one.as_json() for one in found]})
        return
    print("\n".join(room.lines(table, found, settings)))


def improve(
    strategy: Annotated[str, typer.Argument(help="The strategy whose free numbers are searched (id or file).")],
    on: Annotated[str, typer.Option(help="Measures to improve, split by commas.")] = "arrivals,cost-us",
    futures: Annotated[int, typer.Option(help="Futures to draw; the plausible ones judge.")] = 500,
    years: Years = 10,
    seed: Seed = 1,
    rounds: Annotated[int, typer.Option(min=1, max=10_000, help="Generations of the search.")] = 8,
    size: Annotated[int, typer.Option(min=4, max=10_000, help="Candidates a generation.")] = 12,
    out: Annotated[Path | None, typer.Option(help="Folder for the strategies found.")] = None,
    as_json: AsJson = False,
) -> None:
    """Search a strategy's free numbers (thresholds, steps, holds) for the robust trade-off front."""
    from borderlab.explore.results.focus import measure_ids
    from borderlab.explore.running.chosen import one_strategy
    from borderlab.explore.search.nsga import MARKER, search

    if out is not None:
        from borderlab.base.safefile import check_folder

        check_folder(out, marker=MARKER)  # before the search, not after
    front = search(
        one_strategy(strategy),
        measure_ids(_words(on)),
        futures=futures,
        years=years,
        seed=seed,
        rounds=rounds,
        size=size,
    )
    if out is not None:
        front.write(out)
    if as_json:
        _print_json(front.as_json())
        return
    from borderlab.report.comparison.text import standing_lines

    print("\n".join([*front.lines(), "", *standing_lines(futures, seed, front.futures, "en")]))
