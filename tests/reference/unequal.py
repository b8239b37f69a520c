"""Makes unequal.json: overlaps E[phi(u) phi(v)] of very unequal variances, to 20 digits.

Needs mpmath. u, v are centred Gaussian with variances q and q_prime and this covariance, all three as 64-bit numbers. Integrates v by the
trapezoid rule in v = a sinh(x), and u given v by that in a standard normal, at 40 digits, with the steps halved until 22 digits agree.
Relu has the closed form of Cho and Saul (2009).
"""

import json
from mpmath import mp, mpf, acos, asinh, cosh, cos, erf, exp, log1p, pi, sin, sinh, sqrt, tanh

mp.dps = 40

VALUE = {
    "tanh": tanh,
    "sigmoid": lambda u: 1 / (1 + exp(-u)),
    "softplus": lambda u: log1p(exp(u)) if u < 60 else u + log1p(exp(-u)),
    "gelu": lambda u: u * (1 + erf(u / sqrt(mpf(2)))) / 2,
    "gaussian": lambda u: exp(-u * u / 2),
}
CASES = [("1e-8", "1e4", c) for c in ("0.3", "-0.9999", "1")] + [
    ("1e-8", "0.3", "0.7"), ("1e-3", "1e4", "-0.6"), ("0.04", "9", "0.9"), ("2", "500", "-0.2"),
]


def normals(h):
    reach = int(14 / h) + 1
    return [(i * h, h * exp(-(i * h) ** 2 / 2) / sqrt(2 * pi)) for i in range(-reach, reach + 1)]


def overlap(name, q, q_prime, k):
    if name == "relu":
        angle = acos(max(min(k / sqrt(q * q_prime), mpf(1)), mpf(-1)))
        return sqrt(q * q_prime) * (sin(angle) + (pi - angle) * cos(angle)) / (2 * pi)
    value = VALUE[name]
    slope, rest = k / q_prime, sqrt(max(q - k * k / q_prime, mpf(0)))
    sd = sqrt(q_prime)
    a = min(mpf(1), sd)

    def rule(h, step):
        inner = normals(step) if rest > 0 else [(mpf(0), mpf(1))]
        total, reach = mpf(0), int(asinh(14 * sd / a) / h) + 1
        for i in range(-reach, reach + 1):
            x = i * h
            v = a * sinh(x)
            weight = h * a * cosh(x) / sd * exp(-(v / sd) ** 2 / 2) / sqrt(2 * pi)
            total += weight * value(v) * sum(w * value(slope * v + rest * y) for y, w in inner)
        return total

    h, step, old = mpf(1) / 8, min(mpf(1) / 2, mpf(1) / 4 / max(rest, mpf(1) / 2)), None
    while True:
        new = rule(h, step)
        if old is not None and abs(new - old) <= mpf(10) ** -22 * abs(new):
            return new
        h, step, old = h / 2, step * mpf(3) / 4, new


entries = []
for name in ["tanh", "sigmoid", "softplus", "gelu", "gaussian", "relu"]:
    for q, q_prime, c in CASES:
        k = float(c) * (float(q) * float(q_prime)) ** 0.5
        value = overlap(name, mpf(float(q)), mpf(float(q_prime)), mpf(k))
        entries.append({"activation": name, "q": q, "q_prime": q_prime, "covariance": repr(k), "value": mp.nstr(value, 20)})
        print(entries[-1], flush=True)
with open("unequal.json", "w") as file:
    json.dump({"made_by": "unequal.py", "entries": entries}, file, indent=1)
    file.write("\n")
