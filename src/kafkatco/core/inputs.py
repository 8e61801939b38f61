"""The base of every user-facing input: frozen, strict, and clear about what is wrong."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, replace
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from kafkatco.errors import InputError, Problem, nearest, shown

__all__ = ["Input", "Name"]


def _printable(text: str) -> str:
    if not text.isprintable() or len(text) > MOST_LETTERS:
        raise ValueError(f"a name of at most {MOST_LETTERS} printable letters")
    return text


MOST_LETTERS: Final = 100
#: What a user calls a thing, and tables and pictures show.
Name = Annotated[str, AfterValidator(_printable)]


class Input(BaseModel):
    """A frozen record read from keywords or a file; raises :class:`InputError`, never pydantic's.

    All problems are reported at once, those of a record within it among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            name = type(self).__name__
            raise InputError(name, problems(error, type(self))) from None

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields replaced, which is validated like a new record."""
        return type(self)(**{name: getattr(self, name) for name in self.model_fields_set} | changes)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: a record is frozen."""
        raise FrozenInstanceError(self._frozen(name))

    def __delattr__(self, name: str) -> None:
        """Refuse: a record is frozen."""
        raise FrozenInstanceError(self._frozen(name))

    def _frozen(self, name: str) -> str:
        kind = type(self).__name__
        return (
            f"{kind} is frozen: {name} cannot be set; .replace({name}=...) returns a changed copy"
        )

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
        path = ".".join(str(part) for part in item["loc"])
        given = shown(item.get("input"))
        expected, hint = item["msg"], ""
        match item["type"]:
            case "extra_forbidden":
                expected = "no such field"
                hint = nearest(path, model.model_fields, limit=20)
            case "missing":
                given, expected = "nothing", "a value: this field is required"
                field = model.model_fields.get(path)
                if field is not None and field.description:
                    expected = field.description
            case "value_error":
                cause = item["ctx"]["error"]
                if isinstance(cause, InputError):  # a record within this one
                    found += [
                        replace(p, where=f"{path}.{p.where}" if path else p.where)
                        for p in cause.problems
                    ]
                    continue
                expected = str(cause)
            case "literal_error":
                expected = f"one of {item['ctx']['expected']}"
                words = re.findall(r"'([^']*)'", item["ctx"]["expected"])
                hint = nearest(str(item["input"]), words, limit=0)
            case _:
                expected = expected.removeprefix("Input should be ")
        found.append(Problem(path, given, expected, hint))
    return found
