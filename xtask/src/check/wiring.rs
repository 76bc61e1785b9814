//! What of a finished template AWS would refuse, or leave open, and no validator looks at.
//!
//! The manifest's rules keep an application from most of it. `template.overrides.yaml` can still say it.

use serde_json::{Map, Value};
use skyloom_manifest::{
    Auth, Function, Manifest, Problem, Route, Trigger,
    rules::{self, PathTemplate},
};

use crate::template::{Template, url_id};

/// Each with the logical id of its resource.
pub(super) fn check(manifest: &Manifest, template: &Template) -> Vec<Problem> {
    let resources: Map<String, Value> = template.resources().map(|(id, it)| (id.clone(), it.clone())).collect();
    let found = resources.iter().flat_map(|(id, resource)| {
        let properties = &resource["Properties"];
        let messages = match resource["Type"].as_str().unwrap_or_default() {
            "AWS::Lambda::EventSourceMapping" => event_source(properties, &resources),
            "AWS::Scheduler::Schedule" => schedule(properties),
            "AWS::Lambda::Permission" => permission(properties),
            "AWS::IAM::Role" => role(resource),
            "AWS::Lambda::Url" => url(manifest, id, properties),
            "AWS::Serverless::HttpApi" | "AWS::Serverless::Api" => api(manifest, &properties["DefinitionBody"]),
            _ => Vec::new(),
        };
        messages.into_iter().map(move |message| Problem::new(format!("`{id}` of the template: {message}")))
    });
    found.collect()
}

fn event_source(properties: &Value, resources: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    let source = properties["EventSourceArn"]["Fn::GetAtt"].as_array().map(Vec::as_slice);
    if let Some([Value::String(table), Value::String(attribute)]) = source
        && attribute == "StreamArn"
        && !has_stream(&resources.get(table).unwrap_or(&Value::Null)["Properties"])
    {
        found.push(format!("it reads the stream of `{table}`, which has none: give that a `StreamSpecification`"));
    }
    for filter in properties["FilterCriteria"]["Filters"].as_array().into_iter().flatten() {
        let pattern = filter["Pattern"].as_str().unwrap_or_default();
        if !serde_json::from_str::<Value>(pattern).is_ok_and(|it| it.is_object()) {
            found.push(format!("the filter pattern `{pattern}` is no JSON object"));
        }
    }
    found
}

fn has_stream(table: &Value) -> bool {
    // A global table's stream is always there; where it is mapped, the specification says what is in it.
    table["StreamSpecification"]["StreamViewType"].is_string()
}

fn schedule(properties: &Value) -> Vec<String> {
    let expression = properties["ScheduleExpression"].as_str();
    expression.and_then(|it| rules::check_schedule(it).err()).into_iter().collect()
}

/// A service may call a function for anybody, unless the permission says for whom.
fn permission(properties: &Value) -> Vec<String> {
    let of_service = properties["Principal"].as_str().is_some_and(|it| it.ends_with(".amazonaws.com"));
    let mut found = Vec::new();
    if of_service && properties["SourceArn"].is_null() {
        found.push("every account's API or rule may call the function: give it a `SourceArn`".into());
    }
    // Whom a function's URL lets in, its handler says, and these let nobody call in another way.
    let is_of_url = properties["FunctionUrlAuthType"] == "NONE" || properties["InvokedViaFunctionUrl"] == true;
    if properties["Principal"] == "*" && !is_of_url {
        found.push("everybody may call the function: name a `Principal`".into());
    }
    found
}

/// An override may close a URL, and not open it.
fn url(manifest: &Manifest, id: &str, properties: &Value) -> Vec<String> {
    let is_public = |it: &&Function| matches!(it.trigger, Trigger::Url { auth: Auth::Public, .. });
    let public = manifest.functions.iter().filter(is_public);
    let is_open = properties["AuthType"] != "AWS_IAM" && !public.map(|it| url_id(&it.name)).any(|it| it == *id);
    is_open
        .then(|| "it lets everybody in, and its handler does not: write `auth = Public` there if that is meant".into())
        .into_iter()
        .collect()
}

fn role(role: &Value) -> Vec<String> {
    let policies = role["Properties"]["Policies"].as_array().into_iter().flatten();
    let statements = policies.flat_map(|it| {
        let statements = &it["PolicyDocument"]["Statement"];
        statements.as_array().map_or_else(|| std::slice::from_ref(statements), Vec::as_slice)
    });
    let reasons = &role["Metadata"]["Skyloom"];
    statements.filter(|it| it["Effect"] == "Allow").flat_map(|it| open(it, reasons)).collect()
}

/// What a statement leaves open without a reason.
fn open(statement: &Value, reasons: &Value) -> Vec<String> {
    let (actions, mut found) = (&statement["Action"], Vec::new());
    if any(actions, |action| action == "*" || action.ends_with(":*")) {
        found.push(format!("a statement allows all of `{actions}`: name the actions"));
    }
    let is_unexplained = |action: &str| !is_explained(reasons, action);
    if any(&statement["Resource"], |resource| resource == "*") && any(actions, is_unexplained) {
        found.push(format!(
            "`{actions}` is allowed on every resource: name them, or say in the role's `Metadata`, under `Skyloom`, why none can be named"
        ));
    }
    found
}

/// Whether the metadata say why an action is allowed on every resource: `xray:*` is about all of X-Ray's.
fn is_explained(reasons: &Value, action: &str) -> bool {
    let mut patterns = reasons.as_object().into_iter().flatten().map(|(pattern, _)| pattern);
    patterns.any(|pattern| match pattern.strip_suffix('*') {
        Some(start) => action.starts_with(start),
        None => action == pattern,
    })
}

/// Whether one of a string or of a list of strings is such.
fn any(value: &Value, is: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(one) => is(one),
        Value::Array(several) => several.iter().any(|it| it.as_str().is_some_and(&is)),
        _ => false,
    }
}

fn api(manifest: &Manifest, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let schemes = &document["components"]["securitySchemes"];
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        if path != "/$default" && path != "/" {
            found.extend(PathTemplate::parse(path).err().map(|problem| format!("the path `{path}`: {problem}")));
        }
        for (method, operation) in item.as_object().into_iter().flatten() {
            if is_guarded(manifest, operation) && lets_everybody_in(&operation["security"]) {
                found.push(format!(
                    "`{method} {path}` lets everybody in, and its handler does not: write `auth = Public` there if that is meant"
                ));
            }
            for scheme in operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object) {
                let unknown = scheme.keys().filter(|name| schemes[name.as_str()].is_null());
                found.extend(
                    unknown.map(|name| {
                        format!("`{method} {path}` has the authorizer `{name}`, which the API does not have")
                    }),
                );
            }
        }
    }
    found
}

/// Whether the handler of an operation names who may call.
fn is_guarded(manifest: &Manifest, operation: &Value) -> bool {
    let Some(name) = operation["operationId"].as_str() else { return false };
    let of_function = manifest.function(name).and_then(Route::of).map(|route| route.auth);
    let of_none = || manifest.integrations.iter().find(|it| it.name == name).map(|it| &it.auth);
    of_function.or_else(of_none).is_some_and(|auth| *auth != Auth::Public)
}

/// OpenAPI takes any one of the requirements for enough, and an empty one is none.
/// <https://spec.openapis.org/oas/v3.0.1#security-requirement-object>
fn lets_everybody_in(security: &Value) -> bool {
    let requirements = security.as_array().map(Vec::as_slice).unwrap_or_default();
    requirements.is_empty() || requirements.iter().any(|it| it.as_object().is_none_or(Map::is_empty))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::template::fixture;

    /// What is found in the shop after that was put in place of what was right.
    fn found(at: &str, value: Value) -> Vec<String> {
        let mut template = fixture::template(&fixture::shop());
        let (parent, key) = at.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        template.value_mut().pointer_mut(&format!("/Resources{parent}")).unwrap()[key.as_str()] = value;
        check(&fixture::shop(), &template).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_made_of_the_code_is_wired() {
        for shop in [fixture::shop(), fixture::shop_with_deployments()] {
            assert_eq!(check(&shop, &fixture::template(&shop)), []);
        }
        assert_eq!(check(&fixture::shop(), &fixture::shop_at_a_stage()), []);
        assert_eq!(check(&fixture::shop_with_options(), &fixture::shop_with_function_options()), []);
        let urls = fixture::shop_with_urls();
        assert_eq!(check(&urls, &fixture::template(&urls)), []);
        assert_eq!(check(&fixture::shop_with_rest_apis(), &fixture::rest_apis_at_a_stage()), []);
        assert_eq!(check(&fixture::shop_with_integrations(), &fixture::integrations_at_a_stage()), []);
    }

    #[test]
    fn a_guarded_route_is_guarded() {
        let at = "/HttpApi/Properties/DefinitionBody/paths/~1orders/post/security";
        let said = "`HttpApi` of the template: `post /orders` lets everybody in, and its handler does not: write `auth = Public` there if that is meant";
        for open in [Value::Null, json!([]), json!([{"ShopperUserPool": []}, {}])] {
            assert_eq!(found(at, open), [said]);
        }
    }

    #[test]
    fn every_resource_is_named_or_the_metadata_say_why_not() {
        let policy = json!([{"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}}}]);
        assert_eq!(
            found("/ReportRole/Properties/Policies", policy),
            [
                "`ReportRole` of the template: `\"dynamodb:GetItem\"` is allowed on every resource: name them, or say in the role's `Metadata`, under `Skyloom`, why none can be named"
            ]
        );
        let reasons = json!({"xray:*": "", "ec2:DescribeSubnets": ""});
        assert!(["xray:PutTraceSegments", "ec2:DescribeSubnets"].iter().all(|it| is_explained(&reasons, it)));
        assert!(["dynamodb:Scan", "ec2:DescribeVpcs"].iter().all(|it| !is_explained(&reasons, it)));
    }

    #[test]
    fn a_stream_that_is_mapped_is_enabled() {
        assert_eq!(
            found("/OrderTable/Properties/StreamSpecification", Value::Null),
            [
                "`ShipEventSource` of the template: it reads the stream of `OrderTable`, which has none: give that a `StreamSpecification`"
            ]
        );
    }

    #[test]
    fn a_filter_is_an_object() {
        let filters = json!({"Filters": [{"Pattern": "{paid"}]});
        assert_eq!(
            found("/ShipEventSource/Properties/FilterCriteria", filters),
            ["`ShipEventSource` of the template: the filter pattern `{paid` is no JSON object"]
        );
    }

    #[test]
    fn a_schedule_is_one() {
        assert_eq!(
            found("/ReportSchedule/Properties/ScheduleExpression", json!("rate(1 hours)")),
            ["`ReportSchedule` of the template: AWS wants the singular after 1: write `rate(1 hour)`"]
        );
    }

    #[test]
    fn an_authorizer_exists() {
        assert_eq!(
            found("/HttpApi/Properties/DefinitionBody/paths/~1orders/post/security", json!([{"Nobody": []}])),
            ["`HttpApi` of the template: `post /orders` has the authorizer `Nobody`, which the API does not have"]
        );
    }

    #[test]
    fn a_path_is_one() {
        let found = found("/HttpApi/Properties/DefinitionBody/paths/~1orders~1{id", json!({}));
        assert!(found[0].starts_with("`HttpApi` of the template: the path `/orders/{id`: "), "{found:?}");
    }

    #[test]
    fn a_permission_says_for_whom() {
        assert_eq!(
            found("/HealthPermission/Properties/SourceArn", Value::Null),
            [
                "`HealthPermission` of the template: every account's API or rule may call the function: give it a `SourceArn`"
            ]
        );
    }

    #[test]
    fn a_role_names_its_actions() {
        let policy =
            json!([{"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "x"}}}]);
        assert_eq!(
            found("/ReportRole/Properties/Policies", policy),
            ["`ReportRole` of the template: a statement allows all of `\"dynamodb:*\"`: name the actions"]
        );
    }

    #[test]
    fn a_url_is_open_only_if_its_handler_says_so() {
        let urls = fixture::shop_with_urls();
        let with = |id: &str| {
            let mut template = fixture::template(&urls);
            template.value_mut()["Resources"][id]["Properties"]["AuthType"] = "NONE".into();
            check(&urls, &template).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(with("ExportUrl"), [""; 0]);
        assert_eq!(
            with("SyncUrl"),
            [
                "`SyncUrl` of the template: it lets everybody in, and its handler does not: write `auth = Public` there if that is meant"
            ]
        );
    }
}
