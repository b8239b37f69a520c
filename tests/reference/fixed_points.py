"""Makes fixed_points.json: every fixed point of the variance map of some ensembles, to 20 digits.

Needs mpmath. gelu from its closed Gaussian integrals; softplus, tanh, sin and erf from theirs or by the trapezoid rule in u = a sinh(x) at
40 digits. Roots of V(q) / q - 1 by signs on 6000 points of ln q from 1e-12 to 1e12, then bisection; `saddle` solves V(q) = q, V'(q) = 1.
"""

import json
from mpmath import asin, asinh, cosh, diff, erf, exp, expm1, findroot, log, log1p, mp, mpf, nstr, pi, sinh, sqrt, tanh

mp.dps = 40


def trapezoid(f, q):
    sd = sqrt(q)
    a = min(mpf(1), sd)
    h = mpf(1) / 20
    reach = int(asinh(14 * sd / a) / h) + 1
    total = mpf(0)
    for i in range(-reach, reach + 1):
        u = a * sinh(i * h)
        total += h * a * cosh(i * h) / sd * exp(-(u / sd) ** 2 / 2) / sqrt(2 * pi) * f(u)
    return total


def softplus(u):
    return log1p(exp(u)) if u < 60 else u + log1p(exp(-u))


MOMENT = {
    "gelu": lambda q: q / 4 + q * asin(q / (1 + q)) / (2 * pi) + q * q / (pi * (1 + q) * sqrt(1 + 2 * q)),
    "sin": lambda q: -expm1(-2 * q) / 2,
    "erf_sqrt2": lambda q: 2 / pi * asin(q / (1 + q)),
    "tanh": lambda q: trapezoid(lambda u: tanh(u) ** 2, q),
    "softplus": lambda q: trapezoid(lambda u: softplus(u) ** 2, q),
}


def growth(name, q):
    """E[phi'^2], by the trapezoid rule from derivatives."""
    pdf = lambda u: exp(-u * u / 2) / sqrt(2 * pi)
    slope = {
        "gelu": lambda u: (1 + erf(u / sqrt(2))) / 2 + u * pdf(u),
        "softplus": lambda u: 1 / (1 + exp(-u)),
        "tanh": lambda u: 1 / cosh(u) ** 2,
        "sin": mp.cos,
        "erf_sqrt2": lambda u: 2 * pdf(u),
    }[name]
    return trapezoid(lambda u: slope(u) ** 2, q)


def roots(name, sw, sb, low, high, points):
    m = MOMENT[name]
    excess = lambda t: (sw**2 * m(exp(t)) + sb**2) / exp(t) - 1
    grid = [log(low) + (log(high) - log(low)) * i / points for i in range(points + 1)]
    values = [excess(t) for t in grid]
    found = []
    for i in range(points):
        if (values[i] > 0) != (values[i + 1] > 0):
            found.append(exp(findroot(excess, (grid[i], grid[i + 1]), solver="anderson", tol=mpf(10) ** -60)))
    return found


entries = []
for name, sw, sb, low, high, points in [
    ("gelu", "1.40902", "0.41", "1e-3", "1e12", 6000),
    ("gelu", "1.409027", "0.41", "1e-3", "1e12", 6000),
    ("gelu", "1.4", "0.41", "1e-3", "1e12", 6000),
    ("gelu", "1.414", "0.1", "1e-3", "1e12", 6000),
    ("gelu", "1.414213", "0.05", "1e-3", "1e12", 6000),
    ("gelu", "1.6", "0.3", "1e-3", "1e12", 6000),
    ("softplus", "1.3", "0.2", "1e-3", "1e8", 100),
    ("softplus", "1.4142", "0", "1e-3", "1e8", 100),
    ("tanh", "1.000000005", "0", "1e-10", "1", 40),
    ("tanh", "1.0001", "0", "1e-10", "1", 40),
    ("tanh", "1", "1e-8", "1e-12", "1", 40),
    ("sin", "1.000000005", "0", "1e-10", "1", 40),
    ("erf_sqrt2", "1.2533145", "0", "1e-10", "1", 40),
]:
    found = roots(name, mpf(sw), mpf(sb), mpf(low), mpf(high), points)
    values = [{"q": nstr(q, 20), "chi_1": nstr(mpf(sw) ** 2 * growth(name, q), 20)} for q in found]
    entries.append({"activation": name, "sigma_w": sw, "sigma_b": sb, "above_0": values})

saddles = []
for sb, start in [("0.41", "5.5"), ("0.3", "20"), ("0.1", "1500")]:
    m = MOMENT["gelu"]
    q = findroot(lambda q: q - m(q) / diff(m, q) - mpf(sb) ** 2, mpf(start))
    sw = 1 / sqrt(diff(m, q))
    below = roots("gelu", sw, mpf(sb), mpf("1e-3"), q * mpf("0.9"), 3000)[-1]
    saddles.append({"sigma_b": sb, "sigma_w": nstr(sw, 16), "q_above": nstr(q, 16), "q_below": nstr(below, 16)})

with open("fixed_points.json", "w") as file:
    json.dump({"made_by": "fixed_points.py", "entries": entries, "gelu_saddle_nodes": saddles}, file, indent=1)
    file.write("\n")
