//! The rules of what only a REST API has.

use skyloom_manifest::rules;
use syn::LitStr;

use super::gateway_response::{self, GatewayResponse};
use crate::{errors::Errors, setting::Setting, settings::Settings};

pub(super) struct Rest {
    /// The variant of `Endpoint`.
    pub(super) endpoint: &'static str,
    pub(super) binary_media_types: Vec<LitStr>,
    /// Bytes.
    pub(super) minimum_compression: Option<u32>,
    pub(super) validate: bool,
    pub(super) usage_plan: Option<UsagePlan>,
    /// GB.
    pub(super) cache_size: Option<&'static str>,
    pub(super) gateway_responses: Vec<GatewayResponse>,
    pub(super) policy: Option<Policy>,
}

/// From which addresses the API may be called.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) allow_ips: Vec<LitStr>,
    pub(super) deny_ips: Vec<LitStr>,
}

#[derive(Default)]
pub(super) struct UsagePlan {
    /// Requests a second, and at once.
    pub(super) throttle: Option<(u32, u32)>,
    /// Requests, and the variant of `Period`.
    pub(super) quota: Option<(u32, &'static str)>,
}

const ENDPOINTS: [(&str, &str); 3] = [("regional", "Regional"), ("edge", "Edge"), ("private", "Private")];
const PERIODS: [(&str, &str); 3] = [("day", "Day"), ("week", "Week"), ("month", "Month")];

pub(super) fn new(settings: &Settings, errors: &mut Errors) -> Rest {
    let media_types = settings.read("binary_media_types", errors, |it| it.texts("image/*")).unwrap_or_default();
    for text in &media_types {
        rules::check_media_type(&text.value()).unwrap_or_else(|message| errors.push(text, message));
    }
    let range = rules::MINIMUM_COMPRESSION;
    Rest {
        endpoint: settings.read("endpoint", errors, |it| it.choice(&ENDPOINTS)).unwrap_or("Regional"),
        binary_media_types: media_types,
        minimum_compression: settings.read("minimum_compression", errors, |it| it.integer(&range, " bytes")),
        validate: settings.read("validate", errors, Setting::flag).unwrap_or(false),
        cache_size: settings.read("cache_size", errors, |it| it.choice(&rules::CACHE_SIZES.map(|size| (size, size)))),
        gateway_responses: gateway_response::read_all(settings, errors),
        usage_plan: settings.find("usage_plan").and_then(|setting| usage_plan(setting, errors)),
        policy: settings.find("policy").and_then(|setting| policy(setting, errors)),
    }
}

fn policy(setting: &Setting, errors: &mut Errors) -> Option<Policy> {
    let nested = errors.keep(setting.nested("allow_ips = [\"203.0.113.0/24\"]"))?;
    let settings = Settings::of(nested, "policy(…)", &["allow_ips", "deny_ips"], errors);
    if ["allow_ips", "deny_ips"].iter().all(|name| settings.lacks(name)) {
        errors.push(&setting.name, "say from where: write `policy(allow_ips = [\"203.0.113.0/24\"])`");
    }
    let mut networks = |name| settings.read(name, errors, |it| it.texts("203.0.113.0/24")).unwrap_or_default();
    let (allow_ips, deny_ips) = (networks("allow_ips"), networks("deny_ips"));
    for text in allow_ips.iter().chain(&deny_ips) {
        rules::check_network(&text.value()).unwrap_or_else(|message| errors.push(text, message));
    }
    Some(Policy { allow_ips, deny_ips })
}

/// Each half of a plan has two numbers, of which none is guessed.
fn usage_plan(setting: &Setting, errors: &mut Errors) -> Option<UsagePlan> {
    let example = "rate = 10, burst = 20, quota = 10000, period = \"month\"";
    let nested = errors.keep(setting.nested(example))?;
    let settings = Settings::of(nested, "usage_plan(…)", &["rate", "burst", "quota", "period"], errors);
    for (one, other) in [("rate", "burst"), ("burst", "rate"), ("quota", "period"), ("period", "quota")] {
        if let (Some(found), None) = (settings.find(one), settings.find(other)) {
            errors.push(&found.name, format!("`{one}` goes with `{other}`: write `usage_plan({example})`"));
        }
    }
    if ["rate", "burst", "quota", "period"].iter().all(|name| settings.lacks(name)) {
        errors.push(&setting.name, format!("say what a client may use: write `usage_plan({example})`"));
    }
    let mut number = |name, range| settings.read(name, errors, |it| it.integer(&range, " requests"));
    let (rate, burst) = (number("rate", rules::USAGE_RATE), number("burst", rules::USAGE_RATE));
    let quota = number("quota", rules::USAGE_QUOTA);
    let period = settings.read("period", errors, |it| it.choice(&PERIODS));
    Some(UsagePlan { throttle: rate.zip(burst), quota: quota.zip(period) })
}
