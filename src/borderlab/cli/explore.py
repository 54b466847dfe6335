"""Commands that compare strategies over many futures and say what one would have to believe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

import typer

from borderlab.cli.shared import AsJson, Changes, print_json, split

if TYPE_CHECKING:
    from borderlab.explore.running.scheduler import Scheduler as At

Lang = Literal["en", "es"]
Out = Annotated[Path | None, typer.Option(help="Folder of the run; by default one named after its hash.")]
Keep = Annotated[Path | None, typer.Option("--out", help="Folder to keep the run in; by default it is not kept.")]
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
    changes: Changes = None,
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
    from borderlab.api import compare as api

    given = _pairs(weights, thresholds)
    cluster = _cluster(scheduler, tls_ca, tls_cert, tls_key, insecure)
    if resume is not None:
        if strategies or out is not None or changes:
            raise typer.BadParameter(
                "--resume goes on with the strategies, folder and parameters that the run was begun with"
            )
        asked = {"futures": futures, "years": years, "seed": seed, "all": everything, "chunk": chunk}
        same = {name: value for name, value in asked.items() if _given(context, name)}
        found = api.resume(resume, same=same, workers=workers, scheduler=cluster, **given)
    else:
        found = api.compare(
            strategies or [],
            futures=futures,
            years=years,
            seed=seed,
            set=changes or (),
            out=out or api.HASHED,
            everything=everything,
            chunk=chunk,
            workers=workers,
            scheduler=cluster,
            **given,
        )
    folder = found.save(netcdf=xarray)
    page = found.report(_page(folder, lang), lang)
    if as_json:
        print_json(found.to_json())
        return
    print(found.text(lang))
    print(f"\n{page}\n{folder / 'results.json'}\n{folder / 'tables'}")


def _given(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line, as its default may be what the user means by leaving it out."""
    source = context.get_parameter_source({"all": "everything"}.get(name, name))
    return source is not None and source.name == "COMMANDLINE"


def _cluster(address: str | None, ca: Path | None, cert: Path | None, key: Path | None, insecure: bool) -> At | None:
    """The scheduler that was named, checked before any work; None if there is none."""
    if address is None:
        if insecure or ca or cert or key:
            raise typer.BadParameter("--tls-ca, --tls-cert, --tls-key and --insecure go with --scheduler")
        return None
    from borderlab.explore.running.scheduler import Scheduler as At

    return At.at(address, tls_ca=ca, tls_cert=cert, tls_key=key, insecure=insecure)


def _page(folder: Path, lang: Lang) -> Path:
    return folder / ("report.html" if lang == "en" else f"report.{lang}.html")


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    lang: Language = "en",
    weights: Weights = None,
    thresholds: Thresholds = None,
) -> None:
    """Make the report of a finished run again, in either language, with other weights or thresholds."""
    from borderlab.api.compare import open_comparison

    found = open_comparison(folder, **_pairs(weights, thresholds))
    found.save()
    print(found.report(_page(folder, lang), lang))


def believe(
    strategy: Annotated[str, typer.Argument(help="The strategy that is to be better (id or file).")],
    over: Annotated[str, typer.Option(help="The strategy it is compared with.")],
    on: Annotated[str, typer.Option(help="Measures, split by commas: each is asked, then all at once.")] = "arrivals",
    futures: Futures = 2000,
    years: Years = 10,
    seed: Seed = 1,
    changes: Changes = None,
    out: Keep = None,
    workers: Workers = None,
    lang: Language = "en",
    tree: Annotated[bool, typer.Option("--tree", help="Also show the leaves of a classification tree.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say under which conditions one strategy beats another: what one would have to believe."""
    from borderlab.api.believe import believe as ask

    found = ask(
        strategy,
        over=over,
        on=split(on),
        futures=futures,
        years=years,
        seed=seed,
        set=changes or (),
        out=out,
        workers=workers,
    )
    if as_json:
        print_json(found.to_json())
        return
    print(found.explain(lang, tree=tree))


def sensitivity(
    measure: Annotated[str, typer.Argument(help="The measure, an id or a short word like arrivals.")],
    strategy: Annotated[str, typer.Option(help="The strategy (id or file).")] = "status-quo",
    futures: Futures = 2000,
    years: Years = 10,
    seed: Seed = 1,
    changes: Changes = None,
    out: Keep = None,
    workers: Workers = None,
    sobol: Annotated[bool, typer.Option("--sobol", help="Also Sobol' indices (needs SALib; runs anew).")] = False,
    base: Annotated[int, typer.Option(help="Base sample of Sobol' indices, a power of two.")] = 128,
    lang: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Say which unknowns move a measure most, with the judged ones marked."""
    from borderlab.api.sensitivity import sensitivity as ask

    found = ask(
        measure,
        strategy,
        futures=futures,
        years=years,
        seed=seed,
        set=changes or (),
        sobol=sobol,
        base=base,
        out=out,
        workers=workers,
    )
    if as_json:
        print_json(found.to_json())
        return
    print(found.explain(lang))


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
    from borderlab.api.discover import column_names
    from borderlab.api.discover import discover as search

    found = search(
        runs,
        outcome,
        column_names(over),
        threshold=threshold,
        alpha=alpha,
        paste=paste,
        least_mass=least_mass,
        step=step,
        seed=seed,
        check=not as_json,
    )
    if as_json:
        print_json(found.to_json())
        return
    print(found.text())


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
    from borderlab.api import improve as api

    if out is not None:
        api.check_folder(out)  # before the search, not after
    found = api.improve(strategy, split(on), futures=futures, years=years, seed=seed, rounds=rounds, size=size)
    if out is not None:
        found.save(out)
    if as_json:
        print_json(found.to_json())
        return
    print(found.text())
