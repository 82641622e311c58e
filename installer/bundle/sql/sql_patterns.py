"""Defines parts of regular expressions that split SQL, also for `re.VERBOSE`; `.` must match line ends."""

TEXT = r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*\""""
NAME = r"`(?:[^`]|``)*`"
QUOTED = rf"{TEXT}|{NAME}"
LINE_COMMENT = r"\#[^\n]*|--(?=\s|$)[^\n]*"
COMMENT = rf"{LINE_COMMENT}|/\*(?!M?!).*?\*/"  # not `/*! … */` and `/*M! … */`, which servers execute
ANY_COMMENT = rf"{LINE_COMMENT}|/\*.*?\*/"
