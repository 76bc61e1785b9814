use super::{admin_add_user_to_group::Input, shapes::Empty};
use crate::cognito::{Context, error::Error, pool::Pools};

pub(super) fn admin_remove_user_from_group(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    pool.has_group(&input.group_name)?;
    pool.user(&input.username)?.groups.remove(&input.group_name);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::cognito::testing::{Fixture, decoded};

    #[test]
    fn the_next_tokens_do_not_have_the_group() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        cognito.group("ann@example.com", "staff");
        assert_eq!(decoded(&cognito.tokens("ann@example.com")["AccessToken"])["cognito:groups"], json!(["staff"]));
        let input =
            json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com", "GroupName": "staff" });
        assert_eq!(cognito.call("AdminRemoveUserFromGroup", input), "{}");
        assert!(decoded(&cognito.tokens("ann@example.com")["AccessToken"]).get("cognito:groups").is_none());
    }
}
