"""Updates of resources that moto makes from a template, and then leaves as they were or forgets."""

import json

from moto.cloudformation import parsing
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.iam.models import Role


def install():
    parsing.parse_and_update_resource = _update
    Table.update_from_cloudformation_json = classmethod(_table)
    Role.update_from_cloudformation_json = classmethod(_role)
    Role.put_policy = _put_policy


_update_of_moto = parsing.parse_and_update_resource


def _update(logical_id, resource_json, resources_map, account_id, region_name):
    """A resource whose model knows no update stays; moto would forget it."""
    original = resources_map._parsed_resources.get(logical_id)
    updated = _update_of_moto(logical_id, resource_json, resources_map, account_id, region_name)
    return updated or original


def _role(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    original_resource.policies.clear()
    for policy in cloudformation_json["Properties"].get("Policies", []):
        original_resource.put_policy(policy["PolicyName"], policy["PolicyDocument"])
    return original_resource


def _put_policy(role, name, document):
    """A template has a document where the API takes its text."""
    role.policies[name] = document if isinstance(document, str) else json.dumps(document)


def _table(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
    """In its place if its key is the same; otherwise another one, and the old one is kept as our templates say."""
    properties = cloudformation_json["Properties"]
    if properties["KeySchema"] != original_resource.schema:
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)
    backend = dynamodb_backends[account_id][region_name]
    return backend.update_table(
        name=original_resource.name,
        attr_definitions=properties["AttributeDefinitions"],
        global_index=_index_updates(original_resource, properties),
        throughput=properties.get("ProvisionedThroughput") or {},
        billing_mode=properties.get("BillingMode", "PROVISIONED"),
        stream_spec=None,
        deletion_protection_enabled=properties.get("DeletionProtectionEnabled", False),
        warm_throughput=None,
    )


def _index_updates(table, properties):
    old = {index.name for index in table.global_indexes}
    new = {index["IndexName"]: index for index in properties.get("GlobalSecondaryIndexes", [])}
    created = [{"Create": index} for name, index in new.items() if name not in old]
    return created + [{"Delete": {"IndexName": name}} for name in sorted(old - new.keys())]
