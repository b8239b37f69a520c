"""Makes pieces.csv: Gaussian integrals of piecewise smooth functions, to 20 digits.

Needs mpmath. Usage: python3 pieces.py > pieces.csv. Variances, gaps and breaks are 64-bit numbers, taken exactly. Moments of one variable by quadrature between
breaks, of powers by their closed forms. For a pair v is integrated in closed form given u (piecewise linear functions, elu), u by quadrature split around
the breaks at the scale of the blur; the bump and the powers have closed forms. Columns: function, q, difference, gap, quantity, value; `square`, `slope`: E[phi^2], E[phi'^2];
`product`: E[(phi(u) + c) (phi(v) + c)] with c = 1 for step, hard_tanh and elu, else 0; `apart`: E[(phi(v) - phi(u))^2].
"""

from mpmath import erfc, exp, gamma, hyp2f1, inf, log, mp, mpf, npdf, nstr, pi, quad, sqrt

mp.dps = 50

# breaks, and slope and intercept of each piece
LINEAR = {
    "step": ([0.3], [(0, -1), (0, 1)]),
    "relu_at_0.7": ([0.7], [(0, 0), (1, -mpf(0.7))]),
    "hard_tanh": ([-1.0, 1.0], [(0, -1), (1, 0), (0, 1)]),
    "relu6": ([0.0, 6.0], [(0, 0), (1, 0), (0, 6)]),
}
POWERS = {"root": mpf(1) / 2, "power_1.5": mpf(3) / 2}
SHIFT = {"step": 1, "hard_tanh": 1, "elu": 1}


def pieces(name):
    """Ends of pieces, and each as a sum of coefficient * v^power * exp(rate v)."""
    if name == "elu":
        return [-inf, mpf(0), inf], [[(mpf(1), 0, 1), (mpf(-1), 0, 0)], [(mpf(1), 1, 0)]]
    breaks, lines = LINEAR[name]
    return [-inf] + [mpf(b) for b in breaks] + [inf], [[(mpf(a), 1, 0), (mpf(c), 0, 0)] for a, c in lines]


def value(terms, v):
    return sum(c * v**p * exp(r * v) for c, p, r in terms)


def at(name, v):
    ends, terms = pieces(name)
    k = sum(1 for e in ends[1:-1] if v > e)
    return value(terms[k], v)


def tail(y):
    return erfc(y / sqrt(mpf(2))) / 2


def partial(low, high, mean, tau, power, rate):
    """E[v^power exp(rate v); low < v < high], v ~ N(mean, tau^2), power up to 2."""
    shifted = mean + rate * tau**2
    a, b = (low - shifted) / tau, (high - shifted) / tau
    # the smaller tails
    mass = tail(a) - tail(b) if a > 0 else tail(-b) - tail(-a)
    da = npdf(a) if abs(a) != inf else mpf(0)
    db = npdf(b) if abs(b) != inf else mpf(0)
    first = da - db
    second = mass + (a * da if da else 0) - (b * db if db else 0)
    z = [mass, shifted * mass + tau * first, shifted**2 * mass + 2 * shifted * tau * first + tau**2 * second][power]
    return exp(rate * mean + rate**2 * tau**2 / 2) * z


def given(name, mean, tau):
    """E[phi(v)], E[phi(v)^2], v ~ N(mean, tau^2)."""
    if tau == 0:
        f = at(name, mean)
        return f, f * f
    ends, all_terms = pieces(name)
    one = two = mpf(0)
    for low, high, terms in zip(ends, ends[1:], all_terms):
        for c, p, r in terms:
            one += c * partial(low, high, mean, tau, p, r) if c else 0
            for d, s, t in terms:
                two += c * d * partial(low, high, mean, tau, p + s, r + t) if c * d else 0
    return one, two


def pair(name, q, difference, gap):
    q, difference, gap = mpf(q), mpf(difference), mpf(gap)
    mp.dps = 50 + max(0, int(-2 * log(gap, 10)))
    sd, slope = sqrt(q), (difference - gap) / 2 / q
    tau = sqrt(max(mpf(0), gap - slope**2 * q))
    tau = tau if tau > mpf(10) ** -(mp.dps // 2) * sd else mpf(0)
    places = {k * sd for k in range(-15, 16)}
    for b in pieces(name)[0][1:-1]:
        places.add(b)
        if 1 + slope != 0:
            image, scale = b / (1 + slope), tau / abs(1 + slope)
            places |= {image + k * scale for k in (-24, -16, -11, -8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8, 11, 16, 24)}
    places = sorted(x for x in places if abs(x) <= 15 * sd)
    c = SHIFT.get(name, 0)

    def both(u):
        f = at(name, u)
        one, two = given(name, u + slope * u, tau)
        weight = npdf(u / sd) / sd
        return weight * (f + c) * (one + c), weight * (two - 2 * f * one + f * f)

    def integral(k):
        return quad(lambda u: both(u)[k], places, method="gauss-legendre", maxdegree=6)

    result = integral(0), integral(1)
    mp.dps = 50
    return +result[0], +result[1]


def bump_pair(q, difference, gap):
    """exp(-(u - 3)^2 / 0.02): E[exp(-((u-3)^2 + (v-3)^2) / 2 s^2)] and E[phi(u)^2] are Gaussian integrals."""
    mp.dps = 120
    q, d, g = mpf(q), mpf(difference), mpf(gap)
    r, c = q + d, q + (d - g) / 2
    s = mpf(0.02) / 2

    def square(x):
        return sqrt(s / 2 / (x + s / 2)) * exp(-mpf(9) / 2 / (x + s / 2))

    a, b = q + s, r + s
    determinant = a * b - c * c
    product = s / sqrt(determinant) * exp(-mpf(9) / 2 * (a + b - 2 * c) / determinant)
    result = product, square(q) + square(r) - 2 * product
    mp.dps = 50
    return +result[0], +result[1]


def power_pair(p, q, difference, gap):
    mp.dps = 90
    q, r = mpf(q), mpf(q) + mpf(difference)
    rho2 = min(mpf(1), (q + (mpf(difference) - mpf(gap)) / 2) ** 2 / (q * r))
    front = 2**p / pi * gamma((p + 1) / 2) ** 2
    product = front * (q * r) ** (p / 2) * hyp2f1(-p / 2, -p / 2, mpf(1) / 2, rho2)
    square = 2**p * gamma(p + mpf(1) / 2) / sqrt(pi) * (q**p + r**p)
    result = product, square - 2 * product
    mp.dps = 50
    return +result[0], +result[1]


def single(name, q):
    q = mpf(q)
    sd = sqrt(q)
    if name in POWERS:
        p = POWERS[name]
        moment = lambda s: (2 * q) ** (s / 2) * gamma((s + 1) / 2) / sqrt(pi)
        return moment(2 * p), (p * p * moment(2 * p - 2) if p > 1 else None)
    if name == "bump":
        s = mpf(0.02) / 2
        f = lambda u: exp(-((u - 3) ** 2) / s)
        d = lambda u: ((u - 3) / s) ** 2 * f(u)
        marks = [3 + mpf(k) / 10 for k in range(-9, 10)]
    elif name == "sigmoid":
        f = lambda u: 1 / (1 + exp(-30 * (u - 2))) ** 2
        d = lambda u: (30 * exp(-30 * (u - 2)) / (1 + exp(-30 * (u - 2))) ** 2) ** 2
        marks = [2 + mpf(k) / 15 for k in range(-40, 41)]
    else:
        f = lambda u: at(name, u) ** 2
        slope = {
            "step": lambda u: mpf(0),
            "relu_at_0.7": lambda u: mpf(u > mpf(0.7)),
            "hard_tanh": lambda u: mpf(abs(u) < 1),
            "relu6": lambda u: mpf(0 < u < 6),
            "elu": lambda u: 1 if u > 0 else exp(2 * u),
        }[name]
        d = slope
        marks = pieces(name)[0][1:-1]
    places = sorted({x for x in marks if abs(x) < 16 * sd} | {k * sd for k in range(-16, 17)})
    of = lambda g: quad(lambda u: npdf(u / sd) / sd * g(u), places, method="gauss-legendre", maxdegree=7)
    return of(f), of(d)


def laws():
    for gap in (1.0, 1e-2, 1e-6, 1e-12, 1e-24, 2.0, 3.5, 4.0 - 1e-10, 4.0):
        yield 1.0, 0.0, gap
    yield 1e-6, 0.0, 5e-7
    yield 1e3, 0.0, 500.0
    yield 1e3, 0.0, 1e-7
    yield 1.0, 1e6 - 1, 1e6 + 1 - 1000.0
    yield 1.0, 1e6 - 1, 1e6 + 1 - 2000.0 * 0.999999
    yield 1e3, 1e-3 - 1e3, 1e3 + 1e-3 - 1.0
    yield 1.0, 0.5, 0.25


def line(name, q, difference, gap, quantity, x):
    if x is not None and x > mpf(10) ** -200:
        print(",".join([name, repr(q), repr(difference), repr(gap), quantity, nstr(x, 20)]), flush=True)


print("function,q,difference,gap,quantity,value")
for name in [*LINEAR, "elu", "bump", "sigmoid", *POWERS]:
    for q in (1e-6, 1e-2, 1.0, 10.0, 1e3):
        square, slope = single(name, q)
        line(name, q, 0.0, 0.0, "square", square)
        line(name, q, 0.0, 0.0, "slope", slope)
for law in laws():
    for name in [*LINEAR, "elu"]:
        product, apart = pair(name, *law)
        line(name, *law, "product", product)
        line(name, *law, "apart", apart)
    for name, of in [("bump", bump_pair), *((n, lambda *law, p=p: power_pair(p, *law)) for n, p in POWERS.items())]:
        product, apart = of(*law)
        line(name, *law, "product", product)
        line(name, *law, "apart", apart)
