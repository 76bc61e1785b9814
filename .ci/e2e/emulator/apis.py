"""`AWS::ApiGatewayV2::Api`, made of its OpenAPI document: moto imports such documents, but not from a template.

Moto finds the models of templates among the subclasses of `CloudFormationModel`, so that importing this is enough.
"""

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.core.common_models import CloudFormationModel

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"}


class HttpApi(CloudFormationModel):
    def __init__(self, api):
        self.api = api

    @property
    def physical_resource_id(self):
        return self.api.api_id

    @staticmethod
    def cloudformation_name_type():
        return ""

    @staticmethod
    def cloudformation_type():
        return "AWS::ApiGatewayV2::Api"

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in ("ApiId", "ApiEndpoint")

    def get_cfn_attribute(self, attribute):
        return {"ApiId": self.api.api_id, "ApiEndpoint": self.api.api_endpoint}[attribute]

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        body = cloudformation_json["Properties"]["Body"]
        api = apigatewayv2_backends[account_id][region_name].create_api(
            api_key_selection_expression=None,
            cors_configuration=None,
            description=None,
            disable_schema_validation=None,
            disable_execute_api_endpoint=False,
            name=body["info"]["title"],
            protocol_type="HTTP",
            route_selection_expression="$request.method $request.path",
            tags={},
            version=body["info"]["version"],
        )
        made = cls(api)
        made.load(body)
        return made

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        original_resource.load(cloudformation_json["Properties"]["Body"])
        return original_resource

    @classmethod
    def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
        apigatewayv2_backends[account_id][region_name].delete_api(resource_name)

    def load(self, body):
        """Moto's own import takes what a path says of all its operations for one, and leaves authorizers out."""
        self.api.clear()
        authorizers = {
            name: self.api.create_authorizer(
                auth_creds_arn=None,
                auth_payload_format_version=None,
                auth_result_ttl=None,
                authorizer_type=scheme["x-amazon-apigateway-authorizer"]["type"].upper(),
                authorizer_uri=None,
                enable_simple_response=None,
                identity_source=[scheme["x-amazon-apigateway-authorizer"]["identitySource"]],
                identity_validation_expr=None,
                jwt_config=scheme["x-amazon-apigateway-authorizer"].get("jwtConfiguration"),
                name=name,
            )
            for name, scheme in body.get("components", {}).get("securitySchemes", {}).items()
        }
        for path, item in body["paths"].items():
            for method in METHODS & item.keys():
                self.route(path, method, item[method], authorizers)

    def route(self, path, method, operation, authorizers):
        verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
        integration = operation["x-amazon-apigateway-integration"]
        target = self.api.create_integration(
            connection_type="INTERNET",
            description=None,
            integration_type=integration["type"].upper(),
            integration_method=integration["httpMethod"],
            payload_format_version=integration["payloadFormatVersion"],
            integration_uri=integration["uri"],
        )
        security = next(iter(operation.get("security", [])), {})
        authorizer = next((authorizers[name] for name in security), None)
        self.api.create_route(
            api_key_required=False,
            authorization_scopes=next(iter(security.values()), []),
            route_key="$default" if path == "/$default" else f"{verb} {path}",
            target=f"integrations/{target.id}",
            authorization_type=authorizer.authorizer_type if authorizer else "NONE",
            authorizer_id=authorizer.id if authorizer else None,
        )
