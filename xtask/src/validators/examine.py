"""Examines SAM templates and OpenAPI documents with validators that others wrote.

Takes paths of either and prints a JSON object: for each path the list of what was found, a sentence each. Beside a
template it leaves what SAM makes of it. It uses neither credentials nor the network.
"""

import copy
import json
import logging
import os
import sys
import textwrap

# SAM wants a region and credentials to be there, whatever they are.
os.environ.update(
    AWS_ACCESS_KEY_ID="none",
    AWS_SECRET_ACCESS_KEY="none",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
    SAM_CLI_TELEMETRY="0",
    __SAM_CLI_APP_DIR=sys.prefix,
)

import yaml
from cfnlint.api import ManualArgs, lint
from click.testing import CliRunner
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator
from samcli.cli.main import cli
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def main(paths):
    logging.disable(logging.WARNING)
    json.dump({path: examine(path) for path in paths}, sys.stdout)


def examine(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    content = yaml.safe_load(text)
    if "openapi" in content:
        return list(openapi("the document", json.loads(json.dumps(content))))
    found = list(sam_validate(path))
    try:
        translated = translate(content)
    except InvalidDocumentException as error:
        return found + [f"SAM translator: {cause.message}" for cause in error.causes]
    with open(path.removesuffix(".yaml") + ".translated.json", "w", encoding="utf-8") as file:
        json.dump(translated, file)  # for the scanner, which does not expand SAM either
    # cfn-lint does not expand SAM: what CloudFormation gets, and with it most faults, is only in the translation.
    found += cfn_lint("the translated template", json.dumps(translated))
    found += bodies(translated)
    return found or list(cfn_lint("the template", text))


def sam_validate(path):
    result = CliRunner().invoke(cli, ["validate", "--template", path])
    if result.exit_code != 0:
        yield f"sam validate: {' '.join(result.output.split()) or result.exception}"


def translate(template):
    """Translates as a deployment would, where the code's local path has been replaced by that of the upload."""
    template = copy.deepcopy(template)
    sections = [template.get("Globals", {}).get("Function", {})]
    sections += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for section in sections:
        if "CodeUri" in section:
            section["CodeUri"] = "s3://bucket/key"
    translated = Translator(managed_policy_map={}, sam_parser=Parser()).translate(template, parameter_values={})
    return json.loads(json.dumps(translated))  # plain dictionaries, as their messages are readable


def cfn_lint(what, text):
    """Lints on the strictest level: an information is a finding, too."""
    config = ManualArgs(regions=["us-east-1"], include_checks=["I"])
    for match in lint(text, config=config) or []:
        message = textwrap.shorten(match.message, width=200, placeholder=" …")
        yield f"cfn-lint {match.rule.id} on {what}, at {match.path_string or 'the top'}: {message}"


def bodies(translated):
    for name, resource in translated["Resources"].items():
        body = resource.get("Properties", {}).get("Body")
        if body is None:
            continue
        if resource["Type"] in ("AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi"):
            yield from openapi(name, body)


def without_plus(document):
    """An HTTP API calls the greedy parameter of `/{path+}` `path+`, and a REST API just `path`, which OpenAPI takes for another."""
    items = document.get("paths", {}).items()
    return {**document, "paths": {named_as_declared(path, json.dumps(item)): item for path, item in items}}


def named_as_declared(path, item):
    name = path[path.rfind("{") + 1 :].removesuffix("}")
    return path if f'"name": "{name}"' in item else path.replace("+}", "}")


def openapi(name, document):
    document = without_plus(document)
    version = str(document.get("openapi"))
    validator = OpenAPIV31SpecValidator if version.startswith("3.1") else OpenAPIV30SpecValidator
    try:
        for error in validator(document).iter_errors():
            where = "/".join(str(part) for part in error.absolute_path)
            yield f"openapi-spec-validator on {name}, at {where or 'the top'}: {error.message}"
    except ValueError as error:  # it takes apart what it found to be a path without having looked
        yield f"openapi-spec-validator on {name}: {error}"


main(sys.argv[1:])
