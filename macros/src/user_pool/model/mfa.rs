use skyloom_manifest::rules;
use syn::LitStr;

use super::check;
use crate::{
    errors::Errors,
    settings::{Settings, suggest},
};

/// `mfa = "optional"` with what belongs to it.
pub(in crate::user_pool) struct Mfa {
    pub(in crate::user_pool) required: bool,
    /// Variants of `MfaMethod`.
    pub(in crate::user_pool) methods: Vec<&'static str>,
    pub(in crate::user_pool) email_identity: Option<LitStr>,
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Off,
    Optional,
    Required,
}

const WANTED: [(&str, Wanted); 3] =
    [("optional", Wanted::Optional), ("required", Wanted::Required), ("off", Wanted::Off)];
const METHODS: [(&str, &str); 3] = [("totp", "Totp"), ("sms", "Sms"), ("email", "Email")];

pub(super) fn read(settings: &Settings, errors: &mut Errors) -> Option<Mfa> {
    let wanted = settings.read("mfa", errors, |it| it.choice(&WANTED));
    let methods = methods(settings, errors);
    let email_identity = settings.read("email_identity", errors, |it| it.text("example.com")).cloned();
    email_identity.iter().for_each(|it| check(it, rules::check_email_identity(&it.value()), errors));
    check_belonging(settings, wanted, methods.as_deref(), errors);
    let required = match wanted? {
        Wanted::Off => return None,
        Wanted::Optional => false,
        Wanted::Required => true,
    };
    // Of the methods this one costs nothing and needs no address.
    Some(Mfa { required, methods: methods.unwrap_or_else(|| vec!["Totp"]), email_identity })
}

fn methods(settings: &Settings, errors: &mut Errors) -> Option<Vec<&'static str>> {
    let texts = settings.read("mfa_methods", errors, |it| it.texts("totp"))?;
    let variant = |text: &LitStr, errors: &mut Errors| {
        let word = text.value();
        let found = METHODS.iter().find(|(method, _)| *method == word);
        if found.is_none() {
            let words = METHODS.iter().map(|(method, _)| *method);
            errors.push(text, suggest(&format!("`{word}` is no second factor"), &word, words));
        }
        found.map(|(_, variant)| *variant)
    };
    Some(texts.iter().filter_map(|text| variant(text, errors)).collect())
}

/// An option that would have no effect is a mistake.
fn check_belonging(settings: &Settings, wanted: Option<Wanted>, methods: Option<&[&str]>, errors: &mut Errors) {
    let is_off = settings.find("mfa").is_none() || wanted == Some(Wanted::Off);
    let by_email = methods.is_some_and(|methods| methods.contains(&"Email"));
    if let Some(methods) = settings.find("mfa_methods") {
        if is_off {
            errors.push(
                &methods.name,
                "without `mfa = \"optional\"` or `\"required\"` nobody is asked for a second factor",
            );
        } else if by_email && settings.find("email_identity").is_none() {
            let message = "codes by e-mail come from an identity of Amazon SES: add `email_identity = \"example.com\"`";
            errors.push(&methods.name, message);
        }
    }
    if let Some(identity) = settings.find("email_identity").filter(|_| !by_email) {
        errors.push(&identity.name, "this is for codes by e-mail: add `\"email\"` to `mfa_methods`, or remove it");
    }
}
