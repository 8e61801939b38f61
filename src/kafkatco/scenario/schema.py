"""The JSON Schema of the scenario file, for editors and for checks elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from kafkatco.analysis.lever_settings import Targets
from kafkatco.analysis.placement import Part
from kafkatco.analysis.profile import Profile
from kafkatco.deployments import KINDS, Environment
from kafkatco.planning.growth import GROWTHS
from kafkatco.planning.switching_costs import Switching
from kafkatco.prices.assumptions import TRUTHS, has_plain_values, known
from kafkatco.prices.catalogue import capacities
from kafkatco.prices.tax import Tax
from kafkatco.scenario.sections import PriceSettings, ProjectionSettings
from kafkatco.sizing.workload import Conventions, Workload
from kafkatco.uncertainty.inputs import Uncertainty

__all__ = ["scenario_schema"]


def _assumptions() -> dict[str, Any]:
    """Return the schema of values that replace assumptions: numbers, or texts with a unit."""
    rows = capacities()[0]
    names: dict[str, Any] = {}
    for item, name in known(rows):
        row = rows[item][name][-1]
        plain = has_plain_values(row)
        kinds = ["boolean", "number"] if name in TRUTHS else "number"
        names[name] = {
            "type": kinds if plain else "string",
            "description": row.note,
            "examples": [float(row.value) if plain else f"{row.value:f} {row.unit}"],
        }
    return {"type": "object", "additionalProperties": False, "properties": names}


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a scenario file.

    >>> sorted(scenario_schema()["properties"])
    ['assumptions', 'conventions', 'deployment', 'environment', 'growth', 'levers', 'part',
     'prices', 'profile', 'projection', 'switching', 'tax', 'uncertainty', 'workload']
    """
    sections: dict[str, type[BaseModel]] = {
        "workload": Workload,
        "conventions": Conventions,
        "prices": PriceSettings,
        "tax": Tax,
        "projection": ProjectionSettings,
        "profile": Profile,
        "levers": Targets,
        "switching": Switching,
        "uncertainty": Uncertainty,
    }
    lists: dict[str, Mapping[str, type[BaseModel]]] = {"deployment": KINDS, "growth": GROWTHS}
    models: list[type[BaseModel]] = [
        *sections.values(),
        *KINDS.values(),
        *GROWTHS.values(),
        Environment,
        Part,
    ]
    refs, definitions = models_json_schema([(model, "validation") for model in models])
    ref: dict[Any, Any] = {model: schema for (model, _), schema in refs.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kafkatco scenario",
        "type": "object",
        "additionalProperties": False,
        "required": ["workload", "prices", "deployment"],
        "properties": {
            **{key: ref[model] for key, model in sections.items()},
            **{
                key: {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {"allOf": [ref[model]], "required": ["kind"]}
                            for model in kinds.values()
                        ]
                    },
                }
                for key, kinds in lists.items()
            },
            "environment": {"type": "array", "items": ref[Environment]},
            "part": {"type": "array", "items": ref[Part]},
            "assumptions": _assumptions(),
        },
        "$defs": definitions["$defs"],
    }
