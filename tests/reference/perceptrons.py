"""Perceptrons with phi = erf(u / sqrt 2) and normal inputs, for values.py: all expectations are closed forms of inner products, flows are integrated by
extrapolated midpoint steps.
"""

from mpmath import asin, diff, eigsy, fabs, findroot, log, lu_solve, matrix, mp, mpf, pi, sqrt


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def product(a, b):
    """E[phi(a x) phi(b x)] for normal x, with its derivative by b."""
    aa, bb, k = 1 + dot(a, a), 1 + dot(b, b), dot(a, b)
    root = sqrt(aa * bb - k * k)
    return 2 / pi * asin(k / sqrt(aa * bb)), [2 / pi / root * (x - k / bb * y) for x, y in zip(a, b)]


def units(inputs):
    return [(mpf(w), [mpf(x) for x in row]) for w, row in inputs["teacher"]]


def split(theta, n):
    return [(theta[0], theta[2 : 2 + n]), (theta[1], theta[2 + n :])]


def residual(student, teacher):
    """Units of the student and, with opposite signs, those of the teacher."""
    return student + [(-w, row) for w, row in teacher]


def loss(student, teacher):
    every = residual(student, teacher)
    return sum(w * x * product(a, b)[0] for w, a in every for x, b in every) / 2


def gradient(student, teacher):
    every = residual(student, teacher)
    outputs, rows = [], []
    for w, row in student:
        found = [(x, *product(other, row)) for x, other in every]
        outputs.append(sum(x * value for x, value, _ in found))
        rows += [w * sum(x * by[i] for x, _, by in found) for i in range(len(row))]
    return outputs + rows


def fisher(student):
    n, count = len(student[0][1]), len(student)
    found = matrix(count * (1 + n))
    for i, (w, a) in enumerate(student):
        for j, (x, b) in enumerate(student):
            value, by_b = product(a, b)
            found[i, j] = value
            # E[phi' phi' x x^T] = (2 / pi) M^-1 / sqrt(det M)
            inside = matrix(n, n)
            for r in range(n):
                for s in range(n):
                    inside[r, s] = mpf(r == s) + a[r] * a[s] + b[r] * b[s]
            cross = inside**-1 * (2 / pi / sqrt(mp.det(inside)))
            for r in range(n):
                found[i, count + j * n + r] = found[count + j * n + r, i] = x * by_b[r]
                for s in range(n):
                    found[count + i * n + r, count + j * n + s] = w * x * cross[r, s]
    return found


def flow(inputs, natural):
    n, teacher = inputs["N"], units(inputs)

    def rate(theta):
        student = split(theta, n)
        down = [-x for x in gradient(student, teacher)]
        return list(lu_solve(fisher(student), matrix(down))) if natural else down

    def step(theta, h):
        """The modified midpoint rule with 2, 4, ..., 16 steps, extrapolated."""
        table = []
        for j in range(1, 9):
            count, small = 2 * j, h / (2 * j)
            before, now = theta, [x + small * y for x, y in zip(theta, rate(theta))]
            for _ in range(count - 1):
                before, now = now, [x + 2 * small * y for x, y in zip(before, rate(now))]
            row = [[(x + y + small * z) / 2 for x, y, z in zip(before, now, rate(now))]]
            for k in range(1, j):
                factor = (mpf(j) / (j - k)) ** 2 - 1
                row.append([x + (x - y) / factor for x, y in zip(row[-1], table[-1][k - 1])])
            table.append(row)
        return table[-1][-1]

    with mp.workdps(28):
        theta, time, rows = [mpf(x) for x in inputs["theta0"]], mpf(0), []
        for at in map(mpf, inputs["times"]):
            count = int(mp.ceil((at - time) * (40 if natural else 3)))
            for _ in range(count):
                theta = step(theta, (at - time) / count)
            time = at
            rows.append(theta + [loss(split(theta, n), teacher)])
        return rows


def one_unit(inputs):
    teacher = units(inputs)
    total = sum(w for w, _ in teacher)
    start = [total] + [sum(w * row[i] for w, row in teacher) / total for i in range(inputs["N"])]
    best = findroot(lambda *x: gradient([(x[0], list(x[1:]))], teacher), start)
    return best[0], list(best)[1:], teacher


def stability(inputs):
    w, v, teacher = one_unit(inputs)

    def second(b, i, j):
        """E[phi(b x) phi''(v x) x_i x_j]."""
        moved = lambda t: [x + t * (k == j) for k, x in enumerate(v)]
        return diff(lambda t: product(b, moved(t))[1][i], 0)

    n = len(v)
    rest = teacher + [(-w, v)]
    return [[sum(x * second(b, i, j) for x, b in rest) for j in range(n)] for i in range(n)]


def slow(inputs, frozen):
    w, z0, square = (mpf(inputs[name]) for name in ("wstar", "z0", "u2_0"))
    law = (lambda z: 4 * w * w / 3 * log((z * z + 3) ** 2 / fabs(z))) if frozen else (lambda z: (z * w) ** 2 / 2 - w * w * log(fabs(z * w)))
    return [square + law(mpf(z)) - law(z0) for z in inputs["z"]]


def singular(kind, inputs):
    theta = [mpf(x) for x in inputs.get("theta", [])]
    student = split(theta, inputs["N"]) if theta else None
    if kind == "loss":
        return loss(student, units(inputs))
    if kind == "grad":
        return gradient(student, units(inputs))
    if kind == "fisher":
        return fisher(student).tolist()
    if kind == "fisher_eig":
        return sorted(eigsy(fisher(student), eigvals_only=True))
    if kind == "xi":
        (w1, a), (w2, b) = student
        w = w1 + w2
        return [(w1 * x + w2 * y) / w for x, y in zip(a, b)] + [w] + [y - x for x, y in zip(a, b)] + [(w2 - w1) / w]
    if kind in ("flow", "ngflow"):
        return flow(inputs, kind == "ngflow")
    if kind == "oneunit":
        w, v, _ = one_unit(inputs)
        return [w] + v
    if kind == "H":
        return stability(inputs)
    return slow(inputs, kind == "reduced_lit")
