"""How the documents are built: `make docs`, into `build/docs`, without the network."""

from __future__ import annotations

import inspect
from importlib.metadata import version as installed
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "kafkatco"
author = "the kafkatco contributors"
version = release = installed("kafkatco")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["conf.py"]
nitpicky = True
#: What is not ours and would need the network to be found, and type variables.
nitpick_ignore_regex = [("py:.*", r"(?!kafkatco\b).*"), ("py:class", r"kafkatco\..*\.T")]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
napoleon_google_docstring = False
napoleon_use_param = True
html_theme = "furo"
html_title = f"kafkatco {release}"
html_copy_source = False
html_show_copyright = False


def fields_only(
    app: Sphinx, what: str, name: str, obj: object, options: object, signature: str, returns: str
) -> tuple[str, str] | None:
    """Show the fields of an input with their defaults; what they take, its docstring says."""
    if not (inspect.isclass(obj) and issubclass(obj, BaseModel)):
        return None
    plain = inspect.signature(obj)
    bare = [p.replace(annotation=p.empty) for p in plain.parameters.values()]
    return str(plain.replace(parameters=bare, return_annotation=plain.empty)), ""


def setup(app: Sphinx) -> None:
    """Let Sphinx call what is above."""
    app.connect("autodoc-process-signature", fields_only)
