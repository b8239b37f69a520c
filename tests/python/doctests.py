"""The examples in the documentation of the module, in a folder with `experiments`."""
import doctest, sys

import neurodyn
import numpy
from neurodyn import _calls, _figures

tried = 0
for module in (neurodyn, _calls, _figures):
    done = doctest.testmod(module, extraglobs={"neurodyn": neurodyn, "np": numpy}, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    tried += done.attempted
    if done.failed:
        sys.exit(1)
if tried < 15:
    sys.exit(f"only {tried} examples are found")
print(f"{tried} examples in documentation")
