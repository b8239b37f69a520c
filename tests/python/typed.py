"""Code of a user, with every function of the module, as a type checker sees it."""

from typing import Any, Dict, List, Optional

import neurodyn
import numpy as np
from numpy.typing import NDArray

card: Dict[str, Any] = neurodyn.theory("tanh", 1.5, 0.1, depth=3, koenigs=[0.5, 1.0])
formula: neurodyn.Activation = {"formula": "u * sigmoid(beta * u)", "beta": 1.702}
advice: Dict[str, Any] = neurodyn.init(formula, depth=50, width=1000)
found: neurodyn.Sample = neurodyn.sample(formula, 1.5, 0.1, width=[10, 20], depth=2, activity=1.0, replicas=9, seed=1)
activities: NDArray[np.float64] = found["activity"]
kernel: neurodyn.Kernel = neurodyn.kernel([[1.0, 2.0]], "relu", 1.4, 0.0, depth=2, ntk=True)
tangent: Optional[NDArray[np.float64]] = kernel.tangent
measured: Dict[str, Any] = neurodyn.measure("net.npz", np.ones((3, 4)), "tanh", layers=["0", "1"])
figures: List[neurodyn.Figure] = neurodyn.run("x.toml", set={"seed": 3}).figures
verdict: Dict[str, Any] = figures[0].verify()
try:
    neurodyn.theory("tahn", 1.5, 0.1)
except neurodyn.Error as error:
    text: str = str(error)
