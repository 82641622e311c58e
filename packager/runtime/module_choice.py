"""Decides which modules travel with the package's own Python, and which get bytecode.

All that the installer may import travels (`imported_modules.py`); bytecode, which is as large as the sources,
is made of what every command imports at its start. Two lists correct what the text of imports
does not show: modules that Python or a library imports by a name, and modules that no command of a site uses.
`tests/packager/runtime/` compares both with what whole journeys import.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from packager.runtime.imported_modules import AT_START, Module, imported_by, modules_in

ENTRY = "installer."
AT_EVERY_START = (
    *("installer.__main__", "installer.commands.", "installer.encoding", "click._textwrap"),
    *("rich.console", "rich.text", "rich.cells", "rich._emoji_replace"),
)
CODECS = ("aliases", "ascii", "cp437", "cp949", "euc_kr", "idna", "johab", "latin_1", "utf_8", "utf_8_sig")
BY_NAME = (
    *(f"encodings.{codec}" for codec in CODECS),
    *("_codecs_kr", "_multibytecodec"),
    *("_datetime", "_hashlib", "_json", "_pickle", "_socket", "_ssl", "_strptime", "_struct"),
    *("binascii", "fcntl", "grp", "math", "select", "termios", "unicodedata", "zlib"),
)
FROZEN = (  # inside the interpreter since Python 3.11
    *("_collections_abc", "_sitebuiltins", "abc", "codecs", "genericpath", "io", "ntpath", "os", "posixpath"),
    *("runpy", "site", "stat", "zipimport", "importlib._bootstrap", "importlib._bootstrap_external"),
    *("importlib.machinery", "importlib.util"),
)
NEVER = frozenset((
    # for people who write, debug or install programs
    *("_pyrepl", "argparse", "bdb", "cmd", "code", "codeop", "curses", "doctest", "pdb", "pprint"),
    *("distutils", "lib2to3", "py_compile", "pydoc"),
    *("pydoc_data", "readline", "rlcompleter", "sitecustomize", "sysconfig", "test", "tkinter"),
    *("tracemalloc", "unittest", "usercustomize", "webbrowser"),
    # of other systems
    *("_aix_support", "_bootsubprocess", "_ios_support", "_osx_support", "_winapi", "encodings.mbcs"),
    *("encodings.oem", "msvcrt", "nturl2path", "winreg", "click._winconsole", "docker.transport.npipeconn"),
    *("docker.transport.npipesocket", "rich._win32_console", "rich._windows_renderer"),
    "urllib3.contrib.emscripten",
    # servers, other protocols and compressions, other ways to work side by side
    *("_bz2", "_lzma", "asyncio", "bz2", "concurrent.futures.process", "ftplib", "http.server", "lzma"),
    *("multiprocessing", "plistlib", "socketserver", "sqlite3", "xml", "xmlrpc", "docker.transport.sshconn"),
    *("urllib3.contrib.pyopenssl", "urllib3.contrib.socks", "urllib3.http2.connection"),
    *("urllib3.http2.probe", "email.contentmanager", "email.headerregistry", "email.policy"),
    "email._header_value_parser",
    # there twice, in C and in Python
    *("_ctypes", "_decimal", "_dummy_thread", "_py_abc", "_pydatetime", "_pyio", "_pylong", "_uuid"),
    *("ctypes", "pty", "statistics", "zoneinfo"),
    # of libraries, not used here
    *("click.shell_completion", "click.testing", "rich.__main__", "rich._inspect", "rich.json"),
    *("rich.jupyter", "rich.markdown", "rich.pager", "rich.syntax", "rich.traceback", "yaml.cyaml"),
))  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """The standard modules that travel, and the paths in installer.pyz that get bytecode."""

    standard: Mapping[str, Module]
    installer: tuple[str, ...]


def choose_modules(installer: Mapping[str, bytes], standard: Mapping[str, Module]) -> Choice:
    """Chooses from the files of installer.pyz and the modules of a standard library."""
    own = modules_in(installer)
    roots = [name for name in own if name.startswith(ENTRY)] + ["__main__", *BY_NAME]
    found = imported_by(roots, {**standard, **own}, NEVER)
    first = [name for name in own if name.startswith(AT_EVERY_START)]
    early = imported_by(first, own, NEVER, AT_START)
    return Choice(
        {name: module for name, module in found.items() if name not in own and name not in FROZEN},
        tuple(sorted(module.path for module in early.values())),
    )
