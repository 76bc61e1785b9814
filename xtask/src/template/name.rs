//! Logical ids: the name in PascalCase, then what the resource is.
//!
//! An id depends on the resource's own name only. Were it numbered among its siblings, a new handler could change the id
//! of a table, and CloudFormation would make an empty one.

use skyloom_manifest::{Api, ApiKind};

/// `PlaceOrderFunction`
pub(super) fn function(function: &str) -> String {
    pascal_case(function) + "Function"
}

/// `PlaceOrderRole`
pub(super) fn role(function: &str) -> String {
    pascal_case(function) + "Role"
}

/// `PlaceOrderLogGroup`
pub(super) fn log_group(function: &str) -> String {
    pascal_case(function) + "LogGroup"
}

/// `PlaceOrderPermission`: that the API may call the function, which is behind one of its routes.
pub(super) fn permission(function: &str) -> String {
    pascal_case(function) + "Permission"
}

/// `CheckKeyPermission`, for another than the default API `CheckKeyPartnersPermission`: that the API may ask the authorizer.
pub(super) fn authorizer_permission(function: &str, api: &Api) -> String {
    if api.default { permission(function) } else { pascal_case(function) + &pascal_case(&api.name) + "Permission" }
}

/// `ExportUrl`
pub(super) fn url(function: &str) -> String {
    pascal_case(function) + "Url"
}

/// `ExportUrlPermission`: that everybody may call the URL.
pub(super) fn url_permission(function: &str) -> String {
    url(function) + "Permission"
}

/// `ExportUrlInvocation`: that the function is run for whoever calls the URL.
pub(super) fn url_invocation(function: &str) -> String {
    url(function) + "Invocation"
}

/// `ShipEventSource`
pub(super) fn event_source(function: &str) -> String {
    pascal_case(function) + "EventSource"
}

/// `ReportSchedule`
pub(super) fn schedule(function: &str) -> String {
    pascal_case(function) + "Schedule"
}

/// `ReportScheduler`: the role with which EventBridge Scheduler calls the function.
pub(super) fn scheduler(function: &str) -> String {
    pascal_case(function) + "Scheduler"
}

/// `PlaceOrderShifter`: the role with which CodeDeploy shifts the function's traffic.
pub(super) fn shifter(function: &str) -> String {
    pascal_case(function) + "Shifter"
}

/// `SmokeTestReporter`: that the hook may tell CodeDeploy how it ended.
pub(super) fn reporter(hook: &str) -> String {
    pascal_case(hook) + "Reporter"
}

/// `NewJobIntegrationRole`: the role with which the API answers a route without a function.
pub(super) fn integration_role(integration: &str) -> String {
    pascal_case(integration) + "IntegrationRole"
}

/// `NewOrderModel`: what the body of a route without a function has to be.
pub(super) fn integration_model(integration: &str) -> String {
    pascal_case(integration) + "Model"
}

/// `OrderTable`
pub(super) fn table(table: &str) -> String {
    pascal_case(table) + "Table"
}

/// `OrderTableRead`, `OrderTableByStatusIndexWrite`: what scales one dimension of a table or of its index.
pub(super) fn scaling(table: &str, index: Option<&str>, dimension: &str) -> String {
    let index = index.map(|index| pascal_case(index) + "Index").unwrap_or_default();
    self::table(table) + &index + dimension
}

/// `DeadLettersQueue`
pub(super) fn queue(name: &str) -> String {
    pascal_case(name) + "Queue"
}

/// `DeadLettersTopic`
pub(super) fn topic(name: &str) -> String {
    pascal_case(name) + "Topic"
}

/// `DeadLettersBucket`
pub(super) fn bucket(name: &str) -> String {
    pascal_case(name) + "Bucket"
}

/// `StripeKeySecret`
pub(super) fn secret(name: &str) -> String {
    pascal_case(name) + "Secret"
}

/// `ShopperUserPool`
pub(super) fn user_pool(pool: &str) -> String {
    pascal_case(pool) + "UserPool"
}

/// `ShopperUserPoolClient`
pub(super) fn user_pool_client(pool: &str) -> String {
    user_pool(pool) + "Client"
}

/// `ShopperUserPoolGroupStaff`
pub(super) fn user_pool_group(pool: &str, group: &str) -> String {
    user_pool(pool) + "Group" + &pascal_case(group)
}

/// `ShopperUserPoolDomain`
pub(super) fn user_pool_domain(pool: &str) -> String {
    user_pool(pool) + "Domain"
}

/// `NightlyUserPoolClient`: one beside the pool's own, whose name is the application's alone.
pub(super) fn other_user_pool_client(client: &str) -> String {
    pascal_case(client) + "UserPoolClient"
}

/// `ShopperUserPoolResourceServerOrders`
pub(super) fn user_pool_resource_server(pool: &str, identifier: &str) -> String {
    user_pool(pool) + "ResourceServer" + &pascal_case(identifier)
}

/// `ShopperUserPoolProviderPartner`
pub(super) fn user_pool_provider(pool: &str, provider: &str) -> String {
    user_pool(pool) + "Provider" + &pascal_case(provider)
}

/// `ShopperUserPoolSmsSender`: the role with which Cognito sends text messages.
pub(super) fn user_pool_sms_sender(pool: &str) -> String {
    user_pool(pool) + "SmsSender"
}

/// `VisitorsIdentityPool`
pub(super) fn identity_pool(pool: &str) -> String {
    pascal_case(pool) + "IdentityPool"
}

/// `VisitorsIdentityPoolStaffRole`
pub(super) fn identity_role(pool: &str, role: &str) -> String {
    identity_pool(pool) + &pascal_case(role) + "Role"
}

/// `PlaceOrderErrorsAlarm`
pub(super) fn alarm(function: &str, of: &str) -> String {
    pascal_case(function) + of + "Alarm"
}

/// `HttpApi` or `RestApi`; of another than the default API `PartnersRestApi`. So an API keeps its id, and its URL, when others
/// come.
pub(super) fn api(api: &Api) -> String {
    let kind = match &api.kind {
        ApiKind::Http => "HttpApi",
        ApiKind::Rest(_) => "RestApi",
        ApiKind::WebSocket(_) => "WebSocketApi",
    };
    if api.default { kind.into() } else { pascal_case(&api.name) + kind }
}

/// `ChatWebSocketApiStage`
pub(super) fn socket_stage(api: &Api) -> String {
    self::api(api) + "Stage"
}

/// `CheckKeyChatAuthorizer`: that the API asks the function who connects.
pub(super) fn socket_authorizer(function: &str, api: &Api) -> String {
    pascal_case(function) + &pascal_case(&api.name) + "Authorizer"
}

/// `SendMessageRoute`: the route that the function is behind.
pub(super) fn socket_route(function: &str) -> String {
    pascal_case(function) + "Route"
}

/// `SendMessageRouteResponse`: that what the function returns is sent.
pub(super) fn socket_route_response(function: &str) -> String {
    socket_route(function) + "Response"
}

/// `SendMessageIntegration`: that the route leads to the function.
pub(super) fn socket_integration(function: &str) -> String {
    pascal_case(function) + "Integration"
}

/// `HttpApiAccessLog`: a line for each request.
pub(super) fn access_log(api: &Api) -> String {
    self::api(api) + "AccessLog"
}

/// `HttpApiDomain`: the API's own domain.
pub(super) fn domain(api: &Api) -> String {
    self::api(api) + "Domain"
}

/// `HttpApiDomainMapping`: that the domain leads to the API.
pub(super) fn domain_mapping(api: &Api) -> String {
    domain(api) + "Mapping"
}

/// `HttpApiDomainRecord`: the domain's address.
pub(super) fn domain_record(api: &Api) -> String {
    domain(api) + "Record"
}

/// `RestApiKey`: the key that the stack makes.
pub(super) fn api_key(api: &Api) -> String {
    self::api(api) + "Key"
}

/// `RestApiUsagePlan`: what the client of a key may use.
pub(super) fn usage_plan(api: &Api) -> String {
    self::api(api) + "UsagePlan"
}

/// `RestApiUsagePlanKey`: that the key belongs to the plan.
pub(super) fn usage_plan_key(api: &Api) -> String {
    usage_plan(api) + "Key"
}

/// `ApiGatewayAccount`: what API Gateway knows of the account.
pub(super) const ACCOUNT: &str = "ApiGatewayAccount";

/// `ApiGatewayAccountLogging`: the role with which the logs of all REST APIs of the account are written.
pub(super) const ACCOUNT_LOG_ROLE: &str = "ApiGatewayAccountLogging";

/// `ApiUrl`, of another than the default API `PartnersApiUrl`: outputs of an API.
pub(super) fn api_output(api: &Api, what: &str) -> String {
    if api.default { format!("Api{what}") } else { format!("{}Api{what}", pascal_case(&api.name)) }
}

/// `CursorKey`; the functions of an application share it.
pub(super) const CURSOR_KEY: &str = "CursorKey";

/// How much of a name is in an id. It has up to 255 characters, of which some are left for what the resource is, for a second name,
/// and for what SAM's transform appends.
const LONGEST: usize = 80;

/// Names that this would make equal, or too long, have a fingerprint at the end.
fn pascal_case(name: &str) -> String {
    let pascal: String = name.split(|c: char| !c.is_ascii_alphanumeric()).map(capitalised).collect();
    if pascal.len() <= LONGEST && (pascal == name || snake_case(&pascal) == name) {
        return pascal;
    }
    format!("{}{:08X}", &pascal[..pascal.len().min(LONGEST)], fingerprint(name))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

fn snake_case(pascal: &str) -> String {
    let mut snake = String::new();
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// 32-bit FNV-1a: it tells names apart that PascalCase makes equal, and is the same on every machine and day.
fn fingerprint(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_give_readable_ids() {
        for (name, id) in
            [("place_order", "PlaceOrder"), ("Order", "Order"), ("v2_ship", "V2Ship"), ("OrderV2", "OrderV2")]
        {
            assert_eq!(pascal_case(name), id);
        }
    }

    #[test]
    fn names_that_differ_have_ids_that_differ() {
        let names =
            ["place_order", "place__order", "_place_order", "placeOrder", "orders2", "orders_2", "caf\u{e9}", "caf"];
        let mut ids: Vec<_> = names.map(pascal_case).into();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), names.len(), "{ids:?}");
    }

    #[test]
    fn a_long_name_is_cut_and_known_by_its_fingerprint() {
        let (one, other) = ("a".repeat(250) + "_b", "a".repeat(250) + "_c");
        assert_ne!(pascal_case(&one), pascal_case(&other));
        assert_eq!(pascal_case(&one), pascal_case(&one));
        assert!(scaling(&one, Some(&other), "Write").len() < 200);
        let just = "A".repeat(LONGEST);
        assert_eq!(pascal_case(&just), just);
    }

    #[test]
    fn every_id_is_alphanumeric() {
        for name in ["caf\u{e9}", "r#type", "a-b", "\u{96ea}"] {
            assert!(function(name).chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
        }
    }
}
