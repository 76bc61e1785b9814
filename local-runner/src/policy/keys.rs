/// The keys of conditions that the runner knows the values of, or knows to be absent, in small letters.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const KNOWN: [&str; 22] = [
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:tokenissuetime",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "cognito-identity.amazonaws.com:amr",
    "cognito-identity.amazonaws.com:aud",
    "cognito-identity.amazonaws.com:sub",
    "dynamodb:attributes",
    "dynamodb:leadingkeys",
    "dynamodb:returnvalues",
    "dynamodb:select",
];
const PRINCIPAL_TAG: &str = "aws:principaltag/";

/// A condition on any other key is refused.
pub(super) fn is_known(key: &str) -> bool {
    KNOWN.contains(&key) || key.strip_prefix(PRINCIPAL_TAG).is_some_and(|tag| !tag.is_empty())
}
