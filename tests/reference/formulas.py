"""Makes formulas.csv: Gaussian moments of activations given by formulas, and their derivatives in the variance q, to 20 digits.

Needs mpmath. Usage: python3 formulas.py > formulas.csv. All moments are 45-digit sums over panels of 50 points of Gauss and Legendre between
breaks; derivatives in q are taken on the Gaussian weight, d^m E[f] / dq^m = E[f He_2m(u / sqrt q)] / (2 q)^m, so they know nothing of kinks. Powers have
closed forms. Variances and constants are 64-bit numbers, taken exactly. Columns: formula, q, quantity, value.
"""

from mpmath import cos, exp, expm1, gamma, inf, mp, mpf, nstr, npdf, pi, sech, sin, sqrt, tanh

mp.dps = 45
POINTS = 50
VARIANCES = ["1e-6", "1e-2", "0.5", "7.0", "1e3"]


def rule(n):
    nodes = []
    for i in range(n):
        x = cos(pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            p, before = mpf(1), mpf(0)
            for k in range(1, n + 1):
                p, before = ((2 * k - 1) * x * p - (k - 1) * before) / k, p
            slope = n * (x * p - before) / (x * x - 1)
            x -= p / slope
        nodes.append((x, 2 / ((1 - x * x) * slope**2)))
    return nodes


RULE = rule(POINTS)


def sigmoid(u):
    return 1 / (1 + exp(-u)) if u > 0 else exp(u) / (1 + exp(u))


def silu(u):
    s = sigmoid(u)
    return u * s, s + u * s * (1 - s)


def elu(u):
    return (u, mpf(1)) if u > 0 else (expm1(u), exp(u))


def selu(u):
    scale, alpha = mpf(1.0507009873554805), mpf(1.6732632423543772)
    return (scale * u, scale) if u > 0 else (scale * alpha * expm1(u), scale * alpha * exp(u))


def hard_tanh(u):
    return (u, mpf(1)) if abs(u) < 1 else (mpf(1 if u > 0 else -1), mpf(0))


def relu6(u):
    return (u, mpf(1)) if 0 < u < 6 else (mpf(6 if u > 0 else 0), mpf(0))


def shifted(u):
    return (u - mpf(0.7), mpf(1)) if u > mpf(0.7) else (mpf(0), mpf(0))


def relu_squared(u):
    return (u * u, 2 * u) if u > 0 else (mpf(0), mpf(0))


def wave(u):
    return u + sin(3 * u) / 2, 1 + 3 * cos(3 * u) / 2


def steep(u):
    return tanh(20 * u), 20 * sech(20 * u) ** 2


def step(u):
    return mpf(1 if u > mpf(0.3) else -1), None


def softsign(u):
    return u / (1 + abs(u)), 1 / (1 + abs(u)) ** 2


# breaks, width of the first panels around 0, whether panels may grow outwards
FORMULAS = {
    "silu": (silu, [], 1, True),
    "elu": (elu, [], 1, True),
    "selu": (selu, [], 1, True),
    "hard_tanh": (hard_tanh, [-1, 1], 1, True),
    "relu6": (relu6, [6], 1, True),
    "max(u - 0.7, 0)": (shifted, [mpf(0.7)], 1, True),
    "relu_squared": (relu_squared, [], 1, True),
    "u + sin(3 * u) / 2": (wave, [], 1, False),
    "tanh(20 * u)": (steep, [], mpf(1) / 20, True),
    "sign(u - 0.3)": (step, [mpf(0.3)], 1, True),
    "softsign": (softsign, [], mpf(1) / 4, True),
}
POWERS = {"abs(u)^1.5": mpf(1.5), "sqrt(abs(u))": mpf(0.5)}
SMOOTH_SLOPE = ("silu", "elu", "selu", "hard_tanh", "relu6", "max(u - 0.7, 0)", "relu_squared", "u + sin(3 * u) / 2", "tanh(20 * u)", "softsign")


def hermite(z):
    return 1, z * z - 1, z**4 - 6 * z * z + 3


def nodes(breaks, width, grows, sd):
    end = 16 * sd
    unit = min(width, sd / 2)
    places, x = [mpf(0)], mpf(0)
    while x < end:
        x += max(unit, min(x / 3, 1 if not grows else inf, sd / 2)) if x > 0 else unit
        places.append(min(x, end))
    places = sorted(set(places + [-p for p in places] + [mpf(b) for b in breaks if abs(b) < end]))
    for low, high in zip(places, places[1:]):
        half = (high - low) / 2
        for x, w in RULE:
            u = (low + high) / 2 + half * x
            yield u, half * w * npdf(u / sd) / sd


def moments(name, q):
    f, breaks, width, grows = FORMULAS[name]
    sd = sqrt(q)
    table = []
    for u, w in nodes(breaks, width, grows, sd):
        value, slope = f(u)
        table.append((u, w, value, slope))

    def mean(g):
        terms = [w * g(u, v, s) for u, w, v, s in table]
        total = sum(terms)
        # what is 0 but for the rounding of 45 digits
        return total if abs(total) > mpf(10) ** -28 * sum(abs(term) for term in terms) else mpf(0)

    result = {}
    for k, label in enumerate(["square", "square_slope", "square_curvature"]):
        result[label] = mean(lambda u, v, s: v * v * hermite(u / sd)[k]) / (2 * q) ** k
    result["square_variance"] = mean(lambda u, v, s: (v * v - result["square"]) ** 2)
    if name in SMOOTH_SLOPE:
        for k, label in enumerate(["slope", "slope_slope", "slope_curvature"]):
            result[label] = mean(lambda u, v, s: s * s * hermite(u / sd)[k]) / (2 * q) ** k
        result["fourth"] = mean(lambda u, v, s: s**4)
        result["both"] = mean(lambda u, v, s: s * s * v * v)
    return result


def power_moment(a, q):
    """E|u|^a."""
    return (2 * q) ** (a / 2) * gamma((a + 1) / 2) / sqrt(pi)


def power_moments(s, q):
    a = 2 * s
    square = power_moment(a, q)
    result = {"square": square, "square_slope": a / 2 * square / q, "square_curvature": a / 2 * (a / 2 - 1) * square / q**2}
    result["square_variance"] = power_moment(2 * a, q) - square**2
    if s > 1:
        slope, b = s * s * power_moment(a - 2, q), a - 2
        result |= {"slope": slope, "slope_slope": b / 2 * slope / q, "slope_curvature": b / 2 * (b / 2 - 1) * slope / q**2}
        result["fourth"] = s**4 * power_moment(2 * a - 4, q)
        result["both"] = s * s * power_moment(2 * a - 2, q)
    return result


print("formula,q,quantity,value")
for name in [*FORMULAS, *POWERS]:
    for text in VARIANCES:
        q = mpf(float(text))
        found = moments(name, q) if name in FORMULAS else power_moments(POWERS[name], q)
        for quantity, value in found.items():
            print(f"{name},{text},{quantity},{nstr(value, 20)}", flush=True)
