"""Nested stacks: moto makes them, and here they are changed in their place, compared, and tell what happens to them."""

import copy
from urllib.parse import urlparse

from moto.cloudformation.models import CloudFormationBackend, Stack, cloudformation_backends
from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition

from . import changes, sam, stacks

KIND = "AWS::CloudFormation::Stack"


class Failed(ValueError):
    """The stack that embeds it says only this; the cause is among the events of the nested one."""

    def __init__(self, stack, done):
        super().__init__(f"Embedded stack {stack.stack_id} was not successfully {done}")
        self.stack_id = stack.stack_id


def install():
    Stack.physical_resource_id = property(lambda stack: stack.stack_id)
    Stack.get_cfn_attribute = lambda stack, name: stack.output_map[name.removeprefix("Outputs.")].value
    Stack.create_from_cloudformation_json = classmethod(_create)
    Stack.update_from_cloudformation_json = classmethod(_update)
    CloudFormationBackend.delete_change_set = _delete_change_set


def _template(resource, account_id, region_name):
    bucket, _, key = urlparse(resource["Properties"]["TemplateURL"]).path.lstrip("/").partition("/")
    return s3_backends[account_id][get_partition(region_name)].get_object(bucket, key).value.decode()


def _create(cls, resource_name, cloudformation_json, account_id, region_name, **_):
    backend = cloudformation_backends[account_id][region_name]
    template = _template(cloudformation_json, account_id, region_name)
    parameters = cloudformation_json["Properties"].get("Parameters", {})
    try:
        return backend.create_stack(name=resource_name, template=template, parameters=parameters)
    except Exception as error:
        stack = backend.get_stack(resource_name)
        stacks.fail(stack, "CREATE", getattr(error, "message", None) or str(error))
        backend.delete_stack(stack.stack_id)
        raise Failed(stack, "created") from error


def _update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    stack, text = original_resource, _template(cloudformation_json, account_id, region_name)
    before, after = sam.translated(stack.template), sam.translated(text)
    stacks.status(stack, "UPDATE_IN_PROGRESS")
    found = changes.between(before, after, stacks.physical_ids(stack))
    try:
        stacks.update(stack, found, after, cloudformation_json["Properties"].get("Parameters", {}))
    except Exception as error:
        stacks.fail(stack, "UPDATE", getattr(error, "message", None) or str(error))
        raise Failed(stack, "updated") from error
    stack.template, stack.template_dict = text, after
    stack.output_map = stack._create_output_map()
    stacks.status(stack, "UPDATE_COMPLETE")
    return stack


def change_sets(change_set, found):
    """Gives each nested stack that changes a change set of its own."""
    stack = change_set.stack
    backend = cloudformation_backends[stack.account_id][stack.region_name]
    for change in found:
        if change["ResourceType"] != KIND or change["Action"] == "Remove":
            continue
        nested = stack.resource_map._parsed_resources.get(change["LogicalResourceId"])
        resource = change_set.template_dict["Resources"][change["LogicalResourceId"]]
        new = sam.translated(_template(resource, stack.account_id, stack.region_name))
        old = sam.translated(nested.template) if nested else {}
        own = copy.copy(change_set)
        own.change_set_id = change["ChangeSetId"] = f"{change_set.change_set_id}-{change['LogicalResourceId']}"
        own.changes = changes.between(old, new, stacks.physical_ids(nested) if nested else {})
        own.status, own.execution_status, own.status_reason = "CREATE_COMPLETE", "UNAVAILABLE", None
        backend.change_sets[own.change_set_id] = own
    return found


_delete_of_moto = CloudFormationBackend.delete_change_set


def _delete_change_set(backend, change_set_name):
    """With a change set go those of the nested stacks; one that went so is not missed."""
    if change_set_name.startswith("arn:") and change_set_name not in backend.change_sets:
        return
    _delete_of_moto(backend, change_set_name)
    nested = [name for name in backend.change_sets if name.startswith(f"{change_set_name}-")]
    for name in nested:
        del backend.change_sets[name]
