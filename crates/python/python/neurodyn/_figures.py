"""Experiments, their figures and tables."""

import csv
import importlib
import importlib.util
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

import numpy as np

from . import _neurodyn
from ._calls import PathLike, plain, written
from ._neurodyn import Error

Columns = Dict[str, Any]


def framed(columns: Columns, frames: Optional[str]) -> Any:
    """The columns as a frame of pandas or polars, or as they are."""
    if frames is None:
        installed = (name for name in ("pandas", "polars") if importlib.util.find_spec(name) is not None)
        frames = next(installed, "numpy")
    if frames == "numpy":
        return {name: np.asarray(values) for name, values in columns.items()}
    if frames not in ("pandas", "polars"):
        raise Error(f"frames: found {frames!r}; allowed: pandas, polars, numpy")
    return importlib.import_module(frames).DataFrame(columns)


class Figure:
    """A figure: its drawing, what it was computed from, the numbers behind it.

    It is one of a :class:`Run`, or read from a file of neurodyn: ``Figure("figures/activity_map.svg")``. In a notebook it shows itself.
    """

    #: Name of the figure.
    name: str
    #: Its title.
    title: str
    #: What it shows, in words.
    description: str
    #: The experiment file in it.
    toml: str
    #: The same as a dict with its module, which :func:`run` takes.
    experiment: Dict[str, Any]
    #: Seed of all its random numbers.
    seed: int
    #: SHA-256 of its numbers.
    digest: str
    #: SHA-256 of each file of data that it was computed from.
    data: Dict[str, str]
    #: The file; ``None`` where it is in memory alone.
    path: Optional[Path]

    def __init__(self, path: PathLike) -> None:
        self._of(Path(path).read_bytes(), Path(path), None)

    @classmethod
    def _made(cls, data: bytes, path: Optional[Path], tables: Dict[str, Columns]) -> "Figure":
        figure = cls.__new__(cls)
        figure._of(data, path, tables)
        return figure

    def _of(self, data: bytes, path: Optional[Path], tables: Optional[Dict[str, Columns]]) -> None:
        stated = json.loads(_neurodyn.stated(data))
        self._data = data
        self._tables = tables
        self._id: str = stated["id"]
        self._settings: List[str] = stated["settings"]
        self.format: str = stated["format"]
        self.path = path
        self.name = stated["name"]
        self.title = stated["title"]
        self.description = stated["description"]
        self.toml = stated["toml"]
        # a file that is called like its module need not say which that is
        self.experiment = {"experiment": self._id, **stated["experiment"]}
        self.seed = stated["seed"]
        self.digest = stated["digest"]
        self.data = dict(stated["data"])

    def __repr__(self) -> str:
        return f"<neurodyn.Figure {self.name}: {self.title}>"

    @property
    def svg(self) -> str:
        """The drawing as SVG."""
        if self.format != "svg":
            raise Error(f"{self.path}: a figure as {self.format.upper()} has no SVG; read that of {self.name}.svg")
        return self._data.decode()

    def _repr_svg_(self) -> Optional[str]:
        return self._data.decode() if self.format == "svg" else None

    def _repr_png_(self) -> Optional[bytes]:
        return self._data if self.format == "png" else None

    def tables(self, frames: Optional[str] = None) -> Dict[str, Any]:
        """The tables that it draws, by their names: frames of ``"pandas"`` or ``"polars"``, or with ``"numpy"`` dicts of arrays; by default
        the first of these that is installed. A number that does not exist is ``nan``. For a figure from a file its experiment is computed
        again, unless it is of a :class:`Run`.

        >>> figure = neurodyn.run("experiments/activity_map.toml").figures[0]
        >>> list(figure.tables("numpy"))
        ['fine', 'fixed_points', 'monte_carlo']
        """
        if self._tables is None:
            again = run(self.experiment, name=self._id)
            self._tables = next((one._tables for one in again.figures if one.name == self.name), {})
        return {name: framed(columns, frames) for name, columns in (self._tables or {}).items()}

    def save(self, path: PathLike, *, dpi: int = 300) -> None:
        """Write it to a file: ``.svg``, ``.pdf`` or ``.png``, the latter with ``dpi`` pixels an inch."""
        target = Path(path)
        kind = target.suffix[1:]
        data = self._data if kind == self.format else _neurodyn.exported(self.svg, kind, dpi)
        target.write_bytes(data)

    def verify(self, *, root: Optional[PathLike] = None, at_most: float = 600.0) -> Dict[str, Any]:
        """Compute it again from itself alone, in ``at_most`` seconds, and say whether it comes out the same.

        ``found["verdict"]`` is ``verified``, ``quick_look``, ``other_experiment`` (the project around has another one of its name), or ``not_verified``;
        ``found["problems"]`` says what differs. What cannot be computed is an :class:`Error`. Data that it was computed from are
        looked for beside its file, and in the project around.
        """
        with tempfile.TemporaryDirectory(prefix="neurodyn-") as folder:
            path = self._file(folder)
            found: Dict[str, Any] = json.loads(_neurodyn.verify(path, os.getcwd(), root, at_most))
        if found["refused"] is not None:
            raise Error(found["refused"])
        return found

    def cite(self, *, root: Optional[PathLike] = None) -> Dict[str, Any]:
        """How to cite it: ``sentence``, ``bibtex``, ``cff`` (Citation File Format), ``caption`` (LaTeX), and ``remarks`` of what differs here."""
        with tempfile.TemporaryDirectory(prefix="neurodyn-") as folder:
            path = self._file(folder)
            cited: Dict[str, Any] = json.loads(_neurodyn.cite(path, os.getcwd(), root))
        return cited

    def _file(self, folder: str) -> str:
        """A file of this figure, below ``folder`` where it is in memory alone."""
        if self.path is not None and self.path.exists():
            return os.fspath(self.path)
        file = os.path.join(folder, f"{self.name}.{self.format}")
        Path(file).write_bytes(self._data)
        return file


class Run:
    """What came of an experiment."""

    #: Name of the experiment.
    id: str
    #: ``fine``, ``incomplete`` (no golden data to compare with), or ``failed``: then ``problems`` says why.
    outcome: str
    #: What is not as it should be, or remains to be done.
    problems: List[str]
    #: Theory next to Monte Carlo: cells compared, those that disagree, the largest difference in standard errors and the one allowed.
    agreement: Optional[Dict[str, Any]]
    #: The figures.
    figures: List[Figure]
    #: Table, column, meaning and more of each column, a dict each.
    columns: List[Dict[str, str]]

    def __init__(self, found: Dict[str, Any], out: Path, kept: bool) -> None:
        verdict = found["verdict"]
        self.id = verdict["id"]
        self.outcome = verdict["outcome"]
        self.problems = verdict["problems"]
        self.agreement = verdict["agreement"]
        results = out / "results" / self.id
        self._tables: Dict[str, Columns] = {
            file.stem: _neurodyn.table(os.fspath(file)) for file in sorted(results.glob("*.parquet"))
        }
        with open(results / "columns.csv", encoding="utf-8", newline="") as file:
            self.columns = list(csv.DictReader(file))
        self.figures = []
        for figure in found["figures"]:
            path = out / "figures" / f"{figure['name']}.svg"
            tables = {name: self._tables[name] for name in figure["tables"] if name in self._tables}
            self.figures.append(Figure._made(path.read_bytes(), path if kept else None, tables))

    def tables(self, frames: Optional[str] = None) -> Dict[str, Any]:
        """All tables by their names, as those of :meth:`Figure.tables`."""
        return {name: framed(columns, frames) for name, columns in self._tables.items()}

    def __repr__(self) -> str:
        figures = ", ".join(figure.name for figure in self.figures)
        return f"<neurodyn.Run {self.id}: {self.outcome}, figures {figures}>"

    def _repr_html_(self) -> str:
        return "\n".join(figure.svg for figure in self.figures)


def run(
    experiment: Union[PathLike, Mapping[str, Any]],
    *,
    name: Optional[str] = None,
    set: Optional[Mapping[str, Any]] = None,
    out: Optional[PathLike] = None,
    root: Optional[PathLike] = None,
    theme: str = "print",
) -> Run:
    """Compute an experiment, compare theory with Monte Carlo, draw its figures.

    ``experiment`` is a file, the name of an experiment of the project around the current folder (or of ``root``), or a dict with what a file
    would hold; then ``name`` is its name (default: that of its module), and files of data are looked for from the current folder. ``set`` is a quick look with other values, such as
    ``{"parameters.sigma_w": [1.2, 1.8]}``, which cannot be cited. Figures and results are written below the folder ``out``; without one they are
    in memory alone. ``theme`` is ``"print"`` or ``"light"``.

    >>> found = neurodyn.run("experiments/activity_map.toml", set={"parameters.sigma_w": [1.2, 1.8]})
    >>> found
    <neurodyn.Run activity_map: fine, figures activity_map>
    >>> found.agreement["holds"]
    True
    """
    settings = [f"{key}={_toml(value)}" for key, value in (set or {}).items()]
    with tempfile.TemporaryDirectory(prefix="neurodyn-") as folder:
        target = Path(folder, "out") if out is None else Path(out)
        here = os.getcwd()
        if isinstance(experiment, Mapping):
            here = folder
            called = name or experiment.get("experiment")
            if not isinstance(called, str) or not re.fullmatch("[a-z0-9_]+", called):
                raise Error(f"name is {called!r}, but must be lower case letters, digits and _")
            Path(folder, f"{called}.toml").write_text(_neurodyn.toml(json.dumps(experiment, default=plain)), encoding="utf-8")
            file = f"{called}.toml"
        else:
            file = os.fspath(experiment)
        arguments = written(
            set=settings,
            root=None if root is None else os.fspath(root),
            data=os.getcwd() if isinstance(experiment, Mapping) else None,
            formats={"media": ["svg"], "dpi": 300, "theme": theme},
        )
        found, _ = _neurodyn.run(file, here, os.path.abspath(target), arguments)
        (only,) = json.loads(found)
        return Run(only, target, out is not None)


def _toml(value: object) -> str:
    """A value as TOML has it on one line."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    return json.dumps(value, default=plain)


__all__: Sequence[str] = ["Figure", "Run", "run"]
