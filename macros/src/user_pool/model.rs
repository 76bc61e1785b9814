//! A user pool that exists is valid.

mod attribute;
mod client;
mod devices;
mod group;
mod mfa;
mod password;

use skyloom_manifest::rules;
use syn::{DeriveInput, Ident, LitStr};

pub(super) use self::{
    attribute::Attribute, client::Client, devices::Devices, group::Group, mfa::Mfa, password::Password,
};
use crate::{
    errors::Errors,
    item,
    oauth::OAuth,
    setting::Setting,
    settings::{Settings, suggest},
};

pub(super) struct UserPool {
    pub(super) name: Ident,
    /// The variant of `SignIn`.
    pub(super) sign_in: &'static str,
    pub(super) self_sign_up: bool,
    pub(super) groups: Vec<LitStr>,
    pub(super) group_options: Vec<Group>,
    pub(super) mfa: Option<Mfa>,
    pub(super) password: Option<Password>,
    pub(super) client: Option<Client>,
    pub(super) oauth: OAuth,
    pub(super) devices: Option<Devices>,
    pub(super) attributes: Vec<Attribute>,
    pub(super) required: Vec<LitStr>,
}

const SIGN_IN: [(&str, &str); 3] = [("email", "Email"), ("phone", "Phone"), ("username", "Username")];
const OPTIONS: [&str; 11] = [
    "sign_in",
    "self_sign_up",
    "groups",
    "group",
    "mfa",
    "mfa_methods",
    "email_identity",
    "password",
    "client",
    "attribute",
    "required",
];

pub(super) fn new(input: DeriveInput) -> syn::Result<UserPool> {
    let mut errors = Errors::default();
    let fields = item::named_fields(&input, "UserPool", &mut errors);
    let settings = item::settings(&input.attrs, "user_pool", &mut errors);
    let settings = Settings::new(settings, &["group", "attribute"], unknown, &mut errors);
    let sign_in = settings.read("sign_in", &mut errors, |it| it.choice(&SIGN_IN)).unwrap_or("Email");
    let self_sign_up = settings.read("self_sign_up", &mut errors, Setting::flag).unwrap_or(false);
    let mut groups = settings.read("groups", &mut errors, |it| it.texts("staff")).unwrap_or_default();
    let group_options = group::read_all(&settings, &mut groups, &mut errors);
    groups.iter().for_each(|group| check(group, rules::check_group(&group.value()), &mut errors));
    let mfa = mfa::read(&settings, &mut errors);
    let password = settings.find("password").and_then(|setting| password::read(setting, &mut errors));
    let client = settings.find("client").and_then(|setting| client::read(setting, &mut errors));
    let devices = devices::read(&settings, &mut errors);
    let oauth = OAuth::read(&settings, &input.attrs, &mut errors);
    let attributes = attribute::read_all(&settings, &mut errors);
    let required = attribute::read_required(&settings, sign_in, &mut errors);
    if attributes.len() == settings.find_all("attribute").count() {
        attribute::check_mapped(oauth.mapped(), &attributes, &mut errors);
        attribute::check_fields(&fields, &attributes, &mut errors);
    } // what names one that is wrong is not wrong as well
    errors.finish()?;
    Ok(UserPool {
        name: input.ident,
        sign_in,
        self_sign_up,
        groups,
        group_options,
        mfa,
        password,
        client,
        oauth,
        devices,
        attributes,
        required,
    })
}

fn unknown(name: &str) -> Option<String> {
    let what = format!("`{name}` is no option of `#[user_pool(…)]`");
    let known = OPTIONS.into_iter().chain(devices::OPTIONS).chain(OAuth::OPTIONS);
    (!known.clone().any(|it| it == name)).then(|| suggest(&what, name, known))
}

/// What a rule says of a text is an error at the text.
fn check(text: &LitStr, result: Result<(), String>, errors: &mut Errors) {
    result.unwrap_or_else(|message| errors.push(text, message));
}
