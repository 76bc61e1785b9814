"""Change sets with details, executions that can be held, events of resources, rollbacks, and deletions that fail."""

import json
import threading
from urllib.parse import urlparse

from moto.cloudformation import responses
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import get_model_map
from moto.s3.models import s3_backends

from . import changes, nested, sam

# An execution waits for it; a test that clears it has all the time of an interrupted deployment.
RELEASED = threading.Event()
RELEASED.set()
# Logical ids of resources that cannot be deleted, each with the reason.
STUBBORN = {}


def install():
    Stack.parse_template = staticmethod(sam.translated)
    ChangeSet._parse_template = _parse_template
    ChangeSet.diff = _diff
    CloudFormationBackend.create_change_set = _create_change_set
    CloudFormationBackend.execute_change_set = _execute
    CloudFormationBackend.delete_stack = _delete
    nested.install()
    responses.CloudFormationResponse.get_template = _get_template
    responses.CloudFormationResponse._get_stack_from_s3_url = _template_at


def _template_at(response, url):
    """Moto knows buckets by AWS's own hosts only."""
    bucket, _, key = urlparse(url).path.lstrip("/").partition("/")
    return s3_backends[response.current_account][response.partition].get_object(bucket, key).value.decode()


def _parse_template(change_set):
    change_set.template_dict = sam.translated(change_set.template)


def _diff(change_set):
    stack = change_set.stack
    old = sam.translated(stack.template) if stack.template else {}
    return nested.change_sets(change_set, changes.between(old, change_set.template_dict, physical_ids(stack)))


def physical_ids(stack):
    resources = stack.resource_map._parsed_resources.items()
    return {name: found for name, it in resources if (found := getattr(it, "physical_resource_id", None))}


_create_of_moto = CloudFormationBackend.create_change_set


def _create_change_set(backend, stack_name, *arguments, **keywords):
    """A stack that waits for its first change set to be executed is used again, as by CloudFormation."""
    waiting = next((it for it in backend.stacks.values() if stack_name in (it.name, it.stack_id)), None)
    if waiting is not None and keywords.get("change_set_type") == "CREATE":
        if waiting.status != "REVIEW_IN_PROGRESS":
            raise responses.ValidationError(message=f"Stack [{stack_name}] already exists and cannot be created again")
        del backend.stacks[waiting.stack_id]
    if keywords.get("change_set_type") != "CREATE" and waiting is not None:
        stack_name = waiting.name
        if waiting.status.endswith("_IN_PROGRESS") or waiting.status == "ROLLBACK_COMPLETE":
            message = f"Stack:{waiting.stack_id} is in {waiting.status} state and can not be updated."
            raise responses.ValidationError(message=message)
    return _create_of_moto(backend, stack_name, *arguments, **keywords)


def _get_template(response):
    name, stage = response._get_param("StackName"), response._get_param("TemplateStage", "Original")
    text = response.cloudformation_backend.get_template(name)
    body = json.dumps(sam.translated(text)) if stage == "Processed" and text else text or "{}"
    return responses.ActionResult({"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]})


def _execute(backend, change_set_name, stack_name=None):
    change_set = backend.describe_change_set(change_set_name)
    stack = change_set.stack
    change_set.execution_status = "EXECUTE_IN_PROGRESS"
    kind = change_set.change_set_type
    status(stack, f"{kind}_IN_PROGRESS", "User Initiated")
    backend.change_sets = {key: it for key, it in backend.change_sets.items() if it.stack is not stack}
    threading.Thread(target=_apply, args=(stack, change_set, kind), daemon=True).start()


_delete_of_moto = CloudFormationBackend.delete_stack


def _delete(backend, name_or_stack_id):
    stack = next((it for it in backend.stacks.values() if name_or_stack_id in (it.name, it.stack_id)), None)
    found = [name for name in STUBBORN if stack is not None and name in stack.resource_map._resource_json_map]
    if not found:
        return _delete_of_moto(backend, name_or_stack_id)
    status(stack, "DELETE_IN_PROGRESS", "User Initiated")
    for name in found:
        kind = stack.resource_map._resource_json_map[name]["Type"]
        _event(stack, {"LogicalResourceId": name, "ResourceType": kind}, "DELETE_FAILED", STUBBORN[name])
    status(stack, "DELETE_FAILED", f"The following resource(s) failed to delete: {found}.")


def set_status(name, status):
    """As if something had happened to a stack that nobody here can make happen."""
    for regions in cloudformation_backends.values():
        for backend in regions.values():
            for stack in backend.stacks.values():
                if stack.name == name:
                    stack.status = status


def _apply(stack, change_set, kind):
    RELEASED.wait()
    before = sam.translated(stack.template) if stack.template else {"Resources": {}}
    try:
        _one_index_at_a_time(stack, before, change_set.template_dict)
        update(stack, change_set.changes, change_set.template_dict, change_set.parameters)
    except Exception as error:  # whatever moto says of a resource is why it failed
        fail(stack, kind, getattr(error, "message", None) or str(error), getattr(error, "stack_id", ""))
        _roll_back(stack, before, kind)
        return
    stack.template = change_set.template
    stack.template_dict = change_set.template_dict
    stack.parameters = change_set.parameters
    stack.description = change_set.template_dict.get("Description")
    stack.tags = change_set.tags or {}
    stack.output_map = stack._create_output_map()
    status(stack, f"{kind}_COMPLETE")


def update(stack, all_changes, template, parameters):
    """One resource after the other, so that the events say which one failed."""
    names = {"Add": "CREATE", "Modify": "UPDATE", "Remove": "DELETE"}
    for change in all_changes:
        _event(stack, change, names[change["Action"]] + "_IN_PROGRESS")
    kept = {name for name, resource in stack.resource_map._resource_json_map.items() if _is_kept(resource)}
    for name in kept - template["Resources"].keys():
        # Moto deletes what a template has no more, whatever its policy.
        stack.resource_map._resource_json_map.pop(name)
        stack.resource_map._parsed_resources.pop(name, None)
    stack.resource_map.update(template, parameters)
    for change in all_changes:
        _event(stack, change, names[change["Action"]] + "_COMPLETE")


def _is_kept(resource):
    return resource.get("DeletionPolicy", "Delete").startswith("Retain")


def _one_index_at_a_time(stack, before, after):
    """DynamoDB's rule, which moto does not have."""
    for name, table in after["Resources"].items():
        if table["Type"] != "AWS::DynamoDB::Table" or name not in before["Resources"]:
            continue
        old, new = (
            {index["IndexName"] for index in it.get("Properties", {}).get("GlobalSecondaryIndexes", [])}
            for it in (before["Resources"][name], table)
        )
        if len(old ^ new) > 1:
            change = {"LogicalResourceId": name, "ResourceType": table["Type"]}
            message = "Cannot perform more than one GSI creation or deletion in a single update"
            _event(stack, change, "UPDATE_FAILED", message)
            raise ValueError(message)


def fail(stack, kind, reason, nested_id=""):
    """Tells of the resource that failed, and that the rollback begins."""
    failed = _failed_resource(stack)
    if failed:
        _event(stack, {**failed, "PhysicalResourceId": nested_id}, f"{kind}_FAILED", reason)
    prefix = "ROLLBACK" if kind == "CREATE" else "UPDATE_ROLLBACK"
    status(stack, f"{prefix}_IN_PROGRESS", f"The following resource(s) failed: [{reason}].")


def _roll_back(stack, before, kind):
    stack.resource_map.update(before, stack.parameters)
    status(stack, "ROLLBACK_COMPLETE" if kind == "CREATE" else "UPDATE_ROLLBACK_COMPLETE")


def _failed_resource(stack):
    """The first resource that was to be made and is not there."""
    resource_map = stack.resource_map
    for name, resource in resource_map._resource_json_map.items():
        if name not in resource_map._parsed_resources and resource["Type"] in get_model_map():
            return {"LogicalResourceId": name, "ResourceType": resource["Type"]}
    return None


def status(stack, now, reason=None):
    stack.status = now
    stack._add_stack_event(now, resource_status_reason=reason)


def _event(stack, change, status, reason=None):
    stack.events.append(
        Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=change["LogicalResourceId"],
            physical_resource_id=change.get("PhysicalResourceId") or physical_ids(stack).get(change["LogicalResourceId"], ""),
            resource_type=change["ResourceType"],
            resource_status=status,
            resource_status_reason=reason,
            resource_properties="{}",
        )
    )
