//! A user pool that exists is valid.

use syn::{DeriveInput, Ident, LitStr};

use crate::{errors::Errors, item, oauth::OAuth, setting::Setting, settings::Settings};

pub(super) struct UserPool {
    pub(super) name: Ident,
    /// The variant of `SignIn`.
    pub(super) sign_in: &'static str,
    pub(super) self_sign_up: bool,
    pub(super) groups: Vec<LitStr>,
    pub(super) oauth: OAuth,
}

const SIGN_IN: [(&str, &str); 3] = [("email", "Email"), ("phone", "Phone"), ("username", "Username")];

pub(super) fn new(input: DeriveInput) -> syn::Result<UserPool> {
    let mut errors = Errors::default();
    item::named_fields(&input, "UserPool", &mut errors);
    let settings = item::settings(&input.attrs, "user_pool", &mut errors);
    let known = [&["sign_in", "self_sign_up", "groups"], &OAuth::OPTIONS[..]].concat();
    let settings = Settings::of(settings, "#[user_pool(…)]", &known, &mut errors);
    let sign_in = settings.read("sign_in", &mut errors, |it| it.choice(&SIGN_IN)).unwrap_or("Email");
    let self_sign_up = settings.read("self_sign_up", &mut errors, Setting::flag).unwrap_or(false);
    let groups = settings.read("groups", &mut errors, |it| it.texts("staff")).unwrap_or_default();
    groups.iter().for_each(|group| check_group(group, &mut errors));
    let oauth = OAuth::read(&settings, &input.attrs, &mut errors);
    errors.finish()?;
    Ok(UserPool { name: input.ident, sign_in, self_sign_up, groups, oauth })
}

/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html>
fn check_group(group: &LitStr, errors: &mut Errors) {
    let text = group.value();
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) || text.chars().count() > 128 {
        errors.push(group, "Cognito's groups have names of 1 to 128 characters without spaces");
    }
}
