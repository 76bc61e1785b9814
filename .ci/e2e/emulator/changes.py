"""What a change set does to each resource, as `DescribeChangeSet` tells it."""

import functools
import json
from importlib import resources

SCHEMAS = resources.files("cfnlint") / "data" / "schemas"


def between(old, new, physical_ids):
    """The changes between two translated templates."""
    before, after = old.get("Resources", {}), new["Resources"]
    found = {}
    for name in sorted(before.keys() | after.keys()):
        if name not in before:
            found[name] = _change("Add", name, after[name])
        elif name not in after:
            found[name] = _change("Remove", name, before[name], physical_ids.get(name))
        elif details := _details(before[name], after[name]):
            found[name] = _change("Modify", name, after[name], physical_ids.get(name), details)
    _add_dependents(found, after, physical_ids)
    return list(found.values())


def _change(action, name, resource, physical_id=None, details=()):
    change = {"Action": action, "LogicalResourceId": name, "ResourceType": resource["Type"], "Scope": [], "Details": []}
    if physical_id:
        change["PhysicalResourceId"] = physical_id
    if action == "Modify":
        needs = {detail["Target"].get("RequiresRecreation", "Never") for detail in details}
        change["Replacement"] = (
            "True" if "Always" in needs else "Conditional" if "Conditionally" in needs else "False"
        )
        change["Scope"] = sorted({detail["Target"]["Attribute"] for detail in details})
        change["Details"] = list(details)
    return change


def _details(before, after):
    old, new = before.get("Properties", {}), after.get("Properties", {})
    details = [
        _detail({"Attribute": "Properties", "Name": name, "RequiresRecreation": recreation(after["Type"], name)})
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]
    for attribute in ("Metadata", "CreationPolicy", "UpdatePolicy", "DeletionPolicy", "UpdateReplacePolicy"):
        if before.get(attribute) != after.get(attribute):
            details.append(_detail({"Attribute": attribute, "RequiresRecreation": "Never"}))
    return details


def _detail(target, source="DirectModification", evaluation="Static", **more):
    return {"Target": target, "ChangeSource": source, "Evaluation": evaluation, **more}


def _add_dependents(found, after, physical_ids):
    """What refers to a resource that is made anew changes as well, and nobody knows to what before it is done."""
    for replaced in [name for name, change in found.items() if change.get("Replacement") == "True"]:
        for name, resource in after.items():
            for prop, value in resource.get("Properties", {}).items():
                if not _refers(value, replaced) or name == replaced:
                    continue
                target = {"Attribute": "Properties", "Name": prop, "RequiresRecreation": recreation(resource["Type"], prop)}
                if target["RequiresRecreation"] == "Always":
                    target["RequiresRecreation"] = "Conditionally"
                detail = _detail(target, "ResourceReference", "Dynamic", CausingEntity=replaced)
                change = found.get(name)
                if change is None or change["Action"] == "Modify":
                    details = [*(change["Details"] if change else ()), detail]
                    found[name] = _change("Modify", name, resource, physical_ids.get(name), details)


def _refers(value, name):
    if isinstance(value, list):
        return any(_refers(element, name) for element in value)
    if not isinstance(value, dict):
        return False
    for function, argument in value.items():
        if function == "Ref" and argument == name:
            return True
        if function == "Fn::GetAtt" and (argument[0] if isinstance(argument, list) else argument.split(".")[0]) == name:
            return True
        if function == "Fn::Sub":
            text = argument if isinstance(argument, str) else argument[0]
            if f"${{{name}}}" in text or f"${{{name}." in text:
                return True
        if _refers(argument, name):
            return True
    return False


def recreation(kind, prop):
    """Whether a resource has to be made anew for a change of a property."""
    schema = _schema(kind)
    own = f"/properties/{prop}"
    # The registry calls a key schema conditional because one of the same keys in another order is none.
    if kind == "AWS::DynamoDB::Table" and prop == "KeySchema":
        return "Always"
    if own in schema.get("createOnlyProperties", ()):
        return "Always"
    conditional = (*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ()))
    return "Conditionally" if any(path == own or path.startswith(f"{own}/") for path in conditional) else "Never"


@functools.cache
def _schema(kind):
    file = _index().get(kind)
    return json.loads((SCHEMAS / "resources" / f"{file}.json").read_text()) if file else {}


@functools.cache
def _index():
    return json.loads((SCHEMAS / "providers" / "us-east-1.json").read_text())
