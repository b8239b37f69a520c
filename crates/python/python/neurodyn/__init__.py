"""Statistical neurodynamics of random deep networks: theory next to Monte Carlo, as reproducible figures.

The module holds the whole program: what it computes is what ``neurodyn`` on the command line computes, to the last bit, with
no process of its own a call. A layer of ``n`` neurons is ``u = W x + b``, ``x = phi(u)`` with weights ``W ~ N(0, sigma_w^2 / n)`` and
biases ``b ~ N(0, sigma_b^2)``; all quantities are dimensionless, and per neuron: activity ``A = x.x / n``, overlap ``C = x.x' / n``,
distance ``D = |x - x'|^2 / n``.

>>> card = neurodyn.theory("tanh", sigma_w=2.5, sigma_b=0.3)
>>> card["phase"], card["chi_1"]
('chaotic', 1.5852247650060332)

An activation is a name (``"tanh"``, ``"gelu"``), a formula in ``u`` (``"u * sigmoid(1.702 * u)"``), or a formula with constants
(``{"formula": "u * sigmoid(beta * u)", "beta": 1.702}``). What cannot be computed raises :class:`Error`, with the words of the program.
Long work lets other threads of Python run, and Ctrl-C stops it. It takes all processors, or as many as the variable ``RAYON_NUM_THREADS``
says; results do not depend on it.
"""

from . import _neurodyn
from ._calls import Activation, Kernel, Sample, init, kernel, measure, sample, theory
from ._figures import Figure, Run, run
from ._neurodyn import Error, __version__

__all__ = [
    "Activation",
    "Error",
    "Figure",
    "Kernel",
    "Run",
    "Sample",
    "__version__",
    "init",
    "kernel",
    "measure",
    "run",
    "sample",
    "theory",
]
