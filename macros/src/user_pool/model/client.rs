use skyloom_manifest::rules;
use syn::LitStr;

use crate::{
    errors::Errors,
    setting::{Setting, Value},
    settings::{Settings, suggest},
};

/// `client(…)`: only what is said.
pub(in crate::user_pool) struct Client {
    pub(in crate::user_pool) secret: bool,
    /// Variants of `AuthFlow`.
    pub(in crate::user_pool) flows: Option<Vec<&'static str>>,
    /// Seconds, by the field of `ClientEntry`.
    pub(in crate::user_pool) lives: Vec<(&'static str, u32)>,
    pub(in crate::user_pool) rotation: Option<u32>,
}

const FLOWS: [(&str, &str); 4] = [
    ("user-srp", "UserSrp"),
    ("user-password", "UserPassword"),
    ("admin-user-password", "AdminUserPassword"),
    ("custom", "Custom"),
];
const LIVES: [(&str, &std::ops::RangeInclusive<u64>); 3] = [
    ("access_token", &rules::TOKEN_LIFE),
    ("id_token", &rules::TOKEN_LIFE),
    ("refresh_token", &rules::REFRESH_TOKEN_LIFE),
];
/// What tokens have of which nothing is said.
const TOKEN: u32 = 3_600;
const REFRESH_TOKEN: u32 = 2_592_000;

pub(super) fn read(setting: &Setting, errors: &mut Errors) -> Option<Client> {
    let nested = errors.keep(setting.nested("access_token = \"15m\""))?;
    let known = ["secret", "flows", "access_token", "id_token", "refresh_token", "rotation"];
    let settings = Settings::of(nested, "client(…)", &known, errors);
    let secret = settings.read("secret", errors, Setting::flag).unwrap_or(false);
    let flows = settings.read("flows", errors, |it| it.texts("user-srp")).map(|flows| variants(&flows, errors));
    let life = |(name, range): (&'static str, &_)| Some((name, settings.read(name, errors, |it| it.seconds(range))?));
    let lives: Vec<_> = LIVES.into_iter().filter_map(life).collect();
    let rotation = settings.read("rotation", errors, rotation);
    check_lives(setting, &lives, errors);
    Some(Client { secret, flows, lives, rotation })
}

fn variants(flows: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let variant = |text: &LitStr| {
        let word = text.value();
        let found = FLOWS.iter().find(|(flow, _)| *flow == word);
        if found.is_none() {
            let words = FLOWS.iter().map(|(flow, _)| *flow);
            errors.push(text, suggest(&format!("`{word}` is no way to sign in"), &word, words));
        }
        found.map(|(_, variant)| *variant)
    };
    flows.iter().filter_map(variant).collect()
}

/// `rotation`, or `rotation = "30s"` with a time in which a token may be sent again.
fn rotation(setting: &Setting) -> syn::Result<u32> {
    match &setting.value {
        Value::Flag => Ok(0),
        _ => setting.seconds(&rules::ROTATION_GRACE),
    }
}

fn check_lives(client: &Setting, lives: &[(&str, u32)], errors: &mut Errors) {
    let of = |name, default| lives.iter().find(|(it, _)| *it == name).map_or(default, |(_, life)| *life);
    let (access, id) = (of("access_token", TOKEN), of("id_token", TOKEN));
    rules::check_token_lives(access, id, of("refresh_token", REFRESH_TOKEN))
        .unwrap_or_else(|message| errors.push(&client.name, message));
}
