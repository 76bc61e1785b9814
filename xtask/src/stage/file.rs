//! Reading `skyloom.toml`: each mistake with its place, and with what was meant.

use std::{fs, io, path::Path};

use anyhow::{Context, Result, bail};
use skyloom_manifest::rules;

use super::{ApiSettings, Domain, Settings, Throttle, function::check_vpc, settings::FunctionSettings};

/// What the file says; nothing, if there is none.
pub(super) fn read(path: &Path) -> Result<Option<Settings>> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text, &path.display().to_string()).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

pub(super) fn parse(text: &str, path: &str) -> Result<Settings> {
    let settings: Settings = match toml::from_str(text) {
        Ok(settings) => settings,
        Err(error) => {
            let line = error.span().map_or(1, |span| 1 + text[..span.start].matches('\n').count());
            bail!("{path}:{line}: {}", with_nearest(error.message()));
        }
    };
    check(&settings, "")
        .and_then(|()| settings.stages.iter().try_for_each(|(name, stage)| check_stage(name, stage)))
        .map_err(|message| anyhow::anyhow!("{path}: {message}"))?;
    Ok(settings)
}

/// Serde says which names there are; a reader wants to know which one was meant.
fn with_nearest(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(word) = quoted.next() else { return message.to_owned() };
    match rules::nearest(word, quoted) {
        Some(near) if message.starts_with("unknown ") => {
            let what = message.split(',').next().unwrap_or(message);
            format!("{what}: did you mean `{near}`?")
        }
        _ => message.to_owned(),
    }
}

fn check_stage(name: &str, stage: &Settings) -> Result<(), String> {
    let is_simple = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(is_simple) || name.len() > 32 {
        return Err(format!(
            "`{name}` cannot be a stage: its name becomes part of the stack's, so it has up to 32 small letters, digits and `-`, a letter first"
        ));
    }
    if !stage.stages.is_empty() {
        return Err(format!("the stage `{name}` has stages of its own: write each as `[stages.NAME]`"));
    }
    check(stage, &format!("the stage `{name}`: "))
}

/// What the types of [`Settings`] do not say.
fn check(settings: &Settings, place: &str) -> Result<(), String> {
    let Settings { account, region, log_retention_days, alarms_topic, domain, stack, throttle, apis, .. } = settings;
    let all = [
        stack.as_deref().map(check_stack),
        account.as_deref().map(check_account),
        region.as_deref().map(rules::check_region),
        log_retention_days.map(|days| rules::check_log_retention(days.into())),
        settings.vpc.as_ref().map(check_vpc),
        alarms_topic.as_deref().map(|arn| check_arn("alarms-topic", arn, "sns")),
        settings.permissions_boundary.as_deref().map(check_boundary),
        domain.as_ref().map(check_domain),
        throttle.as_ref().map(check_throttle),
    ];
    let tags =
        settings.tags.iter().map(|(key, value)| rules::check_tag_key(key).and_then(|()| rules::check_tag_value(value)));
    all.into_iter()
        .flatten()
        .chain(settings.environment.keys().map(|name| rules::check_variable(name)))
        .chain(settings.layers.iter().map(|arn| rules::check_layer(arn)))
        .chain(settings.functions.values().map(check_function))
        .chain(tags)
        .chain(apis.values().map(check_api))
        .chain(settings.parameters.keys().map(|name| check_parameter(name)))
        .collect::<Result<(), String>>()
        .map_err(|message| format!("{place}{message}"))
}

fn check_api(api: &ApiSettings) -> Result<(), String> {
    api.domain.as_ref().map_or(Ok(()), check_domain)?;
    api.throttle.as_ref().map_or(Ok(()), check_throttle)?;
    api.access_log_format.as_deref().map_or(Ok(()), check_log_format)?;
    api.vpc_endpoints.iter().try_for_each(|id| check_vpc_endpoint(id))?;
    api.variables.iter().try_for_each(|(name, value)| rules::check_stage_variable(name, value))
}

fn check_domain(domain: &Domain) -> Result<(), String> {
    check_arn("certificate", &domain.certificate, "acm")?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "$-_.+!*'()".contains(c);
    match &domain.base_path {
        Some(path) if path.is_empty() || !path.chars().all(is_part) => {
            Err(format!("`base-path` is one part of a path, without slashes, `base-path = \"v1\"`, and not `{path}`"))
        }
        _ => Ok(()),
    }
}

fn check_throttle(throttle: &Throttle) -> Result<(), String> {
    let fits = throttle.rate.is_finite() && throttle.rate > 0.0 && throttle.burst > 0;
    if fits { Ok(()) } else { Err("`throttle` lets nothing through: its rate and its burst are over 0".into()) }
}

/// API Gateway takes one line by which a request is known.
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html>
fn check_log_format(format: &str) -> Result<(), String> {
    let names_request = ["$context.requestId", "$context.extendedRequestId"].iter().any(|id| format.contains(id));
    match names_request && !format.contains('\n') {
        true => Ok(()),
        false => {
            Err("`access-log-format` is one line with `$context.requestId` or `$context.extendedRequestId` in it"
                .into())
        }
    }
}

fn check_vpc_endpoint(id: &str) -> Result<(), String> {
    let is_id = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_hexdigit());
    match id.strip_prefix("vpce-").is_some_and(is_id) {
        true => Ok(()),
        false => Err(format!("`vpc-endpoints` are ids, `vpce-0123456789abcdef0`, and `{id}` is none")),
    }
}

/// What the manifest's rules would say later without the file's name.
fn check_function(function: &FunctionSettings) -> Result<(), String> {
    function.environment.keys().try_for_each(|name| rules::check_variable(name))?;
    function.layers.iter().flatten().try_for_each(|arn| rules::check_layer(arn))?;
    function.log_retention_days.map_or(Ok(()), |days| rules::check_log_retention(days.into()))
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html>
fn check_stack(name: &str) -> Result<(), String> {
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && name.len() <= 128;
    if fits {
        Ok(())
    } else {
        Err(format!("`{name}` cannot be a stack: it has up to 128 letters, digits and `-`, a letter first"))
    }
}

fn check_account(account: &str) -> Result<(), String> {
    let fits = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    if fits { Ok(()) } else { Err(format!("`{account}` is no account: it has 12 digits, in quotes")) }
}

fn check_arn(name: &str, arn: &str, service: &str) -> Result<(), String> {
    let fits = matches!(arn.splitn(6, ':').collect::<Vec<_>>()[..], ["arn", _, of, region, account, id]
        if of == service && !region.is_empty() && !account.is_empty() && !id.is_empty());
    if fits {
        Ok(())
    } else {
        Err(format!("`{name}` is an ARN, `arn:aws:{service}:REGION:ACCOUNT:…`, and not `{arn}`"))
    }
}

/// A managed policy, of the account or AWS's own; IAM has no regions.
fn check_boundary(arn: &str) -> Result<(), String> {
    let parts: Vec<_> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, "iam", "", account, policy]
            if !account.is_empty() && policy.len() > 7 && policy.starts_with("policy/") =>
        {
            Ok(())
        }
        _ => Err(format!(
            "`permissions-boundary` is the ARN of a policy, `arn:aws:iam::ACCOUNT:policy/NAME`, and not `{arn}`"
        )),
    }
}

fn check_parameter(name: &str) -> Result<(), String> {
    let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    if fits { Ok(()) } else { Err(format!("`{name}` cannot be a parameter: it has letters and digits only")) }
}
