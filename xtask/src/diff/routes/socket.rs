//! The routes of WebSocket APIs. Who may connect is asked at `$connect` alone; what comes later comes from them.

use serde_json::Value;

use super::{Key, PUBLIC};
use crate::diff::template::Template;

/// Who sends messages.
const CONNECTED: &str = "whoever has connected";

pub(super) fn routes(template: Template<'_>) -> impl Iterator<Item = (Key, String)> {
    template.of_types(&["AWS::ApiGatewayV2::Route"]).filter_map(move |(_, route)| {
        let properties = &route["Properties"];
        let path = properties["RouteKey"].as_str()?.to_owned();
        // A route of an API that the template does not have is none of ours: an override made it.
        let api = properties["ApiId"]["Ref"].as_str()?.to_owned();
        let auth = auth(template, &path, properties);
        Some((Key { api, path, method: String::new() }, auth))
    })
}

fn auth(template: Template<'_>, key: &str, route: &Value) -> String {
    match (key, route["AuthorizationType"].as_str()) {
        ("$connect", Some("CUSTOM")) => authorizer(template, &route["AuthorizerId"]),
        ("$connect", None | Some("NONE")) => PUBLIC.into(),
        ("$connect", Some(other)) => other.into(),
        _ => CONNECTED.into(),
    }
}

/// By its name, which stays when the resource is another one.
fn authorizer(template: Template<'_>, id: &Value) -> String {
    let id = id["Ref"].as_str().unwrap_or_default();
    let name = template.resource(id).and_then(|it| it["Properties"]["Name"].as_str());
    name.unwrap_or(id).into()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::diff::routes::changed;

    fn template(connect: Value, messages: &[&str]) -> Value {
        let route = |key: &str, mut properties: Value| {
            properties["ApiId"] = json!({"Ref": "ChatWebSocketApi"});
            properties["RouteKey"] = key.into();
            json!({"Type": "AWS::ApiGatewayV2::Route", "Properties": properties})
        };
        let mut resources = json!({
            "Connect": route("$connect", connect),
            "Partner": {"Type": "AWS::ApiGatewayV2::Authorizer", "Properties": {"Name": "partner"}},
        });
        for key in messages {
            resources[*key] = route(key, json!({"AuthorizationType": "NONE"}));
        }
        json!({ "Resources": resources })
    }

    fn told(old: &Value, new: &Value) -> Vec<String> {
        let changed = changed(Template::new(Some(old)), Template::new(Some(new)));
        changed.iter().map(|it| format!("{} {:?} {:?} {}", it.route, it.before, it.after, it.becomes_public)).collect()
    }

    #[test]
    fn who_may_connect_is_told_when_it_changes() {
        let asked = template(json!({"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "Partner"}}), &["say"]);
        let public = template(json!({"AuthorizationType": "NONE"}), &["say"]);
        let signed = template(json!({"AuthorizationType": "AWS_IAM"}), &["say"]);
        assert_eq!(told(&asked, &asked), [""; 0]);
        expect![[r#"$connect Some("partner") Some("Public") true"#]].assert_eq(&told(&asked, &public).join("\n"));
        expect![[r#"$connect Some("Public") Some("AWS_IAM") false"#]].assert_eq(&told(&public, &signed).join("\n"));
    }

    #[test]
    fn a_route_of_messages_is_public_to_nobody() {
        let connect = json!({"AuthorizationType": "NONE"});
        let (one, two) = (template(connect.clone(), &["say"]), template(connect, &["say", "who"]));
        expect![[r#"who None Some("whoever has connected") false"#]].assert_eq(&told(&one, &two).join("\n"));
    }
}
