use serde::Deserialize;

use crate::site::Site;

/// What IAM has to grant for a call: an action and the resource it is on. Operations that users' own clients call are
/// authorized by what is in the request, and need nothing.
///
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html>
pub(crate) fn required_access(site: &Site, target: &str, body: &[u8]) -> Option<(String, String)> {
    let operation = target.rsplit_once('.').map_or(target, |(_, operation)| operation);
    if is_public(operation) {
        return None;
    }
    let resource = match serde_json::from_slice(body) {
        Ok(PoolOf { user_pool_id: Some(id) }) => site.arn("cognito-idp", &format!("userpool/{id}")),
        _ => "*".into(), // `ListUserPools`, and whatever names no pool
    };
    Some((format!("cognito-idp:{operation}"), resource))
}

#[derive(Deserialize)]
struct PoolOf {
    #[serde(rename = "UserPoolId")]
    user_pool_id: Option<String>,
}

/// <https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows-public-server-side.html>
fn is_public(operation: &str) -> bool {
    matches!(
        operation,
        "AssociateSoftwareToken"
            | "ChangePassword"
            | "ConfirmDevice"
            | "ConfirmForgotPassword"
            | "ConfirmSignUp"
            | "DeleteUser"
            | "DeleteUserAttributes"
            | "ForgetDevice"
            | "ForgotPassword"
            | "GetDevice"
            | "GetTokensFromRefreshToken"
            | "GetUser"
            | "GetUserAttributeVerificationCode"
            | "GlobalSignOut"
            | "InitiateAuth"
            | "ListDevices"
            | "ResendConfirmationCode"
            | "RespondToAuthChallenge"
            | "RevokeToken"
            | "SetUserMFAPreference"
            | "SignUp"
            | "UpdateDeviceStatus"
            | "UpdateUserAttributes"
            | "VerifySoftwareToken"
            | "VerifyUserAttribute"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn required(operation: &str, body: &str) -> Option<(String, String)> {
        let site = Site::new("orders", "us-east-1");
        required_access(&site, &format!("AWSCognitoIdentityProviderService.{operation}"), body.as_bytes())
    }

    #[test]
    fn an_administrators_call_is_on_the_pool() {
        let granted = required("AdminGetUser", r#"{"UserPoolId":"us-east-1_a","Username":"ann"}"#);
        let arn = "arn:aws:cognito-idp:us-east-1:000000000000:userpool/us-east-1_a";
        assert_eq!(granted, Some(("cognito-idp:AdminGetUser".into(), arn.into())));
        assert_eq!(required("ListUserPools", "{}"), Some(("cognito-idp:ListUserPools".into(), "*".into())));
    }

    #[test]
    fn a_users_call_needs_no_policy() {
        assert_eq!(required("InitiateAuth", r#"{"UserPoolId":"us-east-1_a"}"#), None);
    }
}
