"""Experiments and their figures, and the program inside the module."""

import contextlib
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import neurodyn
import numpy as np

ROOT = Path(os.environ["NEURODYN_ROOT"])
PROGRAM = Path(sys.executable).parent / ("neurodyn.exe" if os.name == "nt" else "neurodyn")
SMALL = {
    "title": "A small map",
    "family": "activity",
    "seed": 5,
    "values": 1,
    "experiment": "activity_map",
    "parameters": {
        "activation": {"formula": "tanh(a * u)", "a": 1.5},
        "sigma_w": np.array([1.3, 2.5]),
        "sigma_b": 0.3,
        "variances": {"from": 0.09, "to": 15.0, "count": 31},
        "sampled_variances": {"from": 1.0, "to": 15.0, "count": 3},
        "width": 100,
        "replicas": 40,
    },
}


class Figures(unittest.TestCase):
    def test_a_committed_figure_comes_out_the_same(self) -> None:
        found = neurodyn.run("activity_map", root=ROOT)
        self.assertEqual((found.id, found.outcome, found.problems), ("activity_map", "fine", []))
        assert found.agreement is not None
        self.assertTrue(found.agreement["holds"])
        (figure,) = found.figures
        committed = ROOT / "figures" / "activity_map.svg"
        self.assertEqual(figure.svg, committed.read_text(encoding="utf-8"))
        self.assertEqual(figure._repr_svg_(), figure.svg)
        self.assertIsNone(figure.path)
        read = neurodyn.Figure(committed)
        self.assertEqual((read.seed, read.name, read.digest), (20180801, "activity_map", figure.digest))
        self.assertEqual(read.experiment["parameters"]["sigma_w"], [1.3, 2.5, 4.0])
        self.assertEqual(read.toml, (ROOT / "experiments" / "activity_map.toml").read_text(encoding="utf-8"))

    def test_an_experiment_from_a_dict(self) -> None:
        found = neurodyn.run(SMALL)
        self.assertEqual((found.id, found.outcome), ("activity_map", "incomplete"))
        named = neurodyn.run(SMALL, name="mine")
        self.assertEqual((named.id, named.figures[0].name), ("mine", "mine"))
        self.assertEqual(named.figures[0].experiment["parameters"]["activation"], {"formula": "tanh(a * u)", "a": 1.5})
        again = neurodyn.run(named.figures[0].experiment, name="mine")
        self.assertEqual(again.figures[0].svg, named.figures[0].svg)
        meanings = {(row["table"], row["column"]): row for row in named.columns}
        for name, columns in named.tables("numpy").items():
            for column, values in columns.items():
                self.assertIn((name, column), meanings)
                self.assertEqual(len(values), len(next(iter(columns.values()))))

    def test_tables_are_what_a_figure_draws(self) -> None:
        figure = neurodyn.run(SMALL).figures[0]
        tables = figure.tables("numpy")
        self.assertIn("monte_carlo", tables)
        self.assertTrue(all(isinstance(values, np.ndarray) for values in tables["monte_carlo"].values()))
        with tempfile.TemporaryDirectory() as folder:
            figure.save(Path(folder, "activity_map.svg"))
            read = neurodyn.Figure(Path(folder, "activity_map.svg"))
            again = read.tables("numpy")
        self.assertEqual(list(again), list(tables))
        for name, columns in tables.items():
            for column, values in columns.items():
                np.testing.assert_array_equal(again[name][column], values)

    def test_frames_are_those_that_are_installed(self) -> None:
        figure = neurodyn.run(SMALL).figures[0]
        arrays = figure.tables("numpy")["monte_carlo"]
        for library in ("pandas", "polars"):
            if importlib.util.find_spec(library) is None:
                with self.assertRaises(ModuleNotFoundError):
                    figure.tables(library)
                continue
            frame = figure.tables(library)["monte_carlo"]
            self.assertEqual(type(frame).__module__.split(".")[0], library)
            self.assertEqual(list(frame.columns), list(arrays))
            for column, values in arrays.items():
                self.assertEqual(frame[column].to_numpy().tolist(), values.tolist())
        default = figure.tables()["monte_carlo"]
        libraries = [name for name in ("pandas", "polars") if importlib.util.find_spec(name)]
        self.assertEqual(type(default).__module__.split(".")[0], libraries[0] if libraries else "builtins")
        with self.assertRaisesRegex(neurodyn.Error, "frames: found 'excel'; allowed: pandas, polars, numpy"):
            figure.tables("excel")

    def test_a_figure_is_verified_cited_and_saved(self) -> None:
        figure = neurodyn.run(SMALL, name="mine").figures[0]
        self.assertEqual(figure.verify()["verdict"], "verified")
        cited = figure.cite()
        self.assertIn("seed 5", cited["sentence"])
        self.assertIn("@misc{neurodyn:mine,", cited["bibtex"])
        self.assertIn(figure.digest, cited["sentence"])
        with tempfile.TemporaryDirectory() as folder:
            for ending, start in [("svg", b"<?xml"), ("pdf", b"%PDF"), ("png", b"\x89PNG")]:
                path = Path(folder, f"mine.{ending}")
                figure.save(path, dpi=72)
                self.assertTrue(path.read_bytes().startswith(start), ending)
                saved = neurodyn.Figure(path)
                self.assertEqual((saved.digest, saved.format), (figure.digest, ending))
                self.assertEqual(saved.verify()["verdict"], "verified", ending)
            with self.assertRaisesRegex(neurodyn.Error, "'gif' is no format|\"gif\" is no format"):
                figure.save(Path(folder, "mine.gif"))
            with self.assertRaisesRegex(neurodyn.Error, "dpi is 1, but must be"):
                figure.save(Path(folder, "mine.png"), dpi=1)
            changed = Path(folder, "mine.svg")
            changed.write_text(figure.svg.replace("stroke-width", "stroke-opacity", 1), encoding="utf-8")
            found = neurodyn.Figure(changed).verify()
            self.assertEqual(found["verdict"], "not_verified")
            self.assertTrue(found["problems"])

    def test_files_are_written_where_they_are_asked_for(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            found = neurodyn.run(SMALL, out=folder)
            self.assertEqual(found.figures[0].path, Path(folder, "figures", "activity_map.svg"))
            self.assertTrue(Path(folder, "results", "activity_map", "monte_carlo.parquet").is_file())
            light = neurodyn.run(SMALL, theme="light")
            self.assertNotEqual(light.figures[0].svg, found.figures[0].svg)

    def test_data_are_found_from_the_current_folder(self) -> None:
        digests = {}
        experiment = {
            "title": "Digits", "family": "distance", "experiment": "data_distances", "seed": 6, "values": 1,
            "parameters": {
                "activation": "erf_sqrt2", "sigma_w": [1.1, 1.55], "sigma_b": 0.2, "depth": 5, "width": 50, "replicas": 30,
                "inputs": {
                    "file": "images.idx", "rows": [0, 1797, 60], "centre": "all", "scale": "rows",
                    "labels": {"file": "labels.idx", "column": 0},
                },
            },
        }
        with tempfile.TemporaryDirectory() as folder:
            for name in ("images", "labels"):
                data = (ROOT / "experiments" / "data" / f"digits-{name}.idx").read_bytes()
                Path(folder, f"{name}.idx").write_bytes(data)
                digests[f"{name}.idx"] = hashlib.sha256(data).hexdigest()
            before = os.getcwd()
            os.chdir(folder)
            try:
                found = neurodyn.run(experiment, name="digits")
            finally:
                os.chdir(before)
        figure = found.figures[0]
        self.assertEqual(figure.data, digests)
        with self.assertRaisesRegex(neurodyn.Error, "the data are missing"):
            figure.verify()

    def test_a_quick_look_is_not_cited(self) -> None:
        figure = neurodyn.run("activity_map", root=ROOT, set={"parameters.sigma_w": [1.2], "parameters.replicas": 40}).figures[0]
        self.assertTrue(figure.title.endswith("(not citable)"))
        self.assertEqual(figure.verify()["verdict"], "quick_look")
        with self.assertRaisesRegex(neurodyn.Error, "not citable"):
            figure.cite()

    def test_what_is_wrong_is_said_with_its_place(self) -> None:
        def spoilt(**parameters: object) -> dict:
            return {**SMALL, "parameters": {**SMALL["parameters"], **parameters}}  # type: ignore[dict-item]

        for call, message in [
            (lambda: neurodyn.run(spoilt(width=0)), r"^activity_map.toml:\d+:\d+: .*width"),
            (lambda: neurodyn.run(spoilt(breadth=3)), "breadth"),
            (lambda: neurodyn.run({**SMALL, "seed": None}), "the experiment cannot be written"),
            (lambda: neurodyn.run({**SMALL, "experiment": "activity_mop"}), "activity_mop"),
            (lambda: neurodyn.run(SMALL, name="No Name"), "name is 'No Name', but must be"),
            (lambda: neurodyn.run("no_such_experiment", root=ROOT), 'no experiment is called "no_such_experiment"'),
            (lambda: neurodyn.run("no/file.toml"), "no/file.toml"),
            (lambda: neurodyn.run(SMALL, theme="dark"), "formats: unknown variant `dark`"),
            (lambda: neurodyn.run(SMALL, set={"parameters.width": 0}), "width"),
            (lambda: neurodyn.Figure(ROOT / "figures" / "activity_map.svg").verify(at_most=-1), "at_most is -1"),
        ]:
            with self.assertRaisesRegex(neurodyn.Error, message):
                call()
        with self.assertRaises(FileNotFoundError):
            neurodyn.Figure("no.svg")
        with tempfile.TemporaryDirectory() as folder:
            other = Path(folder, "x.svg")
            other.write_text("<svg/>", encoding="utf-8")
            with self.assertRaises(neurodyn.Error):
                neurodyn.Figure(other)

    def test_nothing_is_left_behind(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            code = "import neurodyn, test_figures as t; f = neurodyn.run(t.SMALL).figures[0]; f.verify(); f.cite()"
            environment = {**os.environ, "TMPDIR": folder, "PYTHONPATH": str(Path(__file__).parent), "PYTHONDONTWRITEBYTECODE": "1"}
            subprocess.run([sys.executable, "-c", code], check=True, cwd=folder, env=environment)
            self.assertEqual(os.listdir(folder), [])


class Program(unittest.TestCase):
    def run_it(self, *words: str, **more: object) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([str(PROGRAM), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, **more)  # type: ignore

    def test_exit_codes_and_messages(self) -> None:
        self.assertEqual(self.run_it("--version").stdout, f"neurodyn {neurodyn.__version__}\n")
        help_ = self.run_it("theory", "--help")
        self.assertEqual(help_.returncode, 0)
        self.assertIn("Usage: neurodyn theory", help_.stdout)
        wrong = self.run_it("thoery")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("theory", wrong.stderr)
        absent = self.run_it("run", "no/file.toml")
        self.assertEqual(absent.returncode, 2)
        self.assertRegex(absent.stderr, "^neurodyn: error: .*no/file.toml: cannot be read: ")
        module = subprocess.run([sys.executable, "-m", "neurodyn", "theory", "--help"], stdout=subprocess.PIPE, universal_newlines=True)
        self.assertEqual((module.returncode, module.stdout), (0, help_.stdout))

    def test_a_reader_that_goes_away_is_no_error(self) -> None:
        process = subprocess.Popen([str(PROGRAM), "list", "--root", str(ROOT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        self.assertEqual((process.wait(timeout=60), process.stderr.read()), (0, b""))
        process.stderr.close()

    def test_completions_and_scripts_call_the_program(self) -> None:
        self.assertIn(str(PROGRAM), self.run_it("completions", "bash").stdout)
        script = self.run_it("shard", "script", "activity_map", "--shards", "2", "--engine", "slurm", "--dir", "shards", "--root", str(ROOT))
        self.assertEqual(script.returncode, 0, script.stderr)
        self.assertIn(str(PROGRAM), script.stdout)

    @unittest.skipIf(os.name == "nt", "signals")
    def test_ctrl_c_ends_it_with_its_own_code(self) -> None:
        words = "sample --activation tanh --sigma-w 2.5 --sigma-b 0.3 --width 3000 --depth 100 --activity 1 --observables activity --replicas 100000 --seed 1"
        process = subprocess.Popen([str(PROGRAM), *words.split()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True)
        self.addCleanup(process.kill)
        time.sleep(4.0)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("interrupted; what was finished before is complete, the rest is untouched", said)
        self.assertNotIn("Traceback", said)


if __name__ == "__main__":
    unittest.main()
