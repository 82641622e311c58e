"""Defines parts of regular expressions that split SQL, also for `re.VERBOSE`; `.` must match line ends."""

TEXT = r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*\""""
NAME = r"`(?:[^`]|``)*`"
NAMED = r"`((?:[^`]|``)+)`"  # the name is the group, its backquotes still doubled
QUOTED = rf"{TEXT}|{NAME}"
LINE_COMMENT = r"\#[^\n]*|--(?=\s|$)[^\n]*"
COMMENT = rf"{LINE_COMMENT}|/\*(?!M?!).*?\*/"  # not `/*! … */` and `/*M! … */`, which servers execute
ANY_COMMENT = rf"{LINE_COMMENT}|/\*.*?\*/"
