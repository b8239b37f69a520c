"""The reference page of the module, from its signatures and documentation."""
import inspect, re, sys

import neurodyn

HEAD = """# The Python module

<!-- from the documentation in crates/python/python/neurodyn, by `tests/python/run accept` -->

"""


def plain(line):
    """Names of things without their roles."""
    return re.sub(r":\w+:`([^`]+)`", r"`\1`", line).replace("``", "`")


def text(item):
    """Documentation as Markdown: roles and examples in its ways."""
    shown, example = [], False
    for line in inspect.getdoc(item).splitlines():
        if line.startswith(">>> ") != example and not (example and line.strip()):
            shown.append("```" + ("" if example else "pycon"))
            example = not example
        shown.append(line if example else plain(line))
    return "\n".join(shown + ["```"] * example) + "\n"


def signature(name, item):
    parameters = inspect.signature(item).parameters.values()
    shown, keywords = [], False
    for parameter in parameters:
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            shown.append("*")
            keywords = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        shown.append(parameter.name + default)
    return f"`{name}({', '.join(shown)})`"


def fields(item):
    """Comments before the annotations of a class."""
    try:
        source = inspect.getsource(item)
    except (OSError, TypeError):
        # it is not made in Python
        return ""
    found = re.findall(r"((?:    #: .*\n)+)    (\w+):", source)
    found = [(plain(comment), name) for comment, name in found]
    return "".join(f"* `{name}`: {' '.join(line.strip()[3:] for line in comment.splitlines())}\n" for comment, name in found)


def page():
    parts = [HEAD + text(neurodyn)]
    for name in ("theory", "init", "sample", "Sample", "kernel", "Kernel", "measure", "run", "Run", "Figure", "Error"):
        item = getattr(neurodyn, name)
        if inspect.isclass(item):
            parts.append(f"## `{name}`\n\n" + text(item))
            if listed := fields(item):
                parts.append(listed)
            for method, function in vars(item).items():
                if method[0] != "_" and inspect.isfunction(function) and function.__doc__:
                    parts.append(f"### {signature(f'{name}.{method}', function)}\n\n" + text(function))
        else:
            parts.append(f"## {signature(name, item)}\n\n" + text(item))
    return "\n".join(parts)


if __name__ == "__main__":
    with open(sys.argv[1], "w", encoding="utf-8", newline="\n") as file:
        file.write(page())
