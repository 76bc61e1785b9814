use std::collections::BTreeMap;

use skyloom_manifest::Function;

use crate::site::Site;

/// The environment variables that Lambda itself gives a function, but for `AWS_LAMBDA_RUNTIME_API` and the keys.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
pub(super) fn given_by_lambda(function: &Function, site: &Site, log_stream: String) -> BTreeMap<String, String> {
    let physical_name = site.physical_name(&function.name);
    let log_group = format!("/aws/lambda/{physical_name}");
    let mut variables: BTreeMap<_, _> = [
        ("_HANDLER", function.name.clone()),
        ("AWS_DEFAULT_REGION", site.region.clone()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory.to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", physical_name),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".into()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into()),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON".into()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", log_group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", log_stream),
        ("AWS_REGION", site.region.clone()),
        ("LANG", "en_US.UTF-8".into()),
        ("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin".into()),
        ("TZ", ":UTC".into()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    if let Some(level) = function.options.log_level {
        variables.insert("AWS_LAMBDA_LOG_LEVEL".into(), level.as_str().into());
    }
    variables
}
