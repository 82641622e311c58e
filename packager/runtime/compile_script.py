"""Compiles modules to bytecode; runs inside an image by the Python there, not here.

Reads a zip archive from stdin and writes one to stdout: the same paths with `.pyc`. The bytecode is never
compared with a source file. It has neither columns nor the docstrings of modules and functions, which nothing
on a site reads; those of classes stay, because dataclasses would make new ones at each start.
"""

import ast
import importlib.util
import io
import marshal
import sys
import zipfile

FIRST_DAY = (1980, 1, 1, 0, 0, 0)
UNCHECKED_HASH = 1


def main() -> None:
    """Compiles what comes, in its order."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read())) as given, zipfile.ZipFile(made, "w") as zipped:
        for path in given.namelist():
            zipped.writestr(zipfile.ZipInfo(f"{path}c", FIRST_DAY), bytecode_of(given.read(path), path))
    sys.stdout.buffer.write(made.getvalue())


def bytecode_of(source: bytes, path: str) -> bytes:
    """Returns the content of the `.pyc` file of a module."""
    tree = ast.parse(source, path)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef)):
            drop_docstring(node)
    code = compile(tree, path, "exec", dont_inherit=True)
    head = importlib.util.MAGIC_NUMBER + UNCHECKED_HASH.to_bytes(4, "little")  # PEP 552
    return head + importlib.util.source_hash(source) + marshal.dumps(code)


def drop_docstring(node: "ast.Module | ast.FunctionDef | ast.AsyncFunctionDef") -> None:
    """Removes a docstring; `pass` takes its place where nothing else is left."""
    first = node.body[0] if node.body else None
    value = first.value if isinstance(first, ast.Expr) else None
    if first and isinstance(value, ast.Constant) and isinstance(value.value, str):
        node.body[:1] = [] if len(node.body) > 1 else [ast.copy_location(ast.Pass(), first)]


if __name__ == "__main__":
    main()
