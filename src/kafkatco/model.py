"""The base of every user-facing input: frozen, strict, and clear about what is wrong."""

from __future__ import annotations

from typing import Any, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from kafkatco.errors import InputError, Problem, nearest

__all__ = ["Input"]


class Input(BaseModel):
    """A frozen record read from keywords or a file; raises :class:`InputError`, never pydantic's.

    ``Input`` records are not nested in one another: each checks itself and reports all its
    problems at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            name = type(self).__name__
            raise InputError(name, problems(error, type(self))) from None

    @classmethod
    def read(cls, data: dict[str, Any], where: str) -> tuple[Self | None, list[Problem]]:
        """Return the record, or ``None`` and every problem, each under the path ``where``."""
        try:
            return cls(**data), []
        except InputError as error:
            return None, [
                Problem(f"{where}.{p.where}" if p.where else where, p.given, p.expected, p.hint)
                for p in error.problems
            ]


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Translate pydantic's findings into ours."""
    found = []
    for item in error.errors(include_url=False):
        path = [str(part) for part in item["loc"]]
        given = repr(item.get("input"))
        expected, hint = item["msg"], ""
        match item["type"]:
            case "extra_forbidden":
                owner = _owner(model, path[:-1])
                expected = "no such field"
                hint = nearest(path[-1], owner.model_fields, limit=20)
            case "missing":
                given, expected = "nothing", "a value: this field is required"
            case "value_error":
                expected = str(item["ctx"]["error"])
            case "literal_error":
                expected = f"one of {item['ctx']['expected']}"
                hint = nearest(str(item["input"]), item["ctx"]["expected"].replace("'", "").split())
            case _:
                expected = expected.removeprefix("Input should be ")
        found.append(Problem(".".join(path), given, expected, hint))
    return found


def _owner(model: type[BaseModel], path: list[str]) -> type[BaseModel]:
    for part in path:
        field = model.model_fields.get(part)
        annotation = getattr(field, "annotation", None)
        for inner in (annotation, *get_args(annotation)):  # a model, or a model | None
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
    return model
