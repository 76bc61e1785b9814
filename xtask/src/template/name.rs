//! Logical ids: the name in PascalCase, then what the resource is.
//!
//! An id depends on the resource's own name only. Were it numbered among its siblings, a new handler could change the id
//! of a table, and CloudFormation would make an empty one.

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

/// `PlaceOrderPermission`: that the API may call the function.
pub(super) fn permission(function: &str) -> String {
    pascal_case(function) + "Permission"
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

/// `ShopperUserPoolSmsSender`: the role with which Cognito sends text messages.
pub(super) fn user_pool_sms_sender(pool: &str) -> String {
    user_pool(pool) + "SmsSender"
}

/// `PlaceOrderErrorsAlarm`
pub(super) fn alarm(function: &str, of: &str) -> String {
    pascal_case(function) + of + "Alarm"
}

/// `HttpApi`; an application has one.
pub(super) const HTTP_API: &str = "HttpApi";

/// `HttpApiAccessLog`: a line for each request.
pub(super) const ACCESS_LOG: &str = "HttpApiAccessLog";

/// `HttpApiDomain`: the API's own domain.
pub(super) const DOMAIN: &str = "HttpApiDomain";

/// `HttpApiDomainMapping`: that the domain leads to the API.
pub(super) const DOMAIN_MAPPING: &str = "HttpApiDomainMapping";

/// `HttpApiDomainRecord`: the domain's address.
pub(super) const DOMAIN_RECORD: &str = "HttpApiDomainRecord";

/// `CursorKey`; the functions of an application share it.
pub(super) const CURSOR_KEY: &str = "CursorKey";

fn pascal_case(name: &str) -> String {
    let pascal: String = name.split(|c: char| !c.is_ascii_alphanumeric()).map(capitalised).collect();
    if pascal == name || snake_case(&pascal) == name { pascal } else { format!("{pascal}{:08X}", fingerprint(name)) }
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
    fn every_id_is_alphanumeric() {
        for name in ["caf\u{e9}", "r#type", "a-b", "\u{96ea}"] {
            assert!(function(name).chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
        }
    }
}
