use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;
use skyloom_manifest::{Mfa, MfaMethod};

use super::get_user_pool_mfa_config::describe;
use crate::cognito::{Context, error::Error, pool::Pools};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Input {
    user_pool_id: String,
    #[serde(default)]
    mfa_configuration: MfaConfiguration,
    software_token_mfa_configuration: Option<SoftwareToken>,
    sms_mfa_configuration: Option<IgnoredAny>,
    email_mfa_configuration: Option<IgnoredAny>,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum MfaConfiguration {
    #[default]
    Off,
    Optional,
    On,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SoftwareToken {
    #[serde(default)]
    enabled: bool,
}

/// Holds until the application is started again: then it is what the application declares.
pub(super) fn set_user_pool_mfa_config(pools: &mut Pools, _: &Context<'_>, input: Input) -> Result<Value, Error> {
    let pool = pools.by_id(&input.user_pool_id)?;
    let wanted = [
        (MfaMethod::Totp, input.software_token_mfa_configuration.is_some_and(|it| it.enabled)),
        (MfaMethod::Sms, input.sms_mfa_configuration.is_some()),
        (MfaMethod::Email, input.email_mfa_configuration.is_some()),
    ];
    let methods: Vec<_> = wanted.into_iter().filter(|(_, wanted)| *wanted).map(|(method, _)| method).collect();
    let required = input.mfa_configuration == MfaConfiguration::On;
    pool.mfa = match input.mfa_configuration {
        MfaConfiguration::Off if !methods.is_empty() => {
            return Err(invalid("can't turn off MFA and configure an MFA together."));
        }
        MfaConfiguration::Off => None,
        _ if methods.is_empty() => {
            return Err(invalid("can't disable all MFAs with a required or optional configuration."));
        }
        MfaConfiguration::Optional | MfaConfiguration::On => Some(Mfa { required, methods, email_identity: None }),
    };
    Ok(describe(pool))
}

fn invalid(why: &str) -> Error {
    Error::InvalidParameter(format!("Invalid MFA configuration given, {why}"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::{Value, json};

    use crate::cognito::testing::{Fixture, PASSWORD};

    fn set(cognito: &mut Fixture, configuration: &str, totp: Option<bool>) -> String {
        let mut input = json!({ "UserPoolId": cognito.pool("Shopper"), "MfaConfiguration": configuration });
        if let Some(enabled) = totp {
            input["SoftwareTokenMfaConfiguration"] = json!({ "Enabled": enabled });
        }
        cognito.call("SetUserPoolMfaConfig", input)
    }

    #[test]
    fn a_pool_asks_for_a_second_factor_from_then_on() {
        let mut cognito = Fixture::new();
        cognito.confirmed("ann@example.com");
        expect![[r#"{"MfaConfiguration":"ON","SoftwareTokenMfaConfiguration":{"Enabled":true}}"#]].assert_eq(&set(
            &mut cognito,
            "ON",
            Some(true),
        ));
        let asked: Value = serde_json::from_str(&cognito.password_auth("ann@example.com", PASSWORD)).unwrap();
        assert_eq!(asked["ChallengeName"], "MFA_SETUP");
        expect![[r#"{"MfaConfiguration":"OFF"}"#]].assert_eq(&set(&mut cognito, "OFF", None));
        assert!(cognito.password_auth("ann@example.com", PASSWORD).contains("AccessToken"));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let mut cognito = Fixture::new();
        expect!["InvalidParameterException: Invalid MFA configuration given, can't turn off MFA and configure an MFA together."]
            .assert_eq(&set(&mut cognito, "OFF", Some(true)));
        expect!["InvalidParameterException: Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration."]
            .assert_eq(&set(&mut cognito, "OPTIONAL", Some(false)));
    }
}
