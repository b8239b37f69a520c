"""Calls without an experiment: theory, initialisation, samples, kernels, measurements."""

import json
import math
import os
import tempfile
import warnings
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Sequence, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _neurodyn
from ._neurodyn import Error

#: Name, formula in ``u``, or formula with its constants.
Activation = Union[str, Mapping[str, Union[str, float]]]

#: A file.
PathLike = Union[str, "os.PathLike[str]"]


def plain(value: object) -> Any:
    """What JSON has in place of a value of numpy or a mapping."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise Error(f"a {type(value).__name__} is no argument: found {value!r}; allowed are numbers, words, lists and dicts")


def _check(name: str, value: object) -> None:
    """Refuses numbers that JSON cannot hold."""
    if isinstance(value, float) and not math.isfinite(value):
        raise Error(f"{name} is {value}, but must be a finite number")
    if isinstance(value, Mapping):
        for key, one in value.items():
            _check(f"{name}.{key}", one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _check(name, one)


def written(**arguments: object) -> str:
    """Arguments as JSON, without those that are not given."""
    given = {name: value for name, value in arguments.items() if value is not None}
    text = json.dumps(given, default=plain)
    for name, value in json.loads(text).items():
        _check(name, value)
    return text


def theory(
    activation: Activation,
    sigma_w: float,
    sigma_b: float,
    *,
    depth: Optional[int] = None,
    activity: Optional[float] = None,
    activity_prime: Optional[float] = None,
    correlation: Optional[float] = None,
    overlap: Optional[float] = None,
    distance: Optional[float] = None,
    curvature: Optional[float] = None,
    keep: Optional[float] = None,
    koenigs: Optional[Sequence[float]] = None,
    ntk: bool = False,
) -> Dict[str, Any]:
    """Mean-field theory of one ensemble at infinite width: fixed points, phase, ``chi_1``, depth scales (in layers) and more.

    With ``depth`` the signals are followed through as many layers: ``card["layers"]`` has a dict a layer, the input first. The input
    has ``activity`` ``A`` (default: the fixed point), a second one ``activity_prime`` (default: that of the first) and one of
    ``correlation`` ``c = C / sqrt(A A')``, ``overlap`` ``C``, ``distance`` ``D``. ``curvature`` is ``kappa^2`` of the input curve (default:
    that of a great circle, ``1 / A``), ``keep`` the probability of dropout to keep a neuron, ``koenigs`` places of the scaling function,
    ``ntk`` asks for the sums of the tangent kernel of the two inputs.

    Gives the card that ``neurodyn theory --json`` prints: what does not exist is ``None``, and ``card["reasons"]`` says why.

    >>> card = neurodyn.theory("tanh", 1.5, 0.1, depth=2, activity=1.0, correlation=0.5)
    >>> [round(layer["distance"], 4) for layer in card["layers"]]
    [1.0, 0.5931, 0.4959]
    >>> neurodyn.theory({"formula": "tanh(a * u)", "a": 0.5}, 1.5, 0.5)["phase"]
    'ordered'
    >>> neurodyn.theory("tanh", -1, 0.1)
    Traceback (most recent call last):
    neurodyn.Error: sigma_w is -1, but must be a number from 0 to 1e100
    """
    arguments = written(
        activation=activation,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        depth=depth,
        activity=activity,
        activity_prime=activity_prime,
        correlation=correlation,
        overlap=overlap,
        distance=distance,
        curvature=curvature,
        keep=keep,
        koenigs=koenigs,
        ntk=ntk,
    )
    card: Dict[str, Any] = json.loads(_neurodyn.theory(arguments))
    return card


def init(
    activation: Activation,
    *,
    depth: int,
    width: int,
    activity: Optional[float] = None,
    sigma_b: Optional[float] = None,
) -> Dict[str, Any]:
    """How to initialise a network of ``depth`` layers of ``width`` neurons: critical scales, what depth and width do, code to paste.

    ``activity`` is that of the input (default: that of the fixed point, or 1), ``sigma_b`` the bias scale where there is a choice.
    Gives what ``neurodyn init --json`` prints.

    >>> answer = neurodyn.init("relu", depth=50, width=1000)
    >>> round(answer["critical"]["sigma_w"], 6), answer["critical"]["sigma_b"]
    (1.414214, 0.0)
    """
    arguments = written(activation=activation, depth=depth, width=width, activity=activity, sigma_b=sigma_b)
    answer: Dict[str, Any] = json.loads(_neurodyn.init(arguments))
    return answer


class Sample(Mapping[str, "NDArray[np.float64]"]):
    """Sampled networks. ``sample["activity"]`` is an array of shape ``(replicas, depth + 1)``: a row a network, a column a layer, the input
    first. ``mean`` and ``stderr`` have an array of shape ``(depth + 1,)`` for each observable, summed as the program sums: the very bits of
    ``neurodyn sample``. A standard error that is not known is ``nan``.
    """

    mean: Dict[str, "NDArray[np.float64]"]
    stderr: Dict[str, "NDArray[np.float64]"]

    def __init__(
        self,
        networks: Dict[str, "NDArray[np.float64]"],
        mean: Dict[str, "NDArray[np.float64]"],
        stderr: Dict[str, "NDArray[np.float64]"],
    ) -> None:
        self._networks = networks
        self.mean = mean
        self.stderr = stderr

    def __getitem__(self, name: str) -> "NDArray[np.float64]":
        return self._networks[name]

    def __iter__(self) -> Any:
        return iter(self._networks)

    def __len__(self) -> int:
        return len(self._networks)

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name}: {values.shape}" for name, values in self._networks.items())
        return f"<neurodyn.Sample {shapes}>"


def sample(
    activation: Activation,
    sigma_w: float,
    sigma_b: float,
    *,
    width: Union[int, Sequence[int]],
    depth: int,
    activity: float,
    activity_prime: Optional[float] = None,
    correlation: Optional[float] = None,
    observables: Optional[Union[str, Sequence[str]]] = None,
    replicas: Optional[int] = None,
    target_stderr: Optional[float] = None,
    at_most: Optional[int] = None,
    seed: int,
    sampler: str = "exact",
) -> Sample:
    """Sample finite networks of one ensemble (Monte Carlo), each network with random weights of its own.

    ``width`` is the number of neurons of every layer, or a list with one number for each of the ``depth`` layers. The input has
    ``activity`` ``A``, a second one ``activity_prime`` and ``correlation`` ``c``. ``observables`` are any of ``activity``, ``overlap``,
    ``distance``, ``metric`` (``g / g0``), ``curvature`` (``kappa^2``); by default the first, and where there is a correlation the first
    three. There are ``replicas`` networks, or as many as it takes for standard errors of ``target_stderr``, ``at_most`` so many.
    ``sampler`` is ``"exact"``, the exact law without weights, or ``"explicit"``, with weights.

    The same ``seed`` gives the same bits on every machine.

    >>> found = neurodyn.sample("tanh", 2.5, 0.3, width=200, depth=3, activity=0.64, correlation=0.5, replicas=1000, seed=1)
    >>> found["distance"].shape
    (1000, 4)
    >>> bool(abs(found["distance"].mean(axis=0) - found.mean["distance"]).max() < 1e-12)
    True
    """
    if observables is None:
        observables = ["activity"] if correlation is None else ["activity", "overlap", "distance"]
    elif isinstance(observables, str):
        observables = observables.split(",")
    arguments = written(
        activation=activation,
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        width=width,
        depth=depth,
        activity=activity,
        activity_prime=activity_prime,
        correlation=correlation,
        observables=list(observables),
        replicas=replicas,
        target_stderr=target_stderr,
        at_most=at_most,
        seed=seed,
        sampler=sampler,
    )
    networks, mean, stderr, lines = _neurodyn.sample(arguments)
    for line in lines:
        warnings.warn(line, stacklevel=2)
    return Sample(networks, mean, stderr)


class Kernel(NamedTuple):
    """Kernels of ``N`` inputs after some layers."""

    #: ``C_ij`` of the last layer, shape ``(N, N)``, symmetric: the covariance of the network as a Gaussian process.
    overlaps: "NDArray[np.float64]"
    #: Tangent kernel over ``n`` of as many layers of weights, a linear output the last, shape ``(N, N)``; ``None`` where not asked for.
    tangent: Optional["NDArray[np.float64]"]
    #: Every layer in a few numbers, the input first: means of activity, overlap, correlation, distance.
    layers: List[Dict[str, Any]]


def kernel(
    x: ArrayLike,
    activation: Activation,
    sigma_w: float,
    sigma_b: float,
    *,
    depth: int,
    ntk: bool = False,
    centre: str = "none",
    scale: str = "none",
) -> Kernel:
    """Kernels of the rows of ``x`` at infinite width, ``depth`` layers on: overlaps, and with ``ntk`` the tangent kernel.

    ``x`` has shape ``(N, n)``: ``N`` inputs of ``n`` numbers each; further axes are one with the second. ``centre`` says what is subtracted
    beforehand: ``"none"``, the means of ``"columns"`` or ``"rows"``, or that of ``"all"``; ``scale`` what is divided by afterwards: the
    root mean squares of the same.

    >>> x = np.eye(3)
    >>> found = neurodyn.kernel(x, "relu", 2 ** 0.5, 0.0, depth=1, ntk=True)
    >>> found.overlaps.round(4).tolist()
    [[0.3333, 0.1061, 0.1061], [0.1061, 0.3333, 0.1061], [0.1061, 0.1061, 0.3333]]
    >>> found.tangent.shape
    (3, 3)
    """
    array = np.ascontiguousarray(np.asarray(x, dtype=np.float64))
    if array.ndim < 2:
        raise Error(f"x has shape {array.shape}; allowed is a row for each input, such as (100, 784)")
    array = array.reshape(array.shape[0], math.prod(array.shape[1:]))
    arguments = written(
        activation=activation, sigma_w=sigma_w, sigma_b=sigma_b, depth=depth, ntk=ntk, centre=centre, scale=scale
    )
    overlaps, tangent, layers = _neurodyn.kernel(array, arguments)
    return Kernel(overlaps, tangent, json.loads(layers))


def measure(
    network: Union[PathLike, Mapping[str, ArrayLike]],
    data: Union[PathLike, ArrayLike],
    activation: Activation,
    *,
    linear_output: bool = False,
    layers: Optional[Sequence[str]] = None,
    sigma_w: Optional[float] = None,
    sigma_b: Optional[float] = None,
    law: Optional[str] = None,
    inputs: int = 4,
    replicas: int = 4096,
    out: Optional[PathLike] = None,
) -> Dict[str, Any]:
    """Hold a network with weights of your own against the ensemble that it may be drawn from, on data of your own.

    ``network`` is a file of safetensors or NPZ, or a dict of arrays: weights of shape ``(n_out, n_in)`` and biases of shape ``(n_out,)``
    by names such as ``layer0.weight``, ``layer0.bias``. ``data`` is a file or an array of shape ``(N, n_in)``, of which ``inputs`` rows are
    followed. ``layers`` names the layers in their order, ``linear_output`` says that the last has no activation. ``sigma_w``, ``sigma_b`` and
    ``law`` (``"normal"``, ``"uniform"``, ``"truncated_normal"``) are those of the ensemble (default: fitted to each layer), of which
    ``replicas`` networks are drawn. ``out`` is the file of a figure: SVG, PDF or PNG.

    Gives what ``neurodyn measure --json`` prints; ``found["verdict"]["alarmed"]`` says whether this is no network of its ensemble.

    >>> rng = np.random.default_rng(1)
    >>> widths = [50, 80, 80]
    >>> net = {}
    >>> for l, (n, m) in enumerate(zip(widths, widths[1:])):
    ...     net[f"{l}.weight"] = 1.5 * rng.standard_normal((m, n)) / n ** 0.5
    ...     net[f"{l}.bias"] = 0.1 * rng.standard_normal(m)
    >>> found = neurodyn.measure(net, rng.standard_normal((10, 50)), "tanh", sigma_w=1.5, sigma_b=0.1)
    >>> found["verdict"]["alarmed"]
    False
    """
    arguments = written(
        activation=activation,
        linear_output=linear_output,
        layers=None if layers is None else list(layers),
        sigma_w=sigma_w,
        sigma_b=sigma_b,
        law=law,
        inputs=inputs,
        replicas=replicas,
    )
    with tempfile.TemporaryDirectory(prefix="neurodyn-") as folder:
        if isinstance(network, Mapping):
            file = os.path.join(folder, "network.npz")
            # a name of an array may not be one of its own arguments, which types cannot say
            save: Any = np.savez
            save(file, **{name: np.asarray(values) for name, values in network.items()})
            network = file
        if not isinstance(data, (str, os.PathLike)):
            file = os.path.join(folder, "data.npy")
            np.save(file, np.asarray(data))
            data = file
        found: Dict[str, Any] = json.loads(_neurodyn.measure(network, data, out, arguments))
    return found
