use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{Context, constraint, error::Error, password, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    password: String,
    #[serde(default)]
    permanent: bool,
}

pub(super) fn admin_set_user_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let username = pool.user(&input.username)?.username.clone();
    constraint::password("password", &input.password)?;
    password::check_policy(&pool.password, &input.password)?;
    let expires = (!input.permanent).then(|| context.now.after(pool.temporary_life()));
    let kept = pool.kept(&username, &input.password, context.random);
    pool.user(&username)?.set_password(kept, expires, context.now);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn a_permanent_password_confirms_and_a_temporary_one_has_to_be_changed() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let mut input = json!({
            "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com", "Password": PASSWORD, "Permanent": true,
        });
        expect!["{}"].assert_eq(&cognito.call("AdminSetUserPassword", input.clone()));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
        input["Permanent"] = false.into();
        cognito.call("AdminSetUserPassword", input);
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("NEW_PASSWORD_REQUIRED"));
    }

    #[test]
    fn an_administrator_learns_that_there_is_no_such_user() {
        let mut cognito = Fixture::new();
        let input = json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "nobody", "Password": PASSWORD });
        expect!["UserNotFoundException: User does not exist."].assert_eq(&cognito.call("AdminSetUserPassword", input));
    }
}
