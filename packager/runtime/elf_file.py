"""Reads from a program or library in ELF format what it needs to be loaded."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ElfFile:
    """A program or library. `loader` is its absolute path, None for a library; `needed` are names."""

    loader: str | None
    needed: tuple[str, ...]
    search_paths: tuple[str, ...]


def read_elf(path: Path) -> ElfFile | None:
    """Returns the file's needs; None if it is not in ELF format."""
    from elftools.common.exceptions import ELFError
    from elftools.elf.dynamic import DynamicSegment
    from elftools.elf.elffile import ELFFile
    from elftools.elf.segments import InterpSegment

    loader = None
    texts: dict[str, list[str]] = {}
    with path.open("rb") as file:
        try:
            segments = list(ELFFile(file).iter_segments())
            for segment in segments:
                if isinstance(segment, InterpSegment):
                    loader = str(segment.get_interp_name())
                for tag in segment.iter_tags() if isinstance(segment, DynamicSegment) else ():
                    texts[tag.entry.d_tag] = [*texts.get(tag.entry.d_tag, []), _text(tag)]
        except ELFError:
            return None
    searched = [*texts.get("DT_RPATH", []), *texts.get("DT_RUNPATH", [])]
    paths = tuple(path for text in searched for path in text.split(":"))
    return ElfFile(loader, tuple(texts.get("DT_NEEDED", [])), paths)


def _text(tag: object) -> str:
    """Returns the name or path of an entry; empty for entries of other kinds."""
    kinds = ("needed", "rpath", "runpath")
    return next((str(getattr(tag, kind)) for kind in kinds if hasattr(tag, kind)), "")
