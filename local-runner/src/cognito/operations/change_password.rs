use serde::Deserialize;

use super::shapes::Empty;
use crate::cognito::{
    Context,
    attempts::Action,
    constraint,
    error::Error,
    password::{self, PasswordHash},
    pool::Pools,
    token,
    user::Status,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    access_token: String,
    previous_password: Option<String>,
    proposed_password: String,
}

pub(super) fn change_password(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Empty, Error> {
    constraint::password("proposedPassword", &input.proposed_password)?;
    let (pool, key) = token::authenticate(pools, context, &input.access_token)?;
    let policy = pool.password;
    let user = pool.users.get_mut(&key).ok_or(Error::UserNotFound)?;
    if user.status == Status::ExternalProvider {
        return Err(Error::NotResettable); // a password is theirs once an administrator has set one
    }
    user.attempts.count(Action::ChangePassword, context.now)?;
    user.lockout.check(context.now)?;
    let previous = input.previous_password.as_deref();
    if let Some(hash) = &user.password // who has none yet sets the first one
        && !previous.is_some_and(|previous| PasswordHash::fits(Some(hash), previous))
    {
        user.lockout.failed(context.now);
        return Err(Error::IncorrectPassword);
    }
    password::check_policy(&policy, &input.proposed_password)?;
    let username = user.username.clone();
    let kept = pool.kept(&username, &input.proposed_password, context.random);
    pool.user(&username)?.set_password(kept, None, context.now);
    Ok(Empty {})
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::testing::{Fixture, PASSWORD};

    #[test]
    fn the_old_password_has_to_be_known_and_the_new_one_good() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let token = cognito.tokens("ann@example.com")["AccessToken"].clone();
        let mut change = |previous: &str, proposed: &str| {
            let input = json!({ "AccessToken": token, "PreviousPassword": previous, "ProposedPassword": proposed });
            cognito.call("ChangePassword", input)
        };
        expect!["NotAuthorizedException: Incorrect username or password."]
            .assert_eq(&change("Wr0ng-one", "N3w-password"));
        expect!["InvalidPasswordException: Password did not conform with policy: Password not long enough"]
            .assert_eq(&change(PASSWORD, "N3w"));
        expect!["{}"].assert_eq(&change(PASSWORD, "N3w-password"));
        assert!(cognito.password_auth("ann@example.com", "N3w-password").contains("AccessToken"));
    }

    #[test]
    fn a_password_is_changed_only_so_often() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let token = cognito.tokens("ann@example.com")["AccessToken"].clone();
        let input = json!({ "AccessToken": token, "PreviousPassword": PASSWORD, "ProposedPassword": PASSWORD });
        for _ in 0..5 {
            assert_eq!(cognito.call("ChangePassword", input.clone()), "{}");
        }
        expect!["LimitExceededException: Attempt limit exceeded, please try after some time."]
            .assert_eq(&cognito.call("ChangePassword", input));
    }
}
