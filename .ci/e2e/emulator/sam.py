"""Templates as CloudFormation has them after SAM's transform, which is a library that AWS publishes."""

import functools
import json
import re

import yaml
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def parsed(text):
    """The template as it was given."""
    return yaml.safe_load(text)


def translated(text):
    """The template as its resources are made."""
    return json.loads(_translated(text))


@functools.cache
def _translated(text):
    template = _with_outputs(parsed(text))
    if template.get("Transform") != "AWS::Serverless-2016-10-31":
        return json.dumps(template, default=str)
    try:
        result = Translator(managed_policy_map={}, sam_parser=Parser()).translate(template, parameter_values={})
    except InvalidDocumentException as error:
        raise ValueError("; ".join(cause.message for cause in error.causes)) from error
    return json.dumps(result, default=str)


def _with_outputs(value):
    """`${Part.Outputs.Name}` in a text, which moto does not read, as a variable of `Fn::Sub`, which it does."""
    if isinstance(value, list):
        return [_with_outputs(element) for element in value]
    if not isinstance(value, dict):
        return value
    text = value.get("Fn::Sub")
    names = re.findall(r"\$\{(\w+)\.Outputs\.(\w+)\}", text) if isinstance(text, str) else []
    if not names:
        return {key: _with_outputs(element) for key, element in value.items()}
    outputs = {f"{part}{name}": {"Fn::GetAtt": [part, f"Outputs.{name}"]} for part, name in names}
    return {"Fn::Sub": [re.sub(r"\$\{(\w+)\.Outputs\.(\w+)\}", r"${\1\2}", text), outputs]}
