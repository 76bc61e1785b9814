use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use skyloom_manifest::{Api, Auth, Integration, Manifest, Operation, Reply, Target};

use super::document::present;

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// The schemas of what the framework and the gateway answer by themselves.
pub(super) struct Shared {
    problem: String,
    message: String,
    /// Whether any route has a gateway that refuses callers.
    is_guarded: bool,
    can_fail: bool,
}

impl Shared {
    /// Under names that no type of the application has.
    pub(super) fn beside(manifest: &Manifest, api: &Api) -> Self {
        let free = |name: &str| match api.schemas.contains_key(name) {
            true => format!("Skyloom{name}"),
            false => name.to_owned(),
        };
        let routes = || manifest.routes(&api.name).map(|route| (route.auth, route.function.operation.as_deref()));
        Self {
            problem: free("Problem"),
            message: free("GatewayMessage"),
            is_guarded: manifest.auths(&api.name).any(|auth| *auth != Auth::Public)
                || manifest.integrations_of(&api.name).any(|it| matches!(it.target, Target::Put { .. })),
            can_fail: routes().any(|(auth, operation)| {
                asks_for_groups(auth) || operation.is_none_or(|it| it.fails || !it.rejections.is_empty())
            }),
        }
    }

    pub(super) fn schemas(&self) -> Vec<(String, Value)> {
        let problem = json!({
            "description": "What went wrong, as RFC 9457 has it.",
            "type": "object",
            "required": ["type", "title", "status", "requestId"],
            "properties": {
                "type": {"type": "string", "description": "The kind of problem: `about:blank` where the status says it all."},
                "title": {"type": "string", "description": "The status in words."},
                "status": {"type": "integer", "description": "The status."},
                "detail": {"type": "string", "description": "What went wrong with this request."},
                "requestId": {"type": "string", "description": "The id of the request, which the log has, too."},
            },
        });
        let message = json!({
            "description": "What the gateway says where it does not let a request through.",
            "type": "object",
            "required": ["message"],
            "properties": {"message": {"type": "string"}},
        });
        let mut schemas = Vec::new();
        schemas.extend(self.can_fail.then(|| (self.problem.clone(), problem)));
        schemas.extend(self.is_guarded.then(|| (self.message.clone(), message)));
        schemas
    }

    fn problem(&self) -> (String, Value) {
        (PROBLEM.into(), refer(&self.problem))
    }

    fn message(&self) -> (String, Value) {
        (JSON.into(), refer(&self.message))
    }
}

fn refer(name: &str) -> Value {
    json!({"schema": {"$ref": format!("#/components/schemas/{name}")}})
}

/// A response as it is put together: several types may answer with the same status.
#[derive(Default)]
struct Response {
    description: String,
    content: Map<String, Value>,
    headers: BTreeMap<String, String>,
}

/// All that can come back from a route, by status.
pub(super) fn responses(operation: Option<&Operation>, auth: &Auth, shared: &Shared) -> Value {
    let mut responses: BTreeMap<String, Response> = BTreeMap::new();
    for reply in operation.iter().flat_map(|it| &it.replies) {
        add_reply(responses.entry(key(reply.status)).or_default(), reply);
    }
    for status in operation.iter().flat_map(|it| &it.rejections) {
        add(&mut responses, Some(*status), "The request does not fit", [shared.problem()]);
    }
    add_refusals(&mut responses, auth, shared);
    if operation.is_none_or(|it| it.fails) {
        add(&mut responses, None, "What went wrong", [shared.problem()]);
    }
    if operation.is_none() {
        add(&mut responses, None, "the reply of the handler", [("*/*".to_owned(), json!({}))]);
    }
    responses.into_iter().map(|(status, response)| (status, response.into())).collect::<Map<_, _>>().into()
}

/// All that can come back from a route without a function, as far as the API knows.
pub(super) fn of_integration(integration: &Integration, shared: &Shared) -> Value {
    let mut responses: BTreeMap<String, Response> = BTreeMap::new();
    let any = || [("*/*".to_owned(), json!({}))];
    match &integration.target {
        Target::Http { .. } => add(&mut responses, None, "What the other server answers", any()),
        Target::Answer { status, headers, .. } => {
            let response = responses.entry(key(Some(*status))).or_default();
            response.describe(words(*status));
            response.headers.extend(headers.clone());
        }
        Target::Queue { .. } => add(&mut responses, None, "What the queue answers", any()),
        Target::Put { replace, .. } => {
            add(&mut responses, Some(201), words(201), []);
            add(&mut responses, Some(400), "The request does not fit", [shared.message()]);
            if !replace {
                add(&mut responses, Some(409), "There is one already", [shared.message()]);
            }
        }
    }
    add_refusals(&mut responses, &integration.auth, shared);
    responses.into_iter().map(|(status, response)| (status, response.into())).collect::<Map<_, _>>().into()
}

/// The gateway refuses callers without a token, or without a scope, or whom the authorizer refuses; the function those who are
/// in none of the groups.
fn add_refusals(responses: &mut BTreeMap<String, Response>, auth: &Auth, shared: &Shared) {
    if !matches!(auth, Auth::Public | Auth::Iam | Auth::ApiKey) {
        add(responses, Some(401), "There is no token, or not one that is valid", [shared.message()]);
    }
    let by_gateway = match auth {
        Auth::Public => false,
        Auth::Iam | Auth::ApiKey => true,
        Auth::UserPool { scopes, .. } => !scopes.is_empty(),
        Auth::Authorizer { .. } => true,
    };
    if by_gateway {
        add(responses, Some(403), "The caller may not", [shared.message()]);
    }
    if asks_for_groups(auth) {
        add(responses, Some(403), "The caller may not", [shared.problem()]);
    }
}

fn asks_for_groups(auth: &Auth) -> bool {
    matches!(auth, Auth::UserPool { groups, .. } if !groups.is_empty())
}

fn add<const N: usize>(
    responses: &mut BTreeMap<String, Response>,
    status: Option<u16>,
    description: &str,
    contents: [(String, Value); N],
) {
    let response = responses.entry(key(status)).or_default();
    response.describe(description);
    response.content.extend(contents);
}

fn add_reply(response: &mut Response, reply: &Reply) {
    response.describe(match reply.status {
        Some(status) => words(status),
        None => "The reply of the handler",
    });
    response.headers.extend(reply.headers.clone());
    let unknown = reply.status.is_none().then_some("*/*");
    if let Some(kind) = reply.content_type.as_deref().or(unknown) {
        let content = if reply.schema.is_empty() { json!({}) } else { json!({"schema": reply.schema}) };
        response.content.insert(kind.to_owned(), content);
    }
}

fn key(status: Option<u16>) -> String {
    status.map_or_else(|| "default".into(), |status| status.to_string())
}

fn words(status: u16) -> &'static str {
    let status = http::StatusCode::from_u16(status).ok();
    status.and_then(|status| status.canonical_reason()).unwrap_or("The reply of the handler")
}

impl Response {
    fn describe(&mut self, words: &str) {
        if self.description.is_empty() {
            self.description = words.to_owned();
        } else if !self.description.contains(words) {
            self.description = format!("{}, or {}", self.description, lower(words));
        }
    }
}

/// With a small first letter, inside a sentence.
fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

impl From<Response> for Value {
    fn from(Response { description, content, headers }: Response) -> Self {
        let header = |text: String| json!({"description": text, "required": true, "schema": {"type": "string"}});
        let headers: Map<_, _> = headers.into_iter().map(|(name, text)| (name, header(text))).collect();
        present([
            ("description", Some(description.into())),
            ("headers", (!headers.is_empty()).then_some(Self::Object(headers))),
            ("content", (!content.is_empty()).then_some(Self::Object(content))),
        ])
    }
}
