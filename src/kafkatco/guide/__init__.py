"""The article's comparison and guide as data, beside what is computed; and a recommendation."""

from kafkatco.guide.matrix import Criterion, article_matrix
from kafkatco.guide.profile import Profile
from kafkatco.guide.recommend import Option, Recommendation, recommend

__all__ = [
    "Criterion", "Option", "Profile", "Recommendation", "article_matrix", "recommend",
]  # fmt: skip
