"""Theory, samples, kernels, measurements: what the program prints, and what is refused."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

import neurodyn
import numpy as np

#: The program that came with the module.
PROGRAM = Path(sys.executable).parent / ("neurodyn.exe" if os.name == "nt" else "neurodyn")
TANH = {"activation": "tanh", "sigma_w": 2.5, "sigma_b": 0.3}


def program(*words: object) -> str:
    return subprocess.run(
        [str(PROGRAM), *map(str, words)], check=True, stdout=subprocess.PIPE, universal_newlines=True
    ).stdout


class Theory(unittest.TestCase):
    def test_the_card_is_that_of_the_program(self) -> None:
        for arguments, words in [
            ({}, []),
            (
                {"depth": 5, "activity": 0.7, "activity_prime": 1.25, "correlation": 0.1, "curvature": 3.0, "ntk": True},
                "--depth 5 --activity 0.7 --activity-prime 1.25 --correlation 0.1 --curvature 3 --ntk".split(),
            ),
            ({"depth": 2, "overlap": 0.3}, "--depth 2 --overlap 0.3".split()),
            ({"depth": 2, "distance": 1e-280}, "--depth 2 --distance 1e-280".split()),
            ({"keep": 0.9, "koenigs": [0.5, 1, 2]}, "--keep 0.9 --koenigs 0.5,1,2".split()),
        ]:
            printed = program(
                "theory", "--activation", "tanh", "--sigma-w", 2.5, "--sigma-b", 0.3, *words, "--json"
            )
            self.assertEqual(neurodyn.theory(**TANH, **arguments), json.loads(printed), words)

    def test_formulas_are_activations(self) -> None:
        one = neurodyn.theory("u * sigmoid(1.702 * u)", 1.5, 0.5)
        two = neurodyn.theory({"formula": "u * sigmoid(beta * u)", "beta": np.float64(1.702)}, 1.5, 0.5)
        self.assertEqual(one["chi_1"], two["chi_1"])
        self.assertEqual(one["fixed_points"], two["fixed_points"])

    def test_numbers_of_numpy_are_numbers(self) -> None:
        found = neurodyn.theory("tanh", np.float32(2.5), np.int64(0), depth=np.int32(2), koenigs=np.array([0.5, 1.0]))
        self.assertEqual(found, neurodyn.theory("tanh", 2.5, 0.0, depth=2, koenigs=[0.5, 1.0]))

    def test_what_is_wrong_is_said(self) -> None:
        for arguments, message in [
            ({"sigma_w": -1}, "sigma_w is -1, but must be a number from 0 to 1e100"),
            ({"sigma_w": float("nan")}, "sigma_w is nan, but must be a finite number"),
            ({"sigma_w": "x"}, 'sigma_w: invalid type: string "x", expected f64'),
            ({"activation": "tahn"}, 'activation: the activation "tahn" must be one of tanh, '),
            ({"activation": {"beta": 1}}, "activation: missing field `formula`"),
            ({"activation": "tanh(u"}, "activation: "),
            ({"depth": -1}, "depth: invalid value"),
            ({"depth": 2000000}, "depth is 2000000, but must be a whole number from 0 to 1000000"),
            ({"depth": 2, "activity": -0.5}, "activity is -0.5, but must be a finite number, 0 or more"),
            ({"depth": 2, "correlation": 1.5}, "correlation is 1.5, but must be a number from -1 to 1"),
            ({"depth": 2, "correlation": 0.5, "overlap": 0.1}, "the second input is given twice"),
            ({"correlation": 0.5}, "depth is missing"),
            ({"depth": 2, "ntk": True}, "the tangent kernel is one of two inputs, but only one is given"),
            ({"activation": "relu", "sigma_w": 2, "depth": 2}, "give activity"),
            ({"keep": 1.5}, "keep"),
            ({"koenigs": [-1.0]}, "koenigs is -1, but must be a finite number, 0 or more"),
            ({"koenigs": {1, 2}}, "a set is no argument"),
        ]:
            with self.assertRaises(neurodyn.Error, msg=arguments) as caught:
                neurodyn.theory(**{**TANH, **arguments})  # type: ignore[arg-type]
            self.assertIn(message, str(caught.exception))
            self.assertIsInstance(caught.exception, ValueError)
            self.assertNotIn("--", str(caught.exception))

    def test_advice_is_that_of_the_program(self) -> None:
        printed = program("init", "--activation", "gelu", "--depth", 20, "--width", 300, "--activity", 0.5, "--json")
        self.assertEqual(neurodyn.init("gelu", depth=20, width=300, activity=0.5), json.loads(printed))
        with self.assertRaisesRegex(neurodyn.Error, "width is 0, but must be a whole number from 1 to 1e12"):
            neurodyn.init("gelu", depth=20, width=0)
        with self.assertRaisesRegex(neurodyn.Error, "depth is 20000, but must be a whole number from 1 to 10000"):
            neurodyn.init("gelu", depth=20000, width=10)


class Sample(unittest.TestCase):
    pair = dict(width=50, depth=4, activity=0.64, correlation=0.5, seed=7)

    def test_means_are_those_of_the_program_to_the_last_bit(self) -> None:
        found = neurodyn.sample(**TANH, **self.pair, replicas=200)
        words = "--activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 50 --depth 4 --activity 0.64 --correlation 0.5"
        layers = json.loads(program("sample", *words.split(), "--replicas", 200, "--seed", 7, "--json"))["layers"]
        self.assertEqual(list(found), ["activity", "overlap", "distance"])
        for name in found:
            self.assertEqual(found[name].shape, (200, 5))
            self.assertEqual(found.mean[name].tolist(), [layer[name]["mean"] for layer in layers])
            self.assertEqual(found.stderr[name].tolist(), [layer[name]["stderr"] for layer in layers])
            np.testing.assert_allclose(found[name].mean(axis=0), found.mean[name], rtol=1e-13)
            spread = found[name].std(axis=0, ddof=1) / 200**0.5
            np.testing.assert_allclose(spread[1:], found.stderr[name][1:], rtol=1e-10)
            self.assertEqual(len(np.unique(found[name][:, 3])), 200)

    def test_networks_have_addresses(self) -> None:
        many = neurodyn.sample(**TANH, **self.pair, replicas=100)
        few = neurodyn.sample(**TANH, **self.pair, replicas=10, observables="distance,activity")
        self.assertEqual(list(few), ["distance", "activity"])
        for name in few:
            np.testing.assert_array_equal(many[name][:10], few[name])

    def test_one_input_widths_metric_and_explicit_weights(self) -> None:
        found = neurodyn.sample("relu", 1.4, 0.0, width=[20, 30, 1], depth=3, activity=1.0, replicas=5, seed=1)
        self.assertEqual(list(found), ["activity"])
        curved = neurodyn.sample(
            "tanh", 1.5, 0.1, width=20, depth=2, activity=1.0, replicas=5, seed=1, observables=["metric", "curvature"]
        )
        self.assertEqual(curved["metric"][:, 0].tolist(), [1.0] * 5)
        weights = neurodyn.sample(
            "tanh", 1.5, 0.1, width=200, depth=2, activity=1.0, replicas=300, seed=1, sampler="explicit"
        )
        law = neurodyn.sample("tanh", 1.5, 0.1, width=200, depth=2, activity=1.0, replicas=300, seed=1)
        error = np.hypot(weights.stderr["activity"], law.stderr["activity"])[1:]
        self.assertLess(np.abs((weights.mean["activity"] - law.mean["activity"])[1:] / error).max(), 4.5)

    def test_as_many_as_it_takes(self) -> None:
        found = neurodyn.sample(**TANH, **self.pair, target_stderr=0.01, at_most=100_000)
        self.assertLessEqual(max(error.max() for error in found.stderr.values()), 0.01)
        self.assertEqual(len(found["activity"]) % 1024, 0)
        self.assertEqual(len(found["activity"]), len(found["distance"]))
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            neurodyn.sample(**TANH, **self.pair, target_stderr=1e-9, at_most=1100)
        self.assertIn("the largest standard error is", str(said[0].message))
        self.assertEqual(Path(said[0].filename).name, "test_calls.py")

    def test_what_is_wrong_is_said(self) -> None:
        right = {**TANH, **self.pair, "replicas": 10}
        for arguments, message in [
            ({"replicas": 0}, "replicas is 0, but must be a whole number from 1 to 1000000000"),
            ({"replicas": None}, "give replicas, or target_stderr and at_most"),
            ({"width": 0}, "width is 0, but must be a whole number from 1 to 1e12"),
            ({"width": [1, 2]}, "width has 2 numbers, but must have 1 or as many as depth, 4"),
            ({"observables": "length"}, 'observables: "length" is not an observable; allowed: activity'),
            ({"observables": "overlap", "correlation": None}, "correlation is missing; observables overlap and distance need it"),
            ({"sampler": "quick"}, 'sampler: "quick" is not a sampler'),
            ({"seed": -1}, "seed: invalid value"),
            ({"replicas": 10**9}, "of memory; allowed are"),
            ({"width": 10**12, "depth": 1000}, "this would take about"),
        ]:
            with self.assertRaises(neurodyn.Error, msg=arguments) as caught:
                neurodyn.sample(**{**right, **arguments})  # type: ignore[arg-type]
            self.assertIn(message, str(caught.exception))


class Kernel(unittest.TestCase):
    x = np.random.default_rng(1).standard_normal((40, 30))

    def test_files_of_the_program_hold_the_same(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("x.npy", "k.npy", "t.npy")]
            np.save(paths[0], self.x)
            words = "--activation gelu --sigma-w 1.5 --sigma-b 0.5 --depth 4 --centre columns --scale rows --json".split()
            printed = json.loads(program("kernel", paths[0], *words, "--out", paths[1], "--ntk", paths[2]))
            found = neurodyn.kernel(
                self.x, "gelu", 1.5, 0.5, depth=4, ntk=True, centre="columns", scale="rows"
            )
            np.testing.assert_array_equal(found.overlaps, np.load(paths[1]))
            assert found.tangent is not None
            np.testing.assert_array_equal(found.tangent, np.load(paths[2]))
            self.assertEqual(found.layers, printed["layers"])
        np.testing.assert_array_equal(found.overlaps, found.overlaps.T)

    def test_any_array_of_numbers_will_do(self) -> None:
        plain = neurodyn.kernel(self.x, "relu", 1.4, 0.0, depth=2)
        self.assertIsNone(plain.tangent)
        for x in [self.x.reshape(40, 5, 6), np.asfortranarray(self.x), self.x.tolist(), np.repeat(self.x, 2, 0)[::2]]:
            np.testing.assert_array_equal(neurodyn.kernel(x, "relu", 1.4, 0.0, depth=2).overlaps, plain.overlaps)
        single = self.x.astype(np.float32)
        np.testing.assert_array_equal(
            neurodyn.kernel(single, "relu", 1.4, 0.0, depth=2).overlaps,
            neurodyn.kernel(single.astype(np.float64), "relu", 1.4, 0.0, depth=2).overlaps,
        )

    def test_the_input_is_its_own_kernel(self) -> None:
        found = neurodyn.kernel(self.x, "relu", 1.4, 0.0, depth=0).overlaps
        np.testing.assert_allclose(found, self.x @ self.x.T / 30, rtol=1e-12, atol=1e-14)

    def test_what_is_wrong_is_said(self) -> None:
        spoilt = self.x.copy()
        spoilt[3, 4] = np.nan
        for x, more, message in [
            (self.x[0], {}, r"x has shape \(30,\)"),
            (spoilt, {}, "NaN in row 3, column 4"),
            (self.x[:0], {}, "0 rows"),
            (self.x, {"centre": "middle"}, "centre: unknown variant"),
            (self.x, {"depth": 0, "ntk": True}, "a network has at least one layer"),
        ]:
            with self.assertRaisesRegex(neurodyn.Error, message):
                neurodyn.kernel(x, **{"activation": "relu", "sigma_w": 1.4, "sigma_b": 0.0, "depth": 2, **more})  # type: ignore[arg-type]


class Measure(unittest.TestCase):
    def network(self, scale: float) -> dict:
        rng = np.random.default_rng(3)
        net = {}
        for layer, (n, m) in enumerate(zip([60, 100, 100], [100, 100, 100])):
            net[f"layer{layer}.weight"] = scale * rng.standard_normal((m, n)) / n**0.5
            net[f"layer{layer}.bias"] = 0.1 * rng.standard_normal(m)
        return net

    data = np.random.default_rng(4).standard_normal((6, 60))

    def test_a_network_of_the_ensemble_and_one_that_is_not(self) -> None:
        fine = neurodyn.measure(self.network(1.5), self.data, "tanh", sigma_w=1.5, sigma_b=0.1)
        self.assertFalse(fine["verdict"]["alarmed"])
        self.assertEqual(len(fine["layers"]), 3)
        other = neurodyn.measure(self.network(1.6), self.data, "tanh", sigma_w=1.5, sigma_b=0.1)
        self.assertTrue(other["verdict"]["alarmed"])

    def test_files_and_arrays_and_a_figure(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            model, data, figure = (Path(folder, name) for name in ("network.npz", "data.npy", "net.svg"))
            np.savez(model, **self.network(1.5))
            np.save(data, self.data)
            found = neurodyn.measure(model, data, "tanh", out=figure)
            self.assertEqual(found, neurodyn.measure(self.network(1.5), self.data, "tanh"))
            words = ["measure", model, "--data", data, "--activation", "tanh", "--json"]
            self.assertEqual(found, json.loads(program(*words)))
            self.assertIn("<svg", figure.read_text(encoding="utf-8"))
            with self.assertRaisesRegex(neurodyn.Error, "no.npz"):
                neurodyn.measure(Path(folder, "no.npz"), data, "tanh")
        with self.assertRaisesRegex(neurodyn.Error, 'law: "cauchy" is no law of weights'):
            neurodyn.measure(self.network(1.5), self.data, "tanh", law="cauchy")


LONG = "import neurodyn; neurodyn.sample('tanh', 2.5, 0.3, width=3000, depth=100, activity=1.0, replicas=100000, seed=1)"


class Work(unittest.TestCase):
    def test_other_threads_go_on(self) -> None:
        counted, stop = [0], threading.Event()

        def count() -> None:
            while not stop.is_set():
                counted[0] += 1
                time.sleep(0.001)

        thread = threading.Thread(target=count)
        thread.start()
        began = time.monotonic()
        while time.monotonic() - began < 1.0:
            neurodyn.sample("tanh", 2.5, 0.3, width=1000, depth=20, activity=1.0, replicas=500, seed=1)
        stop.set()
        thread.join()
        self.assertGreater(counted[0], 20)

    def test_calls_of_several_threads_do_not_mix(self) -> None:
        found: dict = {}

        def one(seed: int) -> None:
            found[seed] = neurodyn.sample("tanh", 2.5, 0.3, width=30, depth=3, activity=1.0, replicas=300, seed=seed)

        threads = [threading.Thread(target=one, args=(seed,)) for seed in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for seed in range(6):
            alone = neurodyn.sample("tanh", 2.5, 0.3, width=30, depth=3, activity=1.0, replicas=300, seed=seed)
            np.testing.assert_array_equal(found[seed]["activity"], alone["activity"])

    def test_threads_do_not_count(self) -> None:
        code = (
            "import neurodyn, hashlib; s = neurodyn.sample('gelu', 1.5, 0.5, width=70, depth=5, activity=1.0, replicas=500, seed=1)\n"
            "print(hashlib.sha256(s['activity'].tobytes() + s.mean['activity'].tobytes()).hexdigest())"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", code], env={**os.environ, "RAYON_NUM_THREADS": threads}, check=True, stdout=subprocess.PIPE
            ).stdout
            for threads in "125"
        }
        self.assertEqual(len(digests), 1)

    @unittest.skipIf(os.name == "nt", "signals")
    def test_ctrl_c_stops_work(self) -> None:
        # below a shell that runs this in the background, signals would be ignored
        heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code = f"{heard}\ntry:\n    {LONG}\nexcept KeyboardInterrupt:\n    print('stopped')"
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, universal_newlines=True)
        self.addCleanup(process.kill)
        time.sleep(4.0)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        self.assertEqual(process.communicate(timeout=60)[0], "stopped\n")
        self.assertLess(time.monotonic() - began, 10.0)

    @unittest.skipUnless(hasattr(os, "fork"), "forks")
    def test_a_fork_works(self) -> None:
        code = (
            "import os, neurodyn\n"
            "one = lambda: neurodyn.sample('tanh', 2.5, 0.3, width=30, depth=3, activity=1.0, replicas=300, seed=1).mean['activity'][3]\n"
            "here, child = one(), os.fork()\n"
            "if child == 0:\n    os._exit(0 if one() == here else 1)\n"
            "assert os.waitpid(child, 0)[1] == 0"
        )
        subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=120)


if __name__ == "__main__":
    unittest.main()
