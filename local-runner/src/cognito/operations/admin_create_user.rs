use serde::{Deserialize, Serialize, de::IgnoredAny};

use super::{Metadata, shapes::UserShape};
use crate::cognito::{
    Context,
    attributes::{Attribute, Writer},
    constraint,
    error::Error,
    message::{Content, Medium, Message},
    password,
    pool::{Pool, Pools, fold},
    registration::new_user,
    trigger,
    user::{Status, User},
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    username: String,
    temporary_password: Option<String>,
    #[serde(default)]
    user_attributes: Vec<Attribute>,
    message_action: Option<MessageAction>,
    #[serde(default)]
    desired_delivery_mediums: Vec<Medium>,
    /// Addresses belong to one user each here, so there is never an alias to take over.
    _force_alias_creation: Option<IgnoredAny>,
    _validation_data: Option<Vec<Attribute>>,
    _client_metadata: Option<Metadata>,
}

#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum MessageAction {
    Resend,
    Suppress,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    user: UserShape,
}

pub(super) fn admin_create_user(pools: &mut Pools, context: &Context<'_>, input: Input) -> Result<Output, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    constraint::username(&input.username)?;
    let password = match &input.temporary_password {
        Some(password) => {
            constraint::password("temporaryPassword", password)?;
            password::check_policy(&pool.password, password)?;
            password.clone()
        }
        None => password::generate(&pool.password, context.random),
    };
    let mut user = match input.message_action {
        Some(MessageAction::Resend) => invited_before(pool, &input.username)?,
        Some(MessageAction::Suppress) | None => {
            let (attributes, status) = (input.user_attributes, Status::ForceChangePassword);
            let mut user = new_user(pool, context, &input.username, attributes, Writer::Administrator, status)?;
            trigger::pre_sign_up(pool, context, &mut user, "AdminCreateUser")?;
            user
        }
    };
    let kept = pool.kept(&user.username, &password, context.random);
    user.set_password(kept, Some(context.now.after(pool.temporary_life())), context.now);
    let shape = UserShape::of(&user);
    let invitations = match input.message_action {
        Some(MessageAction::Suppress) => Vec::new(),
        _ => invitations(pool, &user, &input.desired_delivery_mediums, &password, context)?,
    };
    pool.users.insert(fold(&user.username), user);
    invitations.into_iter().for_each(|message| pool.send(message));
    Ok(Output { user: shape })
}

fn invited_before(pool: &mut Pool, username: &str) -> Result<User, Error> {
    let user = pool.user(username)?;
    match user.status {
        Status::ForceChangePassword => Ok(user.clone()),
        Status::Confirmed | Status::Unconfirmed | Status::ResetRequired | Status::ExternalProvider => {
            Err(Error::ResendNotPossible(user.username.clone()))
        }
    }
}

/// To the addresses that the caller named, if the user has them; otherwise to the one that the pool verifies.
fn invitations(
    pool: &Pool,
    user: &User,
    desired: &[Medium],
    password: &str,
    context: &Context<'_>,
) -> Result<Vec<Message>, Error> {
    let mediums = if desired.is_empty() { vec![pool.verified()] } else { desired.to_vec() };
    let reached = mediums.into_iter().filter_map(|medium| Some((medium, user.address(medium)?)));
    let invitation = |(medium, address): (Medium, &str)| {
        let words = trigger::custom_message(pool, context, user, (medium, password), "AdminCreateUser")?;
        Ok(Message {
            pool: pool.name.clone(),
            username: user.username.clone(),
            medium,
            destination: address.into(),
            content: words.map_or_else(|| Content::TemporaryPassword(password.into()), Content::Words),
            sent: context.now,
        })
    };
    reached.map(invitation).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::{message::Content, testing::Fixture};

    #[test]
    fn the_user_is_there_and_gets_a_password_that_works() {
        let mut cognito = Fixture::new();
        let mut input = json!({
            "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com",
            "UserAttributes": [{ "Name": "email_verified", "Value": "True" }],
        });
        expect![[r#"{"User":{"Attributes":[{"Name":"email","Value":"ann@example.com"},{"Name":"email_verified","Value":"true"},{"Name":"sub","Value":"84acc16a-f38f-49d2-9deb-004751e48c2d"}],"Enabled":true,"UserCreateDate":1767225600.0,"UserLastModifiedDate":1767225600.0,"UserStatus":"FORCE_CHANGE_PASSWORD","Username":"84acc16a-f38f-49d2-9deb-004751e48c2d"}}"#]].assert_eq(&cognito.call("AdminCreateUser", input.clone()));
        let Content::TemporaryPassword(password) = cognito.messages()[0].content.clone() else {
            panic!("an invitation")
        };
        assert!(cognito.password_auth("ann@example.com", &password).contains("NEW_PASSWORD_REQUIRED"));
        expect!["UsernameExistsException: An account with the given email already exists."]
            .assert_eq(&cognito.call("AdminCreateUser", input.clone()));
        input["MessageAction"] = "RESEND".into();
        assert!(cognito.call("AdminCreateUser", input).contains("FORCE_CHANGE_PASSWORD"));
        assert_eq!(cognito.messages().len(), 2);
        assert!(cognito.password_auth("ann@example.com", &password).contains("Incorrect"));
    }

    #[test]
    fn a_user_who_chose_a_password_is_not_invited_again() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let input =
            json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com", "MessageAction": "RESEND" });
        let answer = cognito.call("AdminCreateUser", input);
        assert!(answer.starts_with("UnsupportedUserStateException: Resend not possible."), "{answer}");
    }

    #[test]
    fn a_suppressed_message_is_not_sent() {
        let mut cognito = Fixture::new();
        let input = json!({ "UserPoolId": cognito.pool("Shopper"), "Username": "ann@example.com", "MessageAction": "SUPPRESS" });
        assert!(cognito.call("AdminCreateUser", input).starts_with('{'));
        assert!(cognito.messages().is_empty());
    }
}
