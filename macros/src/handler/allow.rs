//! `allow("dynamodb:DescribeTable", "arn:…")`: a permission for the use of a raw SDK client.

use quote::ToTokens;
use syn::{
    LitStr, Token,
    parse::{ParseStream, Parser},
};

use crate::{
    errors::Errors,
    setting::{Setting, Value},
};

const EXAMPLE: &str =
    "write `allow(\"ses:SendEmail\", \"arn:aws:ses:${AWS::Region}:${AWS::AccountId}:identity/example.com\")`";

/// The action and the resource.
pub(super) fn read(setting: &Setting) -> syn::Result<(LitStr, LitStr)> {
    let Value::Group(_, tokens) = &setting.value else {
        return Err(syn::Error::new_spanned(&setting.name, format!("`allow` has an action and a resource: {EXAMPLE}")));
    };
    let (action, resource) = two_strings.parse2(tokens.clone()).map_err(|error| {
        let span = if tokens.is_empty() { setting.name.span() } else { error.span() };
        syn::Error::new(span, format!("`allow` has an action and a resource: {EXAMPLE}"))
    })?;
    let mut errors = Errors::default();
    check(&action, check_action, &mut errors);
    check(&resource, check_resource, &mut errors);
    errors.finish()?;
    Ok((action, resource))
}

fn two_strings(input: ParseStream<'_>) -> syn::Result<(LitStr, LitStr)> {
    let action = input.parse()?;
    input.parse::<Token![,]>()?;
    let resource = input.parse()?;
    input.parse::<Option<Token![,]>>()?;
    Ok((action, resource))
}

fn check(literal: &LitStr, check: impl Fn(&str) -> Result<(), String>, errors: &mut Errors) {
    if let Err(message) = check(&literal.value()) {
        errors.push(literal.to_token_stream(), message);
    }
}

/// `service:Action`, one action: a pattern would grant what no one has read.
fn check_action(action: &str) -> Result<(), String> {
    if action.contains(['*', '?']) {
        return Err(format!("`{action}` stands for several actions: name each one in an `allow` of its own"));
    }
    let valid = action.split_once(':').is_some_and(|(service, name)| {
        let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !service.is_empty()
            && service.chars().all(lower)
            && !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric())
    });
    if valid { Ok(()) } else { Err(format!("`{action}` is no action of IAM: write `service:Action`, `ses:SendEmail`")) }
}

/// `arn:partition:service:region:account:resource`, of which the resource may end in a pattern but not be one.
fn check_resource(resource: &str) -> Result<(), String> {
    if resource.chars().all(|c| matches!(c, '*' | '?')) {
        return Err(format!(
            "`{resource}` is every resource: name the one that the handler uses, `arn:aws:s3:::bucket/*`"
        ));
    }
    if !resource.starts_with("arn:") {
        return Err(format!("`{resource}` is no ARN: a permission names its resource, `arn:aws:s3:::bucket/*`"));
    }
    let flat = without_variables(resource);
    let parts: Vec<&str> = flat.splitn(6, ':').collect();
    let [_, partition, service, _, _, name] = parts[..] else {
        return Err(format!(
            "`{resource}` is no ARN: it has six parts, `arn:partition:service:region:account:resource`"
        ));
    };
    if partition.is_empty() || service.is_empty() || name.is_empty() {
        return Err(format!("`{resource}` is no ARN: its partition, service and resource are not empty"));
    }
    if service.contains(['*', '?']) || name.chars().all(|c| matches!(c, '*' | '?')) {
        return Err(format!("`{resource}` is every resource: name the one that the handler uses"));
    }
    Ok(())
}

/// The ARN with each `${…}` of CloudFormation as a letter, since the names in them have colons.
fn without_variables(text: &str) -> String {
    let mut flat = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((_, after)) = after.split_once('}') else { break };
        flat.push_str(before);
        flat.push('x');
        rest = after;
    }
    flat + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_one_of_one_service() {
        assert_eq!(check_action("dynamodb:DescribeTable"), Ok(()));
        assert_eq!(check_action("cognito-idp:AdminGetUser"), Ok(()));
        for (action, part) in [
            ("dynamodb:*", "several"),
            ("*", "several"),
            ("s3:Get?", "several"),
            ("GetItem", "no action"),
            ("S3:get", "no action"),
        ] {
            let error = check_action(action).unwrap_err();
            assert!(error.contains(part), "{action}: {error}");
        }
    }

    #[test]
    fn a_resource_is_an_arn_and_not_everything() {
        assert_eq!(check_resource("arn:aws:s3:::bucket/*"), Ok(()));
        assert_eq!(check_resource("arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/x.org"), Ok(()));
        for (resource, part) in [
            ("*", "every resource"),
            ("bucket", "no ARN"),
            ("arn:aws:s3", "six parts"),
            ("arn:aws:s3:::*", "every resource"),
            ("arn:aws:*:::x", "every resource"),
            ("arn:aws::::x", "not empty"),
            ("arn:${AWS::Partition", "six parts"),
        ] {
            let error = check_resource(resource).unwrap_err();
            assert!(error.contains(part), "{resource}: {error}");
        }
    }
}
