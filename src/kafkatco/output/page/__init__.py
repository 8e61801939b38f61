"""The page: one file that carries the curves and computes the model in a browser, offline."""

from kafkatco.output.page.build import page

__all__ = ["page"]
