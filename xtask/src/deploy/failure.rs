//! What an error of AWS means, in one sentence that says what to run or to change.

use std::error::Error;

use anyhow::anyhow;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_cloudformation::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use serde_json::json;

/// The error that a call for this action (`cloudformation:CreateChangeSet`) came back with.
pub(crate) fn of<E>(action: &str, error: SdkError<E, HttpResponse>) -> anyhow::Error
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    on(action, "*", error)
}

/// The same for a call on a resource, for services like S3 that deny it without a word about what.
pub(super) fn on<E>(action: &str, resource: &str, error: SdkError<E, HttpResponse>) -> anyhow::Error
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(service) => {
            let status = service.raw().status().to_string();
            anyhow!(of_service(action, resource, service.err().code().unwrap_or(&status), service.err().message()))
        }
        other => anyhow!(without_answer(action, other)),
    }
}

/// What a service says, by the code that it gives.
fn of_service(action: &str, resource: &str, code: &str, message: Option<&str>) -> String {
    let message = message.unwrap_or("the service gave no reason");
    match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => expired(message),
        "InvalidClientTokenId" | "UnrecognizedClientException" | "InvalidAccessKeyId" | "SignatureDoesNotMatch" => {
            format!("AWS does not know these credentials ({message}): check them with `aws sts get-caller-identity`")
        }
        "AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation" => denied(message)
            .unwrap_or_else(|| format!("AWS does not allow `{action}` ({message}). {}", to_add(action, resource))),
        "OptInRequired" | "RegionDisabledException" => {
            format!("the account has not enabled this region ({message}): enable it, or choose another with `--region`")
        }
        code => format!("`{action}` failed: {message} ({code})"),
    }
}

/// What to say where a message, of a call or of an event, is that somebody may not do something.
pub(super) fn denied(message: &str) -> Option<String> {
    if message.contains("CloudWatch Logs role ARN must be set") {
        return Some(no_log_role().into());
    }
    let (before, after) = message.split_once("is not authorized to perform: ")?;
    let who = before.rsplit_once("User: ").map_or("this role", |(_, who)| who.trim());
    let action = after.split_whitespace().next()?.trim_end_matches([',', '.']);
    let resource = after.split_once("on resource: ").and_then(|(_, rest)| rest.split_whitespace().next());
    let resource = resource.map_or("*", |it| it.trim_matches(['"', ',', '.', ')']));
    let next = if message.contains("explicit deny") {
        "A policy denies it explicitly, and no other can allow it: have that one changed".into()
    } else {
        to_add(action, resource)
    };
    Some(format!("{who} may not do `{action}` on {resource}. {next}"))
}

/// The role is a setting of the account, which no stack touches unasked.
fn no_log_role() -> &'static str {
    "API Gateway has no role with which it may write the logs of REST APIs in this account and region. Let this stack set it, with \
     `account-log-role = true` in skyloom.toml, or switch the logs off, with `access-log = false`"
}

pub(super) fn to_add(action: &str, resource: &str) -> String {
    let statement = json!({"Effect": "Allow", "Action": action, "Resource": resource});
    format!("Add this statement to a policy of the one who deploys: {statement}")
}

fn expired(message: &str) -> String {
    format!(
        "the AWS credentials have expired ({message}): run `aws sso login`, with `--profile` if you use one, or renew them as you got them"
    )
}

/// No service answered: there are no credentials, or no connection.
fn without_answer(action: &str, error: &(dyn Error + 'static)) -> String {
    let chain: Vec<&(dyn Error + 'static)> = std::iter::successors(Some(error), |&error| error.source()).collect();
    let words = chain.last().map(ToString::to_string).unwrap_or_default();
    match chain.iter().find_map(|error| error.downcast_ref::<CredentialsError>()) {
        Some(CredentialsError::CredentialsNotLoaded(_)) => no_credentials(),
        Some(CredentialsError::InvalidConfiguration(_)) => {
            format!(
                "the AWS configuration cannot be used ({words}): check `~/.aws/config`, and the name given with `--profile`"
            )
        }
        Some(_) if words.contains("expired") => expired(&words),
        Some(_) if words.contains("IMDS") => no_credentials(), // asked last, of a machine that is none of AWS's
        Some(_) => format!("there are no AWS credentials ({words}): check them with `aws sts get-caller-identity`"),
        None => format!(
            "`{action}` got no answer ({words}): check the network, the region, and `--endpoint-url` if you use it"
        ),
    }
}

fn no_credentials() -> String {
    "there are no AWS credentials: run `aws configure`, or `aws sso login --profile NAME` and give `--profile NAME`"
        .into()
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::operation::describe_stacks::DescribeStacksError;
    use expect_test::{Expect, expect};

    use super::*;

    fn check(code: &str, message: &str, expected: Expect) {
        expected.assert_eq(&of_service("cloudformation:CreateChangeSet", "*", code, Some(message)));
    }

    #[test]
    fn a_denied_action_comes_with_the_statement_that_allows_it() {
        check(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: cloudformation:CreateChangeSet on resource: \
             arn:aws:cloudformation:eu-west-1:123456789012:stack/orders/* because no identity-based policy allows the \
             cloudformation:CreateChangeSet action",
            expect![[
                r#"arn:aws:iam::123456789012:user/ann may not do `cloudformation:CreateChangeSet` on arn:aws:cloudformation:eu-west-1:123456789012:stack/orders/*. Add this statement to a policy of the one who deploys: {"Action":"cloudformation:CreateChangeSet","Effect":"Allow","Resource":"arn:aws:cloudformation:eu-west-1:123456789012:stack/orders/*"}"#
            ]],
        );
    }

    #[test]
    fn logs_of_a_rest_api_want_a_role_of_the_account() {
        let reason = "Resource handler returned message: \"CloudWatch Logs role ARN must be set in account settings to enable \
                      logging (Service: ApiGateway, Status Code: 400)\"";
        assert!(denied(reason).unwrap().contains("`account-log-role = true`"));
    }

    #[test]
    fn no_statement_helps_against_an_explicit_deny() {
        check(
            "AccessDenied",
            "User: arn:aws:sts::1:assumed-role/ci/x is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy",
            expect![
                "arn:aws:sts::1:assumed-role/ci/x may not do `s3:PutObject` on arn:aws:s3:::b/k. A policy denies it explicitly, and no other can allow it: have that one changed"
            ],
        );
    }

    #[test]
    fn a_denial_without_words_names_the_action_that_was_called() {
        check(
            "AccessDenied",
            "Access Denied",
            expect![[
                r#"AWS does not allow `cloudformation:CreateChangeSet` (Access Denied). Add this statement to a policy of the one who deploys: {"Action":"cloudformation:CreateChangeSet","Effect":"Allow","Resource":"*"}"#
            ]],
        );
    }

    #[test]
    fn expired_and_unknown_credentials_say_what_to_run() {
        check(
            "ExpiredToken",
            "The security token included in the request is expired",
            expect![
                "the AWS credentials have expired (The security token included in the request is expired): run `aws sso login`, with `--profile` if you use one, or renew them as you got them"
            ],
        );
        check(
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            expect![
                "AWS does not know these credentials (The security token included in the request is invalid.): check them with `aws sts get-caller-identity`"
            ],
        );
    }

    #[test]
    fn anything_else_is_the_services_own_words() {
        check(
            "ValidationError",
            "Template error: instance of Fn::GetAtt",
            expect![
                "`cloudformation:CreateChangeSet` failed: Template error: instance of Fn::GetAtt (ValidationError)"
            ],
        );
    }

    #[test]
    fn missing_credentials_are_found_in_what_the_client_says() {
        let credentials = CredentialsError::not_loaded("nothing in the chain");
        let error: SdkError<DescribeStacksError, HttpResponse> = SdkError::construction_failure(credentials);
        assert_eq!(of("cloudformation:DescribeStacks", error).to_string(), no_credentials());

        let expired = CredentialsError::provider_error("the SSO token has expired and cannot be refreshed");
        let error: SdkError<DescribeStacksError, HttpResponse> = SdkError::construction_failure(expired);
        assert!(of("cloudformation:DescribeStacks", error).to_string().contains("run `aws sso login`"));
    }

    #[test]
    fn no_connection_names_the_call() {
        let error: SdkError<DescribeStacksError, HttpResponse> = SdkError::timeout_error("connection refused");
        expect!["`cloudformation:DescribeStacks` got no answer (connection refused): check the network, the region, and `--endpoint-url` if you use it"]
            .assert_eq(&of("cloudformation:DescribeStacks", error).to_string());
    }
}
