//! The computations that take long. Whoever is not there has to cost as many of them as who is, or the clock tells them apart: so they
//! are all here, where tests count them.

use std::num::NonZeroU32;

use aws_lc_rs::pbkdf2::{self, PBKDF2_HMAC_SHA256};
use num_bigint::BigUint;

/// A password's hash.
pub(super) fn derive(iterations: NonZeroU32, salt: &[u8], password: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    #[cfg(test)]
    tests::spend(|spent| spent.derivations += 1);
    pbkdf2::derive(PBKDF2_HMAC_SHA256, iterations, salt, password.as_bytes(), &mut hash);
    hash
}

/// A power in SRP's group.
pub(super) fn power(base: &BigUint, exponent: &BigUint, prime: &BigUint) -> BigUint {
    #[cfg(test)]
    tests::spend(|spent| spent.powers += 1);
    base.modpow(exponent, prime)
}

#[cfg(test)]
pub(super) use self::tests::cost;

#[cfg(test)]
mod tests {
    use std::{cell::Cell, fmt};

    use expect_test::expect;
    use serde_json::json;

    use crate::cognito::{
        srp::client::Client,
        testing::{Fixture, PASSWORD},
    };
    use crate::random::Random;

    /// Brings a user into it.
    type State = fn(&mut Fixture);

    thread_local! {
        static SPENT: Cell<Spent> = const { Cell::new(Spent { derivations: 0, powers: 0 }) };
    }

    #[derive(Clone, Copy, Debug, Default, PartialEq)]
    pub(in crate::cognito) struct Spent {
        pub(in crate::cognito) derivations: u32,
        pub(in crate::cognito) powers: u32,
    }

    impl fmt::Display for Spent {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} derivations, {} powers", self.derivations, self.powers)
        }
    }

    /// Notes what this thread has computed.
    pub(super) fn spend(note: impl FnOnce(&mut Spent)) {
        let mut spent = SPENT.get();
        note(&mut spent);
        SPENT.set(spent);
    }

    /// What comes of it, and what it has cost.
    pub(in crate::cognito) fn cost<T>(of: impl FnOnce() -> T) -> (T, Spent) {
        SPENT.set(Spent::default());
        let made = of();
        (made, SPENT.get())
    }

    const ANN: &str = "ann@example.com";
    const NOBODY: &str = "nobody@example.com";

    type Path = (&'static str, fn(&mut Fixture, &str) -> String);

    /// All that can be done with a name alone, and something made up.
    const PATHS: [Path; 7] = [
        ("USER_PASSWORD_AUTH", |cognito, name| cognito.password_auth(name, "Wr0ng-password")),
        ("ADMIN_USER_PASSWORD_AUTH", |cognito, name| {
            let parameters = json!({ "USERNAME": name, "PASSWORD": "Wr0ng-password" });
            let input = json!({
                "UserPoolId": cognito.pool("Shopper"), "ClientId": cognito.client("Shopper"),
                "AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": parameters,
            });
            cognito.call("AdminInitiateAuth", input)
        }),
        ("USER_SRP_AUTH", |cognito, name| {
            let public = Client::new(&Random::seeded(9)).public;
            SPENT.set(Spent::default()); // what the client computed is not the pool's
            cognito.auth("USER_SRP_AUTH", json!({ "USERNAME": name, "SRP_A": public }))
        }),
        ("ForgotPassword", |cognito, name| with(cognito, "ForgotPassword", name, &[])),
        ("ConfirmForgotPassword", |cognito, name| {
            let wrong = [("ConfirmationCode", "wrong"), ("Password", PASSWORD)];
            with(cognito, "ConfirmForgotPassword", name, &wrong)
        }),
        ("ResendConfirmationCode", |cognito, name| with(cognito, "ResendConfirmationCode", name, &[])),
        ("ConfirmSignUp", |cognito, name| with(cognito, "ConfirmSignUp", name, &[("ConfirmationCode", "wrong")])),
    ];

    fn with(cognito: &mut Fixture, operation: &str, name: &str, more: &[(&str, &str)]) -> String {
        let mut input = json!({ "ClientId": cognito.client("Shopper"), "Username": name });
        more.iter().for_each(|(member, value)| input[member] = (*value).into());
        cognito.call(operation, input)
    }

    /// What each path costs for somebody, and that it is the same for nobody.
    fn compared(cognito: &mut Fixture, state: &str) -> String {
        let line = |(path, run): &Path| {
            let cost_of = |cognito: &mut Fixture, name| cost(|| run(cognito, name)).1;
            let (somebody, nobody) = (cost_of(cognito, ANN), cost_of(cognito, NOBODY));
            assert_eq!(somebody, nobody, "{path} of who is {state}");
            format!("{path}: {nobody}\n")
        };
        PATHS.iter().map(line).collect()
    }

    #[test]
    fn who_does_not_exist_costs_as_much_as_who_does_in_whatever_state() {
        let expected = expect![[r#"
            USER_PASSWORD_AUTH: 1 derivations, 0 powers
            ADMIN_USER_PASSWORD_AUTH: 1 derivations, 0 powers
            USER_SRP_AUTH: 0 derivations, 3 powers
            ForgotPassword: 0 derivations, 0 powers
            ConfirmForgotPassword: 0 derivations, 0 powers
            ResendConfirmationCode: 0 derivations, 0 powers
            ConfirmSignUp: 0 derivations, 0 powers
        "#]];
        let states: [(&str, State); 5] = [
            ("unconfirmed", |cognito| _ = cognito.sign_up(ANN)),
            ("confirmed", |cognito| cognito.confirmed(ANN)),
            ("signed in", |cognito| {
                cognito.confirmed(ANN);
                cognito.tokens(ANN);
            }),
            ("disabled", |cognito| {
                cognito.confirmed(ANN);
                cognito.admin("AdminDisableUser", ANN);
            }),
            ("to choose another password", |cognito| {
                cognito.confirmed(ANN);
                cognito.admin("AdminResetUserPassword", ANN);
            }),
        ];
        for (state, bring_about) in states {
            let mut cognito = Fixture::new();
            bring_about(&mut cognito);
            expected.assert_eq(&compared(&mut cognito, state));
        }
    }

    #[test]
    fn a_password_that_was_right_once_is_not_derived_again_and_a_wrong_one_is() {
        let mut cognito = Fixture::new();
        cognito.confirmed(ANN);
        assert_eq!(cost(|| cognito.password_auth(ANN, PASSWORD)).1.derivations, 0);
        assert_eq!(cost(|| cognito.password_auth(ANN, "Wr0ng-password")).1.derivations, 1);
    }
}
