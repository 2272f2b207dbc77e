"""PDFium, started so that it is the same on every machine: it looks for fonts in one folder, which is a wheel's.

In: nothing. Out: ``pdfium`` and ``pdfium_c``, the libraries that all others here take from this module. A PDF whose
fonts are not embedded gets its characters, their boxes and its picture from whatever font PDFium finds; left alone, it
looks through the machine's, so that one file would be read in as many ways as there are machines. What it finds here
is Noto Sans CJK for Chinese and, for Latin letters and symbols, the fonts that are compiled into PDFium.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import noto_cjk_sans_otc
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

__all__ = ["FONT", "direct", "pdfium", "pdfium_c", "start"]


def start(folder: Path) -> None:
    """Start PDFium anew with the fonts of a folder: importing it has started it with the machine's.

    No document may be open meanwhile.
    """
    paths = (ctypes.c_char_p * 2)(bytes(folder), None)
    pointer = ctypes.cast(paths, ctypes.POINTER(ctypes.POINTER(ctypes.c_char)))
    config = pdfium_c.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=pointer)
    pdfium_c.FPDF_DestroyLibrary()
    pdfium_c.FPDF_InitLibraryWithConfig(config)
    # PDFium keeps the address, and asks for it whenever it looks for a font.
    _kept.append(paths)


_kept: list[object] = []

FONT = Path(noto_cjk_sans_otc.__file__).with_name(noto_cjk_sans_otc.FONT_FILE)
"""The only font file that PDFium may use."""

start(FONT.parent)


def direct(function: Any, *arguments: type, result: type = ctypes.c_int) -> Callable[..., Any]:
    """A function of pdfium's that takes addresses as they are, for what is called for each character or stroke.

    Of what such a call costs, more than a third is ctypes' looking at the types of pointers and giving up the lock.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)
