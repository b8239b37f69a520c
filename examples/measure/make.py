#!/usr/bin/env python3
"""The networks of docs/how-to/measure.md: six layers of 100 neurons, tanh, before and after a short training, and the inputs. Needs numpy; the same
seed gives the same files up to rounding of the training."""
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
WIDTH, DEPTH, SIGMA_W, SIGMA_B = 100, 6, 1.5, 0.1
EXAMPLES, STEPS, RATE = 64, 60, 1.0

random = np.random.default_rng(20261128)
weights = [SIGMA_W / np.sqrt(WIDTH) * random.standard_normal((WIDTH, WIDTH)) for _ in range(DEPTH)]
biases = [SIGMA_B * random.standard_normal(WIDTH) for _ in range(DEPTH)]
inputs = random.standard_normal((EXAMPLES, WIDTH))
targets = np.sign(random.standard_normal(EXAMPLES))
readout = random.standard_normal(WIDTH) / np.sqrt(WIDTH)


def save(name):
    arrays = {}
    for layer, (w, b) in enumerate(zip(weights, biases), 1):
        arrays[f"W{layer}"], arrays[f"b{layer}"] = w.astype(np.float32), b.astype(np.float32)
    np.savez(HERE / name, **arrays)


save("untrained.npz")
np.save(HERE / "inputs.npy", inputs.astype(np.float32))
for _ in range(STEPS):
    signals = [inputs]
    for w, b in zip(weights, biases):
        signals.append(np.tanh(signals[-1] @ w.T + b))
    error = np.outer((signals[-1] @ readout - targets) / EXAMPLES, readout)
    for layer in reversed(range(DEPTH)):
        error = error * (1 - signals[layer + 1] ** 2)
        back = error @ weights[layer]
        weights[layer] = weights[layer] - RATE * error.T @ signals[layer]
        biases[layer] = biases[layer] - RATE * error.sum(axis=0)
        error = back
save("trained.npz")
