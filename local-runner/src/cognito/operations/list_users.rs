use serde::{Deserialize, Serialize};

use super::{filter::Filter, shapes::UserShape};
use crate::cognito::{Context, constraint, error::Error, page::page, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    attributes_to_get: Option<Vec<String>>,
    filter: Option<String>,
    limit: Option<usize>,
    pagination_token: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    users: Vec<UserShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pagination_token: Option<String>,
}

pub(super) fn list_users(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Output, Error> {
    constraint::limit("limit", input.limit.unwrap_or_default(), 0)?;
    let filter = input.filter.as_deref().filter(|text| !text.is_empty()).map(Filter::parse).transpose()?;
    let pool = pools.by_id(&input.user_pool_id)?;
    let users = pool.users.values().filter(|user| filter.as_ref().is_none_or(|filter| filter.matches(user)));
    let (mut users, pagination_token) = page(users.map(UserShape::of), input.limit, input.pagination_token.as_deref())?;
    if let Some(wanted) = &input.attributes_to_get {
        users.iter_mut().for_each(|user| user.attributes.retain(|attribute| wanted.contains(&attribute.name)));
    }
    Ok(Output { users, pagination_token })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::cognito::testing::Fixture;

    fn names(cognito: &mut Fixture, filter: &str) -> Vec<String> {
        let input = json!({
            "UserPoolId": cognito.pool("Shopper"), "Filter": filter, "AttributesToGet": ["email"],
        });
        let answer: Value = serde_json::from_str(&cognito.call("ListUsers", input)).unwrap();
        let users = answer["Users"].as_array().unwrap();
        let mut names: Vec<_> = users.iter().map(|user| user["Attributes"][0]["Value"].to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn users_are_listed_by_value_beginning_and_status() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        cognito.sign_up("anton@example.com");
        cognito.confirmed("bob@example.com");
        assert_eq!(names(&mut cognito, "").len(), 3);
        assert_eq!(names(&mut cognito, r#"email ^= "an""#), [r#""ann@example.com""#, r#""anton@example.com""#]);
        assert_eq!(names(&mut cognito, r#"email = "ann@example.com""#), [r#""ann@example.com""#]);
        assert_eq!(names(&mut cognito, r#"cognito:user_status = "CONFIRMED""#), [r#""bob@example.com""#]);
    }

    #[test]
    fn a_long_list_comes_in_pages() {
        let mut cognito = Fixture::new();
        for name in ["a", "b", "c"] {
            cognito.sign_up(&format!("{name}@example.com"));
        }
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "Limit": 2 });
        let first: Value = serde_json::from_str(&cognito.call("ListUsers", input.clone())).unwrap();
        input["PaginationToken"] = first["PaginationToken"].clone();
        let second: Value = serde_json::from_str(&cognito.call("ListUsers", input)).unwrap();
        let count = |page: &Value| page["Users"].as_array().map(Vec::len);
        assert_eq!((count(&first), count(&second)), (Some(2), Some(1)));
        assert!(second.get("PaginationToken").is_none());
    }
}
