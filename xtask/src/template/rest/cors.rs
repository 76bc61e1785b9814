//! Cross-origin rules of a REST API, which does not know them by itself: `OPTIONS` methods that answer for the API, and headers of
//! its own refusals. What a function answers has its headers from the framework.
//!
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html>

use serde_json::{Map, Value, json};
use skyloom_manifest::Cors;

const ORIGIN: &str = "Access-Control-Allow-Origin";
/// What `*` stands for, spelt out, since with credentials a browser takes it for the name of a method.
const METHODS: &str = "DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT";

/// Answers the question that a browser asks before a request of another origin.
///
/// One without a body is 204: SAM rewrites the headers of a response with 200 as if they were of another version of OpenAPI.
pub(super) fn preflight(cors: &Cors, has_binary: bool) -> Value {
    let headers = headers(cors);
    let declared: Map<_, _> =
        headers.iter().map(|(name, _)| ((*name).to_owned(), json!({"schema": {"type": "string"}}))).collect();
    let values: Map<_, _> =
        headers.iter().map(|(name, value)| (format!("method.response.header.{name}"), quoted(value))).collect();
    json!({
        "responses": {"204": {"description": "The answer to a preflight request", "headers": declared}},
        "x-amazon-apigateway-integration": {
            "type": "mock",
            // Otherwise an API whose bodies are bytes would take the template for bytes.
            "contentHandling": has_binary.then_some("CONVERT_TO_TEXT"),
            "requestTemplates": {"application/json": "{\"statusCode\": 204}"},
            "responses": {
                "default": {
                    "statusCode": "204",
                    "responseParameters": values,
                    "responseTemplates": other_origins(cors).map(|template| json!({"application/json": template})),
                },
            },
        },
    })
}

fn headers(cors: &Cors) -> Vec<(&'static str, String)> {
    let any_method = cors.methods.iter().any(|method| method == "*");
    let methods = if any_method { METHODS.to_owned() } else { cors.methods.join(",") };
    let all = [
        (ORIGIN, Some(fixed_origin(cors))),
        ("Access-Control-Allow-Methods", (!methods.is_empty()).then_some(methods)),
        ("Access-Control-Allow-Headers", (!cors.headers.is_empty()).then(|| cors.headers.join(","))),
        ("Access-Control-Allow-Credentials", cors.credentials.then(|| "true".to_owned())),
        ("Access-Control-Max-Age", cors.max_age.map(|seconds| seconds.to_string())),
        ("Vary", is_one_of_several(cors).then(|| "Origin".to_owned())),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn is_one_of_several(cors: &Cors) -> bool {
    matches!(cors.origins.as_slice(), [_, _, ..]) || cors.origins.iter().any(|origin| origin.ends_with("://*"))
}

/// A header has one origin: the first, unless it is another that asks, whom the template then names.
fn other_origins(cors: &Cors) -> Option<String> {
    let test = |origin: &String| match origin.strip_suffix('*') {
        Some(start) => format!("$origin.startsWith(\"{start}\")"),
        None => format!("$origin == \"{origin}\""),
    };
    let tests: Vec<_> = cors.origins.iter().map(test).collect();
    is_one_of_several(cors).then(|| {
        format!(
            "#set($origin = $input.params().header.get(\"Origin\"))\n\
             #if($origin == \"\") #set($origin = $input.params().header.get(\"origin\")) #end\n\
             #if({}) #set($context.responseOverride.header.{ORIGIN} = $origin) #end",
            tests.join(" || ")
        )
    })
}

/// Lets a page read that, and why, the API itself refuses a request. A mapping names a fixed origin or whichever asks; the latter
/// not where a browser sends credentials along, since it would tell any page whether its visitor is signed in.
pub(super) fn response_headers(cors: &Cors) -> Map<String, Value> {
    let any = is_one_of_several(cors) && !cors.credentials;
    let origin = if any { "method.request.header.Origin".into() } else { quoted(&fixed_origin(cors)) };
    let mut parameters = Map::from_iter([(format!("gatewayresponse.header.{ORIGIN}"), origin)]);
    if cors.credentials {
        parameters.insert("gatewayresponse.header.Access-Control-Allow-Credentials".into(), quoted("true"));
    }
    parameters
}

/// The first origin that is one and not a scheme of many.
fn fixed_origin(cors: &Cors) -> String {
    let one = cors.origins.iter().find(|origin| !origin.ends_with("://*"));
    one.or(cors.origins.first()).cloned().unwrap_or_default()
}

/// A fixed value of a mapping.
fn quoted(value: &str) -> Value {
    format!("'{value}'").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cors(origins: &[&str]) -> Cors {
        Cors { origins: origins.iter().map(|it| (*it).to_owned()).collect(), ..Cors::default() }
    }

    #[test]
    fn one_origin_is_named_without_a_template() {
        let answer = preflight(&cors(&["https://a.example"]), false);
        let response = &answer["x-amazon-apigateway-integration"]["responses"]["default"];
        assert_eq!(
            response["responseParameters"]["method.response.header.Access-Control-Allow-Origin"],
            "'https://a.example'"
        );
        assert!(response["responseTemplates"].is_null());
    }

    #[test]
    fn of_several_origins_the_one_that_asks_is_named() {
        let template = other_origins(&cors(&["https://a.example", "http://*"])).unwrap();
        assert!(
            template.contains(r#"#if($origin == "https://a.example" || $origin.startsWith("http://"))"#),
            "{template}"
        );
        assert_eq!(other_origins(&cors(&["*"])), None);
        let answer = preflight(&cors(&["https://a.example", "https://b.example"]), false);
        let declared = &answer["responses"]["204"]["headers"];
        assert!(declared["Vary"].is_object(), "{declared}");
    }

    #[test]
    fn a_refusal_names_whichever_origin_asks_only_without_credentials() {
        let origin = |cors: &Cors| response_headers(cors)["gatewayresponse.header.Access-Control-Allow-Origin"].clone();
        let two = cors(&["https://a.example", "https://b.example"]);
        assert_eq!(origin(&two), "method.request.header.Origin");
        assert_eq!(origin(&Cors { credentials: true, ..two }), "'https://a.example'");
        assert_eq!(origin(&cors(&["*"])), "'*'");
    }

    #[test]
    fn every_header_that_is_given_is_declared() {
        let all = Cors {
            methods: vec!["*".into()],
            headers: vec!["a".into(), "b".into()],
            max_age: Some(60),
            credentials: true,
            ..cors(&["https://a.example"])
        };
        let answer = preflight(&all, true);
        let given = answer["x-amazon-apigateway-integration"]["responses"]["default"]["responseParameters"]
            .as_object()
            .unwrap();
        let declared = answer["responses"]["204"]["headers"].as_object().unwrap();
        assert_eq!(given.len(), 5);
        assert!(declared.keys().all(|name| given.contains_key(&format!("method.response.header.{name}"))));
        assert_eq!(given["method.response.header.Access-Control-Allow-Methods"], format!("'{METHODS}'"));
    }
}
