"""The page: one HTML file with curves and a script that computes the model offline in a browser."""

from kafkatco.output.page.build import page

__all__ = ["page"]
