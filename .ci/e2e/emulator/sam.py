"""Templates as CloudFormation has them after SAM's transform, which is a library that AWS publishes."""

import functools
import json

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
    template = parsed(text)
    if template.get("Transform") != "AWS::Serverless-2016-10-31":
        return json.dumps(template, default=str)
    try:
        result = Translator(managed_policy_map={}, sam_parser=Parser()).translate(template, parameter_values={})
    except InvalidDocumentException as error:
        raise ValueError("; ".join(cause.message for cause in error.causes)) from error
    return json.dumps(result, default=str)
