use std::sync::OnceLock;

use serde_json::Value;

/// What comes to be known of a request while it is answered.
#[derive(Debug)]
pub(super) struct Exchange {
    /// `x-amz-apigw-id`
    pub(super) extended_id: String,
    /// The `authorizer` member of the context, as soon as an authorizer has spoken: a refusal can tell of it, also of one by the
    /// authorizer's own policy.
    authorizer: OnceLock<Value>,
}

impl Exchange {
    pub(super) const fn new(extended_id: String) -> Self {
        Self { extended_id, authorizer: OnceLock::new() }
    }

    /// Keeps what an authorizer says, and gives it back.
    pub(super) fn authorized(&self, member: Value) -> Value {
        self.authorizer.get_or_init(|| member).clone()
    }

    /// What a variable of the context stands for: `extendedRequestId`, `authorizer.principalId`, `authorizer.claims.email`.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        if name == "extendedRequestId" {
            return Some(self.extended_id.clone());
        }
        let path = name.strip_prefix("authorizer.")?;
        match path.split('.').try_fold(self.authorizer.get()?, |value, name| value.get(name))? {
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_an_authorizer_said_is_known_by_its_name() {
        let exchange = Exchange::new("id".into());
        assert_eq!(exchange.variable("authorizer.principalId"), None);
        exchange.authorized(json!({"principalId": "ann", "level": 3, "claims": {"email": "ann@example.com"}}));
        let known = ["principalId", "level", "claims.email", "claims.sub", "level.x"];
        let known = known.map(|name| exchange.variable(&format!("authorizer.{name}")));
        assert_eq!(known.map(Option::unwrap_or_default), ["ann", "3", "ann@example.com", "", ""]);
        assert_eq!(exchange.variable("extendedRequestId").as_deref(), Some("id"));
    }
}
