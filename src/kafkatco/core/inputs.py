"""The base of user-facing inputs: frozen, strict records with clear errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import FrozenInstanceError, replace
from typing import Annotated, Any, ClassVar, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from kafkatco.errors import InputError, InvalidValueError, Problem, nearest, shown
from kafkatco.i18n.message import EMPTY, Message, _, verbatim

__all__ = ["Input", "Name"]


def _printable(text: str) -> str:
    if not text.isprintable() or len(text) > MAX_LETTERS:
        raise InvalidValueError(
            _("a name of at most {letters} printable letters", letters=MAX_LETTERS)
        )
    return text


MAX_LETTERS: Final = 100
#: A name that a user chooses, which tables and plots show.
Name = Annotated[str, AfterValidator(_printable)]


class Input(BaseModel):
    """A frozen record of keywords or a file; raises :class:`InputError`, never a pydantic error.

    The error has all problems, also those of nested records.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    #: Where to set what is no field of this record, by the name under which users look for it.
    hints: ClassVar[Mapping[str, Message]] = {}

    def __init__(self, **data: Any) -> None:
        try:
            super().__init__(**data)
        except ValidationError as error:
            name = type(self).__name__
            raise InputError(name, problems(error, type(self))) from None

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields replaced, validated like a new record."""
        return type(self)(**{name: getattr(self, name) for name in self.model_fields_set} | changes)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse, since a record is frozen."""
        raise FrozenInstanceError(self._frozen(name))

    def __delattr__(self, name: str) -> None:
        """Refuse, since a record is frozen."""
        raise FrozenInstanceError(self._frozen(name))

    def _frozen(self, name: str) -> Message:
        return _(
            "{kind} is frozen: {name} cannot be set; .replace({name}=...) returns a changed copy",
            kind=type(self).__name__,
            name=name,
        )

    @classmethod
    def read(cls, data: dict[str, Any], where: str) -> tuple[Self | None, list[Problem]]:
        """Return the record, or ``None`` and every problem with its path under ``where``."""
        try:
            return cls(**data), []
        except InputError as error:
            return None, [
                replace(problem, where=f"{where}.{problem.where}" if problem.where else where)
                for problem in error.problems
            ]


def problems(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return the problems of a pydantic error in our own words."""
    return [
        problem
        for detail in error.errors(include_url=False)
        for problem in _problems_of(detail, model)
    ]


def _problems_of(detail: ErrorDetails, model: type[BaseModel]) -> Iterator[Problem]:
    path = ".".join(str(part) for part in detail["loc"])
    value, context = detail["input"], detail.get("ctx", {})
    cause = context.get("error")
    match detail["type"]:
        case "extra_forbidden":
            hints = model.hints if issubclass(model, Input) else {}
            hint = hints.get(path) or nearest(path, model.model_fields, limit=20)
            yield Problem(path, "", _("unknown field"), hint)
        case "missing":
            yield Problem(path, "", _required(path, model))
        case "value_error" if isinstance(cause, InputError):  # of a nested record
            for problem in cause.problems:
                where = f"{path}.{problem.where}" if path and problem.where else path
                yield replace(problem, where=where or problem.where)
        case "value_error" if isinstance(cause, InvalidValueError):
            yield cause.problem(path, value)
        case "value_error" if isinstance(cause, ValueError) and cause.args:
            yield Problem(path, shown(value), *map(verbatim, cause.args))
        case "literal_error":
            words = re.findall(r"'[^']*'|[^\s,']+(?=,| or |$)", context["expected"])
            choices = _("one of {values}", values=", ".join(words)) if words[1:] else words[0]
            names = [word.strip("'") for word in words if word.startswith("'")]
            hint = nearest(str(value), names, limit=0)
            yield Problem(path, shown(value), choices, hint)
        case kind:
            expected, advice = _expected(kind, value, context)
            yield Problem(path, shown(value), expected or verbatim(detail["msg"]), advice)


def _required(path: str, model: type[BaseModel]) -> Message:
    """Return the sentence for a missing field, with its description or an example."""
    field = model.model_fields.get(path)
    if field is None:
        return _("required field")
    if field.description:
        return _("required field: {description}", description=field.description)
    for annotation in field.metadata:
        if isinstance(annotation, WithJsonSchema) and annotation.json_schema:
            for example in annotation.json_schema.get("examples", ()):
                return _("required field, such as '{example}'", example=example)
    return _("required field")


def _expected(kind: str, value: Any, context: Mapping[str, Any]) -> tuple[Message | None, Message]:
    """Return the expected value and a hint for a type of pydantic error; ``None`` if unknown."""
    match kind:
        case "greater_than":
            return _("more than {bound:,.12g}", bound=context["gt"]), EMPTY
        case "greater_than_equal":
            return _("at least {bound:,.12g}", bound=context["ge"]), EMPTY
        case "less_than":
            return _("less than {bound:,.12g}", bound=context["lt"]), _share(value, context["lt"])
        case "less_than_equal":
            return _("at most {bound:,.12g}", bound=context["le"]), _share(value, context["le"])
        case "float_type" | "float_parsing" | "int_type" | "int_parsing" | "int_from_float":
            whole = kind.startswith("int")
            expected = _("a whole number") if whole else _("a number")
            return expected, _unquoted(value)
        case "finite_number":
            return _("a finite number"), EMPTY
        case "bool_type" | "bool_parsing":
            return _("true or false"), EMPTY
        case "string_type":
            return _("a text in quotes"), EMPTY
        case "date_type" | "date_parsing" | "date_from_datetime_parsing":
            return _("a date, YYYY-MM-DD"), EMPTY
        case "list_type" | "tuple_type" | "set_type":
            return _("a list, such as [...]"), EMPTY
        case "dict_type" | "model_type" | "model_attributes_type":
            return _("a table, such as {...}"), EMPTY
        case "too_short":
            return _("at least {bound:,.12g} values", bound=context["min_length"]), EMPTY
        case "too_long":
            return _("at most {bound:,.12g} values", bound=context["max_length"]), EMPTY
    return None, EMPTY


def _share(value: Any, bound: float) -> Message:
    """Return a hint for a percentage in place of a share, such as 15 for 0.15."""
    if bound != 1 or not isinstance(value, int | float) or value > 100:
        return EMPTY
    return _("A share: {share:g} is {percent:g} %.", share=value / 100, percent=value)


def _unquoted(value: Any) -> Message:
    """Return a hint for a number in quotes, or with a percent sign."""
    if not isinstance(value, str):
        return EMPTY
    try:
        if value.rstrip().endswith("%"):
            share = float(value.rstrip().removesuffix("%")) / 100
            return _("Write {share:g} for {text}.", share=share, text=value)
        float(value)
    except ValueError:
        return EMPTY
    return _("Remove the quotes.")
