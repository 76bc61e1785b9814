//! `USER_SRP_AUTH` and `PASSWORD_VERIFIER`: the user proves to know the password, and does not send it.

use super::{
    authentication::{self, Output, Parameters, required},
    flow::check_secret_hash,
    respond::Answer,
};
use crate::cognito::{
    Context,
    challenge::Asked,
    constraint,
    error::Error,
    pool::{Pool, fold},
    srp::{Exchange, Verifier},
};

/// Begins a sign-in with a proof.
pub(super) fn ask(pool: &mut Pool, context: &Context<'_>, parameters: &Parameters) -> Result<Output, Error> {
    let username = required(parameters, "USERNAME")?;
    let client_public = required(parameters, "SRP_A")?;
    check_secret_hash(pool, context, username, parameters)?;
    constraint::username(username)?;
    let found = authentication::asked_for(pool, context, username)?;
    let mut output = offer(pool, context, (username, found), client_public, Asked::Proof)?;
    output.session = None; // the secret block says it all
    Ok(output)
}

/// Asks for a proof. Whoever asks for somebody who does not exist is asked for one, too, which never is right.
pub(super) fn offer(
    pool: &mut Pool,
    context: &Context<'_>,
    (username, found): (&str, Option<String>),
    client_public: &str,
    asked: fn(Box<Exchange>) -> Asked,
) -> Result<Output, Error> {
    let user = found.as_ref().and_then(|key| pool.users.get(key));
    let user_id = user.map_or_else(|| simulated_id(pool, context, username), |user| user.username.clone());
    let verifier = user
        .and_then(|user| user.verifier.clone())
        .unwrap_or_else(|| Verifier::simulated(&secret(pool, context, "verifier", username)));
    let exchange = Exchange::new(user_id.clone(), &verifier, client_public, context.random)
        .ok_or_else(|| Error::InvalidParameter("Invalid SRP_A".into()))?;
    let (salt, public) = (exchange.salt(), exchange.public());
    let key = found.unwrap_or_else(|| username.to_owned());
    let secret_block = pool.challenge(context, (&key, None), asked(Box::new(exchange)));
    let parameters = [
        ("SALT", salt),
        ("SECRET_BLOCK", secret_block.clone()),
        ("SRP_B", public),
        ("USERNAME", user_id.clone()),
        ("USER_ID_FOR_SRP", user_id),
    ];
    Ok(Output::challenge("PASSWORD_VERIFIER", secret_block, parameters))
}

/// Takes the proof. There is one attempt: another guess begins anew.
pub(super) fn answer(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    exchange: &Exchange,
) -> Result<Output, Error> {
    check(pool, context, answer, exchange)?;
    authentication::proceed(pool, context, answer.who())
}

/// Whether the user knows the password.
pub(super) fn check(
    pool: &mut Pool,
    context: &Context<'_>,
    answer: &Answer<'_>,
    exchange: &Exchange,
) -> Result<(), Error> {
    let timestamp = required(answer.responses, "TIMESTAMP")?;
    let signature = required(answer.responses, "PASSWORD_CLAIM_SIGNATURE")?;
    pool.answered(answer.session);
    authentication::admitted(pool, context, answer.key)?;
    let is_proven = exchange.proves(pool.short_id(), answer.session, timestamp, signature)
        && pool.users.get(answer.key).is_some_and(|user| user.verifier.is_some());
    authentication::judged(pool, context, answer.key, is_proven)
}

/// Where users sign in with an address, Cognito makes up their names, and so it does for who does not exist.
fn simulated_id(pool: &Pool, context: &Context<'_>, username: &str) -> String {
    if pool.contact().is_none() {
        return username.to_owned();
    }
    let secret = secret(pool, context, "id", username);
    let hex: String = secret.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &format!("4{}", &hex[13..16]), &format!("a{}", &hex[17..20]), &hex[20..]].join("-")
}

/// The same each time for a name that is nobody's, as it is for a user's, and no one computes which is which.
fn secret(pool: &Pool, context: &Context<'_>, purpose: &str, username: &str) -> Vec<u8> {
    context.keys.key().secret(&format!("{purpose}/{}/{}", pool.id, fold(username)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::{
        cognito::{
            Keys,
            srp::client::{Asked, Client},
            testing::{Fixture, PASSWORD},
        },
        random::Random,
    };

    const TIME: &str = "Thu Jan 1 00:00:00 UTC 2026";

    fn ask(cognito: &mut Fixture, client: &Client, username: &str) -> Value {
        let answer = cognito.auth("USER_SRP_AUTH", json!({ "USERNAME": username, "SRP_A": client.public }));
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer}"))
    }

    fn prove(cognito: &mut Fixture, client: &Client, asked: &Value, password: &str) -> String {
        let parameters = &asked["ChallengeParameters"];
        let text = |name: &str| parameters[name].as_str().unwrap().to_owned();
        let (user, salt, public, block) = (text("USER_ID_FOR_SRP"), text("SALT"), text("SRP_B"), text("SECRET_BLOCK"));
        let pool = cognito.pool("Shopper");
        let pool = pool.split_once('_').unwrap().1;
        let signature = client.proof(
            &Asked { pool, user_id: &user, salt: &salt, public: &public, secret_block: &block, timestamp: TIME },
            password,
        );
        let responses = json!({
            "USERNAME": user, "PASSWORD_CLAIM_SECRET_BLOCK": block, "PASSWORD_CLAIM_SIGNATURE": signature, "TIMESTAMP": TIME,
        });
        cognito.respond("PASSWORD_VERIFIER", None, responses)
    }

    #[test]
    fn a_proof_gets_tokens_once_and_a_wrong_one_looks_like_a_wrong_password() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let client = Client::new(&Random::seeded(9));
        let asked = ask(&mut cognito, &client, "Ann@example.com");
        assert_eq!((&asked["ChallengeName"], asked.get("Session")), (&json!("PASSWORD_VERIFIER"), None));
        assert!(prove(&mut cognito, &client, &asked, PASSWORD).contains("AccessToken"));
        expect!["NotAuthorizedException: Invalid session for the user, session can only be used once."]
            .assert_eq(&prove(&mut cognito, &client, &asked, PASSWORD));
        let asked = ask(&mut cognito, &client, "ann@example.com");
        expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&prove(
            &mut cognito,
            &client,
            &asked,
            "P@ssw0rd-of-another",
        ));
    }

    #[test]
    fn nobody_learns_whether_there_is_such_a_user() {
        let mut cognito = Fixture::new();
        let client = Client::new(&Random::seeded(9));
        let (first, second) =
            (ask(&mut cognito, &client, "bob@example.com"), ask(&mut cognito, &client, "bob@example.com"));
        for same in ["SALT", "USER_ID_FOR_SRP"] {
            assert_eq!(first["ChallengeParameters"][same], second["ChallengeParameters"][same]);
        }
        assert_eq!(first["ChallengeParameters"]["USER_ID_FOR_SRP"].as_str().map(str::len), Some(36));
        expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&prove(
            &mut cognito,
            &client,
            &first,
            PASSWORD,
        ));
    }

    #[test]
    fn a_proof_is_followed_by_what_follows_a_password() {
        let mut cognito = Fixture::new();
        cognito.sign_up("ann@example.com");
        let client = Client::new(&Random::seeded(9));
        let asked = ask(&mut cognito, &client, "ann@example.com");
        expect!["UserNotConfirmedException: User is not confirmed."].assert_eq(&prove(
            &mut cognito,
            &client,
            &asked,
            PASSWORD,
        ));
    }

    #[test]
    fn a_secret_block_and_a_number_of_ones_own_making_are_refused() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        let responses = json!({
            "USERNAME": "ann@example.com", "PASSWORD_CLAIM_SECRET_BLOCK": "AAAA", "PASSWORD_CLAIM_SIGNATURE": "AAAA", "TIMESTAMP": TIME,
        });
        expect!["NotAuthorizedException: Invalid session for the user."].assert_eq(&cognito.respond(
            "PASSWORD_VERIFIER",
            None,
            responses,
        ));
        expect!["InvalidParameterException: Invalid SRP_A"]
            .assert_eq(&cognito.auth("USER_SRP_AUTH", json!({ "USERNAME": "ann@example.com", "SRP_A": "0" })));
        expect!["InvalidParameterException: Missing required parameter SRP_A"]
            .assert_eq(&cognito.auth("USER_SRP_AUTH", json!({ "USERNAME": "ann@example.com" })));
    }

    #[test]
    fn what_nobody_is_told_follows_from_no_public_text() {
        let client = Client::new(&Random::seeded(9));
        let parameters = |cognito: &mut Fixture| {
            let asked = ask(cognito, &client, "bob@example.com")["ChallengeParameters"].clone();
            (asked["SALT"].clone(), asked["USER_ID_FOR_SRP"].clone())
        };
        let (here, there) = (Keys::Own(Arc::default()), Keys::Own(Arc::default()));
        let (first, second) = (&mut Fixture::with_keys(here), &mut Fixture::with_keys(there));
        let ((salt, id), (other_salt, other_id)) = (parameters(first), parameters(second));
        assert!(salt != other_salt && id != other_id, "another key, another answer");
        assert_eq!(parameters(first), (salt, id));
    }

    #[test]
    fn who_guesses_the_password_of_nobody_is_slowed_down_as_well() {
        let mut cognito = Fixture::new();
        let client = Client::new(&Random::seeded(9));
        for guess in 0..5 {
            let asked = ask(&mut cognito, &client, "Bob@example.com");
            let answer = match guess % 2 {
                0 => prove(&mut cognito, &client, &asked, PASSWORD),
                _ => cognito.password_auth("bob@example.com", PASSWORD),
            };
            expect!["NotAuthorizedException: Incorrect username or password."].assert_eq(&answer);
        }
        expect!["NotAuthorizedException: Password attempts exceeded"]
            .assert_eq(&cognito.password_auth("bob@example.com", PASSWORD));
        cognito.advance(std::time::Duration::from_secs(1));
        assert!(cognito.password_auth("bob@example.com", PASSWORD).contains("Incorrect"));
    }
}
