"""Writes elementary.json: reference values of the elementary functions, with mpmath at 60 digits.

Usage: python3 elementary.py [points per region] [file]. Arguments are doubles (shortest decimal that reads back exactly),
values are the exact function of that double, rounded to 25 significant digits.
"""
import json, math, random, sys
import mpmath as mp

mp.mp.dps = 60
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 40
FILE = sys.argv[2] if len(sys.argv) > 2 else "elementary.json"
random.seed(20)


def uniform(a, b):
    return [random.uniform(a, b) for _ in range(COUNT)]


def signed_log(low, high):
    return [random.choice((-1, 1)) * 10 ** random.uniform(low, high) for _ in range(COUNT)]


def near(points):
    """Doubles next to the given ones."""
    return [y for p in points for y in (math.nextafter(p, -math.inf), p, math.nextafter(p, math.inf))]


def erfc_half(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def reduced(f):
    return lambda u: f(2 * mp.pi * (u - mp.nint(u)))


half_pi = float(mp.pi / 2)
sines = (uniform(-1, 1) + uniform(-10, 10) + uniform(-1e3, 1e3) + uniform(-1e5, 1e5) + uniform(-1e6, 1e6) + signed_log(-300, -1)
         + near([k * half_pi for k in (1, 2, 3, 4, 11, 355, 20000, 52174, 63661, 63662, 600000)])
         + near([(k + 0.5) * half_pi for k in (0, 1, 2, 7, 1001, 63660)]) + [1e9, 1e22, 1e300, 1.7e308])
turns = uniform(0, 1) + uniform(0, 1) + signed_log(-300, -2) + near([k / 8 for k in range(1, 8)]) + [1 - 2.0 ** -k for k in range(2, 54)]
FUNCTIONS = {
    "exp": (mp.exp, uniform(-1, 1) + uniform(-20, 20) + uniform(-708, 709.7) + uniform(-745, -708) + signed_log(-300, -1)
            + near([k * math.log(2) / 2 for k in (-3, -1, 1, 3, 5)] + [709.782712893384, -708.3964185322641, -744.44])),
    "expm1": (mp.expm1, uniform(-0.7, 0.7) + uniform(0.3, 0.6) + uniform(-3, 3) + uniform(-45, 60) + uniform(0, 709.7) + signed_log(-300, -1)
              + near([math.log(2) / 2, -math.log(2) / 2, 709.782712893384])),
    "ln": (mp.log, uniform(0, 3) + uniform(0.7, 1.5) + uniform(0.999, 1.001) + [10 ** v for v in uniform(-307, 308)] + [10 ** v for v in uniform(-323, -308)]
           + near([2 ** 0.5, 0.5 ** 0.5]) + [math.nextafter(1, 0), math.nextafter(1, 2), 5e-324, 1.7e308]),
    "sin": (mp.sin, sines),
    "cos": (mp.cos, sines),
    "sin_two_pi": (reduced(mp.sin), [u for u in turns if u != 0.5]),
    "cos_two_pi": (reduced(mp.cos), [u for u in turns if u not in (0.25, 0.75)]),
    "tanh": (mp.tanh, uniform(-1, 1) + uniform(0.5, 0.6) + uniform(-3, 3) + uniform(-22, 22) + signed_log(-300, -1) + near([0.55, 1.0, 19.0])),
    "erf": (mp.erf, uniform(-1, 1) + uniform(0.9, 1.2) + uniform(-3, 3) + uniform(-6, 6) + signed_log(-300, -1) + near([1.0, 5.9])),
    "normal_cdf": (erfc_half, uniform(-1, 1) + uniform(-6, 6) + uniform(-12, -0.5) + uniform(-37, 0) + uniform(-38.4, -37.5) + signed_log(-300, -1) + near([0.5, -0.5, -37.5])),
    "normal_pdf": (mp.npdf, uniform(-1, 1) + uniform(-6, 6) + uniform(-37, 37) + uniform(-38.5, -37.6) + signed_log(-300, -1)),
    "ln_1p_exp": (lambda x: mp.log1p(mp.exp(x)), uniform(-1, 1) + uniform(-6, 6) + uniform(-45, 40) + uniform(-745, 709) + signed_log(-300, -1)),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), uniform(-1, 1) + uniform(-6, 6) + uniform(-45, 40) + uniform(-745, 40) + signed_log(-300, -1)),
    "asin": (mp.asin, uniform(-1, 1) + uniform(-0.5, 0.5) + uniform(0.4, 0.6) + uniform(0.99, 1) + signed_log(-300, -1)
             + [1 - 10 ** v for v in uniform(-15, -1)] + near([0.5, -0.5]) + [1.0, -1.0, math.nextafter(1, 0)]),
}

# where errors are largest; drawn last, lest they move the others
FUNCTIONS["tanh"][1].extend(uniform(18, 19.1) + uniform(17.8, 18.5) + uniform(0.5, 2))
FUNCTIONS["normal_cdf"][1].extend(uniform(-4, -0.5) + uniform(-3, -1.5))


def work(f, x):
    with mp.workdps(60 + max(0, int(mp.log10(abs(mp.mpf(x)) + 1)))):
        return mp.nstr(f(mp.mpf(x)), 25, strip_zeros=False, min_fixed=0, max_fixed=0)


table = {name: [[repr(x), work(f, x)] for x in sorted(set(points)) if x != 0] for name, (f, points) in FUNCTIONS.items()}
note = "Exact values at these doubles to 25 digits: mpmath 1.x with 60 digits, by elementary.py beside this file (seed 20)."
with open(FILE, "w") as out:
    out.write('{\n"note": ' + json.dumps(note) + ',\n"values": {\n')
    out.write(",\n".join('"%s": [\n%s\n]' % (name, ",\n".join(json.dumps(row) for row in rows)) for name, rows in table.items()))
    out.write("\n}\n}\n")
