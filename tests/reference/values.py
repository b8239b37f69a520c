"""Computes every value of values.json again from its inputs, and writes the file anew where one differs beyond its accuracy.

Usage: python3 values.py [kind ...]; `kind` is the beginning of an id, such as K(D). Needs mpmath; some minutes for all. The file lists its own cases:
what is computed is said by `how`, how well by `accuracy`. Expectations are closed forms (erf, sin, relu) or the trapezoid rule in u = a sinh(x), those of
two equal tanh units by that in half their sum and their difference. What begins with sing/ is computed in perceptrons.py.
"""

import json, re, sys
from pathlib import Path
from mpmath import acos, asin, asinh, cos, cosh, erf, exp, fabs, findroot, log, mp, mpf, ncdf, npdf, nstr, pi, sin, sinh, sqrt, tanh
from perceptrons import singular

mp.dps = 40
FILE = Path(__file__).with_name("values.json")
H = mpf(1) / 20


def sech2(u):
    return 1 / cosh(u) ** 2


def erf_scaled(scale):
    slope = lambda u: 2 * scale / sqrt(pi) * exp(-(scale * u) ** 2)
    return lambda u: erf(scale * u), slope, lambda u: -2 * scale**2 * u * slope(u)


# value, first and second derivative
PHI = {
    "tanh": (tanh, sech2, lambda u: -2 * tanh(u) * sech2(u)),
    "erf_sqrt2": erf_scaled(1 / sqrt(mpf(2))),
    "erf_sqrtpi2": erf_scaled(sqrt(pi) / 2),
    "gauss_cdf": (ncdf, npdf, lambda u: -u * npdf(u)),
    "sin": (sin, cos, lambda u: -sin(u)),
    "gaussian": (lambda u: exp(-u * u / 2), lambda u: -u * exp(-u * u / 2), lambda u: (u * u - 1) * exp(-u * u / 2)),
    "relu": (lambda u: max(u, mpf(0)), lambda u: mpf(u > 0), None),
}


def rule(q, h=H):
    """Nodes and weights of expectations over N(0, q)."""
    sd = sqrt(q)
    a = min(mpf(1), sd)
    reach = int(asinh(14 * sd / a) / h) + 1
    nodes = []
    for i in range(-reach, reach + 1):
        u = a * sinh(i * h)
        nodes.append((u, h * a * cosh(i * h) / sd * exp(-(u / sd) ** 2 / 2) / sqrt(2 * pi)))
    return nodes


def mean(f, q):
    return sum(weight * f(u) for u, weight in rule(q))


def m(name, order, q):
    if name == "relu":
        return [q / 2, mpf(1) / 2][order]
    return mean(lambda u: PHI[name][order](u) ** 2, q)


def overlap(name, q, q_prime, k):
    """E[phi(u) phi(v)]."""
    if name == "erf_sqrt2":
        return 2 / pi * asin(k / sqrt((1 + q) * (1 + q_prime)))
    if name == "sin":
        return exp(-(q + q_prime) / 2) * sinh(k)
    if name == "relu":
        angle = acos(min(k / sqrt(q * q_prime), mpf(1)))
        return sqrt(q * q_prime) * (sin(angle) + (pi - angle) * cos(angle)) / (2 * pi)
    slope, rest = k / q, q_prime - k * k / q
    inner = [(tanh(t), weight) for t, weight in rule(rest)]
    total = mpf(0)
    for u, weight in rule(q):
        t = tanh(slope * u)
        total += weight * tanh(u) * sum(w * (t + s) / (1 + t * s) for s, w in inner)
    return total


def halves(q, gap):
    """cosh(u + v) and cosh, sinh of v - u with their weights, of two units of variance q and Var(v - u) = gap; both are even."""
    def half(nodes):
        middle = len(nodes) // 2
        return [nodes[middle]] + [(u, 2 * weight) for u, weight in nodes[middle + 1 :]]

    return [(cosh(2 * u), w) for u, w in half(rule(q - gap / 4, H / 2))], [(cosh(t), sinh(t), w) for t, w in half(rule(gap, H / 2))]


def distance(name, q, gap):
    """E[(phi(v) - phi(u))^2]."""
    if name != "tanh":
        with mp.workdps(mp.dps + 60):
            return 2 * (overlap(name, q, q, q) - overlap(name, q, q, q - gap / 2))
    sums, differences = halves(q, gap)
    return sum(w * (2 * s) ** 2 * sum(x / (c + d) ** 2 for d, x in sums) for c, s, w in differences)


def slopes(name, q, k):
    """E[phi'(u) phi'(v)]."""
    if name == "erf_sqrt2":
        return 2 / pi / sqrt((1 + q) ** 2 - k * k)
    if name == "sin":
        return exp(-q) * cosh(k)
    if name == "relu":
        return (pi - acos(k / q)) / (2 * pi)
    sums, differences = halves(q, 2 * (q - k))
    return sum(w * 4 * sum(x / (c + d) ** 2 for d, x in sums) for c, _, w in differences)


class Ensemble:
    cache = {}

    def __init__(self, inputs):
        self.act, self.sw, self.sb = inputs["act"], mpf(inputs["sw"]), mpf(inputs["sb"])

    def variance(self, activity):
        return self.sw**2 * activity + self.sb**2

    @property
    def q(self):
        key = (self.act, self.sw, self.sb)
        if key not in self.cache:
            self.cache[key] = self.fixed_point()
        return self.cache[key]

    def fixed_point(self):
        if self.act == "relu":
            return self.sb**2 / (1 - self.sw**2 / 2)
        q = mpf(3)
        for _ in range(40):
            q = self.variance(m(self.act, 0, q))
        return findroot(lambda q: self.variance(m(self.act, 0, q)) - q, (q, q * (1 + mpf(10) ** -6)))

    @property
    def activity(self):
        return (self.q - self.sb**2) / self.sw**2

    def chi(self, order):
        return self.sw ** (2 * order) * m(self.act, order, self.q)

    def slope(self):
        value, first, second = PHI[self.act]
        return self.sw**2 * mean(lambda u: first(u) ** 2 + value(u) * second(u), self.q)

    def correlation(self, c):
        q = self.q
        return 1 - self.sw**2 * distance(self.act, q, 2 * q * (1 - c)) / (2 * q) if c != 1 else c

    def fixed_correlation(self):
        key = (self.act, self.sw, self.sb, "c")
        if key not in self.cache:
            c = mpf(1) / 2
            for _ in range(8):
                c = self.correlation(c)
            self.cache[key] = findroot(lambda c: self.correlation(c) - c, (c, c - mpf(1) / 1000))
        return self.cache[key]


def boundary(name, q):
    first = m(name, 1, q) if q else PHI[name][1](mpf(0)) ** 2
    return 1 / sqrt(first), q - m(name, 0, q) / first if q else mpf(0)


def boundary_sb(inputs):
    sb = mpf(inputs["sb"])
    q = findroot(lambda q: boundary(inputs["act"], q)[1] - sb**2, (sb, 2 * sb)) if sb else mpf(0)
    return [boundary(inputs["act"], q)[0], q]


def finite_n(e):
    value, first, second = PHI[e.act]
    q, activity, s = e.q, e.activity, e.slope()
    one = m(e.act, 1, q)
    noise = mean(lambda u: value(u) ** 4, q) - activity**2
    growth = 3 * mean(lambda u: first(u) ** 4, q) / one**2 - 1
    # E[phi'^2] changes by half the mean of u^2 / q^2 - 1 / q, the second derivative taken on the weight
    response = e.sw**2 * mean(lambda u: first(u) ** 2 * (u * u / q - 1) / (2 * q), q) / one
    both = mean(lambda u: (value(u) * first(u)) ** 2, q) / one - activity
    rate = growth + response**2 * noise / (1 - s) ** 2 + 2 * response * both / (1 - s)
    return [noise / (1 - s * s), growth, response, rate]


def jets(e, gram, layers):
    value, first, second = PHI[e.act]
    rows = [[mpf(x) for x in gram]]
    while len(rows) < layers:
        weight = e.sw**2
        q, b, c, d, f, g = [weight * x for x in rows[-1]]
        q += e.sb**2
        # u' = slope u + r, u'' = bend u + s; r, s of these variances and covariance
        slope, bend = b / q, c / q
        rr, rs, ss = d - b * b / q, f - b * c / q, g - c * c / q
        row = [mpf(0)] * 6
        for u, w in rule(q):
            v, p, pp = value(u), first(u), second(u)
            x, y = slope * u, bend * u
            square = x * x + rr
            cube, fourth = x**3 + 3 * x * rr, x**4 + 6 * x * x * rr + 3 * rr * rr
            # E[u' u''], E[u'^2 u''], E[u''^2]
            product, mixed = x * y + rs, x * x * y + rr * y + 2 * x * rs
            found = [v * v, v * p * x, v * (pp * square + p * y), p * p * square, p * (pp * cube + p * product),
                     pp * pp * fourth + 2 * pp * p * mixed + p * p * (y * y + ss)]
            row = [total + w * term for total, term in zip(row, found)]
        rows.append(row)
    return rows


def two_inputs(e, inputs, layers):
    rows = [[mpf(inputs["A1"]), mpf(inputs["A2"]), mpf(inputs["C"])]]
    while len(rows) < layers:
        q, p, k = (e.variance(x) for x in rows[-1])
        rows.append([m(e.act, 0, q), m(e.act, 0, p), overlap(e.act, q, p, k)])
    return [[a, b, c, a + b - 2 * c] for a, b, c in rows]


def dropout(e, keep):
    kept = lambda q: e.sw**2 / keep * overlap(e.act, q, q, q) + e.sb**2
    q = findroot(lambda q: kept(q) - q, (mpf(2), mpf(3)))
    step = lambda c: e.variance(overlap(e.act, q, q, c * q)) / q
    c = mpf(1) / 2
    for _ in range(60):
        c = step(c)
    return [q, findroot(lambda c: step(c) - c, (c, c - mpf(1) / 1000)), step(mpf(1))]


def kernel(e, inputs):
    layers = int(inputs["L"])
    rows = [(mpf(inputs["A0"]), mpf(inputs["C0"]))]
    while len(rows) < layers:
        q, k = map(e.variance, rows[-1])
        rows.append((overlap(e.act, q, q, q), overlap(e.act, q, q, k)))
    totals, back = [mpf(0)] * 2, [mpf(1)] * 2
    for l in range(layers, 0, -1):
        if l < layers:
            q, k = map(e.variance, rows[l - 1])
            back = [e.sw**2 * slopes(e.act, q, x) * y for x, y in zip((q, k), back)]
        totals = [t + x * y for t, x, y in zip(totals, rows[l - 1], back)]
    return totals


def koenigs(e, s):
    with mp.workdps(120):
        q = findroot(lambda q: e.variance(overlap(e.act, q, q, q)) - q, e.q)
        chi = e.sw**2 * slopes(e.act, q, q)
        steps = int(log(s * s * mpf(10) ** 45) / log(chi)) + 1
        found = s * s / chi**steps
        for _ in range(steps):
            found = 2 * (overlap(e.act, q, q, q) - overlap(e.act, q, q, q - e.sw**2 * found / 2))
        return +found


def iterated(f, x, count):
    found = [x]
    for _ in range(count):
        found.append(f(found[-1]))
    return found


def value(entry):
    kind, inputs = entry["id"].split("/")[0], entry["inputs"]
    if kind == "sing":
        return singular(entry["id"].split("/")[1], inputs)
    if re.fullmatch("m[012]", kind):
        return m(inputs["act"], int(kind[1]), mpf(inputs["q"]))
    if kind == "boundary_q":
        q = mpf(inputs["q"])
        sw, square = boundary(inputs["act"], q)
        return [sw, sqrt(square)]
    if kind == "boundary_sb":
        return boundary_sb(inputs)
    e = Ensemble(inputs)
    if kind == "K(D)":
        return distance(e.act, e.q, e.sw**2 * mpf(inputs["D"]))
    if kind == "cstar":
        return e.fixed_correlation()
    if kind == "Dbar":
        return 2 * e.q * (1 - e.fixed_correlation()) / e.sw**2
    if kind == "xi_c":
        chaotic = e.chi(1) > 1
        return -1 / log(e.sw**2 * slopes(e.act, e.q, e.q * e.fixed_correlation()) if chaotic else e.chi(1))
    if kind.startswith("c_iter"):
        return iterated(e.correlation, mpf(inputs["c0"]), int(kind[6:]))
    if kind == "kappa2_seq":
        chi, chi_2 = e.chi(1), e.chi(2) / e.sw**2
        return iterated(lambda x: 3 * chi_2 / chi**2 + x / chi, 1 / e.q, 10)
    if kind == "gamma_seq":
        d, chi, chi_2 = int(inputs["d"]), e.chi(1), e.chi(2)
        return iterated(lambda x: x / chi + d * (d + 2) * chi_2 / chi**2, d / e.activity, len(entry["value"]) - 1)
    if kind == "koenigs":
        return [koenigs(e, mpf(s)) for s in inputs["s"]]
    return {
        "qstar": lambda: e.q,
        "Astar": lambda: e.activity,
        "chi1": lambda: e.chi(1),
        "chi2": lambda: e.chi(2),
        "slopeA": e.slope,
        "xi_q": lambda: -1 / log(fabs(e.slope())),
        "finite_n": lambda: finite_n(e),
        # `G0` is the first row, rounded
        "jet": lambda: jets(e, entry["value"][0], len(entry["value"])),
        "twoinput": lambda: two_inputs(e, inputs, len(entry["value"])),
        "dropout": lambda: dropout(e, mpf(inputs["keep"])),
        "ntk": lambda: kernel(e, inputs),
    }[kind]()


def flat(x):
    return [y for item in x for y in flat(item)] if isinstance(x, list) else [mpf(x)]


def difference(found, stored):
    """Largest difference, relative to the number where that is beyond 1."""
    found, stored = flat(found), flat(stored)
    assert len(found) == len(stored), (len(found), len(stored))
    return max(fabs(x - y) / (fabs(y) if y else 1) for x, y in zip(found, stored))


def text(x):
    return [text(item) for item in x] if isinstance(x, list) else nstr(x, 25)


def main():
    document = json.loads(FILE.read_text())
    wanted = sys.argv[1:]
    worst, changed, count = {}, 0, 0
    for entry in document["entries"]:
        if wanted and not any(entry["id"].startswith(kind) for kind in wanted):
            continue
        kind = "/".join(entry["id"].split("/")[: 2 if entry["id"].startswith("sing") else 1])
        found = value(entry)
        off = difference(found, entry["value"])
        worst[kind], count = max(off, worst.get(kind, mpf(0))), count + 1
        accuracy = entry["accuracy"].split()[0]
        if off > (mpf(10) ** -22 if accuracy == "exact" else max(mpf(accuracy), mpf(10) ** -22)) * 10:
            print(f"{entry['id']}: off by {nstr(off, 3)}")
            entry["value"], changed = text(found), changed + 1
    for kind, off in worst.items():
        print(f"{kind}: within {nstr(off, 3)}")
    if changed:
        FILE.write_text(json.dumps(document, indent=1) + "\n")
    print(f"{count} entries, {changed} written anew")


main()
