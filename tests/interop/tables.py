"""Reads every table below a folder with the libraries of this Python, and says what they are and what they found. Each value must be that of the
CSV file beside it, each column of a plain type, and rows can be chosen while reading. Run by `run` in environments of its own."""
import csv, sys
from pathlib import Path

PLAIN = {"string": "text", "double": "number", "int64": "whole", "bool": "flag"}
DUCKDB = {"VARCHAR": "text", "DOUBLE": "number", "BIGINT": "whole", "BOOLEAN": "flag"}
POLARS = {"String": "text", "Utf8": "text", "Float64": "number", "Int64": "whole", "Boolean": "flag"}
READ = {"text": str, "number": float, "whole": int, "flag": {"yes": True, "no": False}.__getitem__}


def cells(path, kinds):
    with open(path, newline="", encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    return {name: [READ[kinds[name]](row[place]) for row in rows] for place, name in enumerate(head)}


def same(what, path, found, meant):
    if found != meant:
        sys.exit(f"{what}: {path}: other values than the CSV file has")


def kinds_of(path, pairs, plain, what):
    for name, kind in pairs:
        if kind not in plain:
            sys.exit(f"{what}: {path}: column {name} is {kind}")
    return {name: plain[kind] for name, kind in pairs}


def with_pyarrow(path, meant, kinds):
    import pyarrow.parquet as parquet

    table = parquet.read_table(path)
    found = kinds_of(path, [(field.name, str(field.type)) for field in table.schema], PLAIN, "pyarrow")
    same("pyarrow", path, table.to_pydict(), meant)
    for name, values in meant.items():
        # a comparison of texts is what schemas of string_view fail at
        value = values[len(values) // 2]
        for sign, keep in [("==", lambda x: x == value), (">", lambda x: x > value)]:
            if found[name] != "flag" or sign == "==":
                chosen = parquet.read_table(path, filters=[(name, sign, value)])
                same(f"pyarrow, {name} {sign} {value!r}", path, chosen[name].to_pylist(), [x for x in values if keep(x)])


def with_pandas(path, meant, kinds):
    import pandas

    frame = pandas.read_parquet(path)
    same("pandas", path, {name: frame[name].tolist() for name in frame}, meant)
    for name, values in meant.items():
        chosen = pandas.read_parquet(path, filters=[(name, "==", values[0])])
        same(f"pandas, {name}", path, chosen[name].tolist(), [x for x in values if x == values[0]])
    words = {"true_values": ["yes"], "false_values": ["no"]}
    frame = pandas.read_csv(path.with_suffix(".csv"), **words, float_precision="round_trip", keep_default_na=False)
    same("pandas, CSV", path, {name: frame[name].tolist() for name in frame}, meant)


def with_duckdb(path, meant, kinds):
    import duckdb

    types = {}
    for file in (path, path.with_suffix(".csv")):
        relation = duckdb.sql(f"select * from '{file}'")
        types[file.suffix] = kinds_of(file, list(zip(relation.columns, map(str, relation.types))), DUCKDB, "duckdb")
        rows = relation.fetchall()
        same("duckdb", file, {name: [row[place] for row in rows] for place, name in enumerate(relation.columns)}, meant)
    different = [name for name in kinds if types[".csv"][name] != types[".parquet"][name]]
    if different:
        sys.exit(f"duckdb: {path}: {different} have one type in Parquet and another in CSV")


def with_polars(path, meant, kinds):
    import polars

    frame = polars.read_parquet(path)
    kinds_of(path, [(name, str(kind)) for name, kind in frame.schema.items()], POLARS, "polars")
    same("polars", path, frame.to_dict(as_series=False), meant)
    name, values = next(iter(meant.items()))
    chosen = polars.scan_parquet(path).filter(polars.col(name) == values[0]).collect()
    same(f"polars, {name}", path, chosen[name].to_list(), [x for x in values if x == values[0]])


def main():
    import duckdb, pandas, polars, pyarrow
    import pyarrow.parquet as parquet

    paths = sorted(Path(sys.argv[1]).rglob("*.parquet"))
    seen = set()
    for path in paths:
        schema = parquet.read_schema(path)
        kinds = kinds_of(path, [(field.name, str(field.type)) for field in schema], PLAIN, "pyarrow")
        meant = cells(path.with_suffix(".csv"), kinds)
        seen |= set(kinds.values())
        for read in (with_pyarrow, with_pandas, with_duckdb, with_polars):
            read(path, meant, kinds)
    if seen != set(PLAIN.values()):
        sys.exit(f"only {sorted(seen)} were there to be read")
    versions = ", ".join(f"{library.__name__} {library.__version__}" for library in (pyarrow, pandas, duckdb, polars))
    print(f"{len(paths)} tables read by {versions}")


main()
