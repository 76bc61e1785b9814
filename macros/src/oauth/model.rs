//! What `#[user_pool(…)]` says beside users: a domain, its own client, resource servers and identity providers.

use skyloom_manifest::rules;
use syn::{Attribute, LitStr, Type};

use crate::{
    errors::Errors,
    pairs::{self, Pair},
    setting::Setting,
    settings::{Settings, suggest},
};

/// All of it, each rule kept that one pool alone can break.
#[derive(Default)]
pub(crate) struct OAuth {
    pub(super) domain: Option<LitStr>,
    pub(super) client: Option<Client>,
    pub(super) resource_servers: Vec<ResourceServer>,
    pub(super) identity_providers: Vec<IdentityProvider>,
}

/// What a client may do.
pub(super) struct Client {
    /// The variants of `OAuthFlow`.
    pub(super) flows: Vec<&'static str>,
    pub(super) scopes: Vec<LitStr>,
    pub(super) callbacks: Vec<LitStr>,
    pub(super) logouts: Vec<LitStr>,
    pub(super) secret: bool,
}

pub(super) struct ResourceServer {
    pub(super) identifier: LitStr,
    pub(super) scopes: Vec<LitStr>,
}

pub(super) struct IdentityProvider {
    pub(super) name: LitStr,
    pub(super) issuer: LitStr,
    pub(super) client_id: LitStr,
    pub(super) client_secret: Type,
    pub(super) scopes: Vec<LitStr>,
    pub(super) attributes: Vec<Pair>,
}

const FLOWS: [(&str, &str); 3] =
    [("code", "Code"), ("implicit", "Implicit"), ("client-credentials", "ClientCredentials")];
const CLIENT: [&str; 4] = ["flows", "scopes", "callbacks", "logouts"];
const MACHINE: &str = "ClientCredentials";

impl OAuth {
    /// The options of `#[user_pool(…)]` that are read here.
    pub(crate) const OPTIONS: [&'static str; 2] = ["domain", "oauth"];

    pub(crate) fn read(settings: &Settings, attributes: &[Attribute], errors: &mut Errors) -> Self {
        let domain = settings.read("domain", errors, |it| it.text("acme-orders")).cloned();
        check(&domain, rules::check_domain_prefix, errors);
        let client = settings.find("oauth").and_then(|setting| {
            let nested = errors.keep(setting.nested("scopes = [\"openid\"], callbacks = [\"https://…\"]"))?;
            let client = Settings::of(nested, "oauth(…)", &CLIENT, errors);
            let client = Client::read(&client, &setting.name, errors);
            if let Some(machine) = client.as_ref().filter(|client| client.flows.contains(&MACHINE)) {
                let at = machine.scopes.first().map_or_else(|| setting.name.span(), LitStr::span);
                errors.push_at(at, "the pool's own client is its users': make one of `#[derive(UserPoolClient)]` for `client-credentials`");
            }
            client
        });
        let resource_servers = all(attributes, "resource_server", errors, ResourceServer::read);
        let identity_providers = all(attributes, "identity_provider", errors, IdentityProvider::read);
        let needs_domain = client.is_some() || !identity_providers.is_empty();
        if let (true, None, Some(setting)) = (needs_domain, settings.find("domain"), settings.find("oauth")) {
            errors.push(&setting.name, "the sign-in page needs an address: write `domain = \"acme-orders\"`, too");
        }
        Self { domain, client, resource_servers, identity_providers }
    }

    /// What is taken from providers: the pool's attribute, and the provider's claim.
    pub(crate) fn mapped(&self) -> impl Iterator<Item = &Pair> {
        self.identity_providers.iter().flat_map(|provider| &provider.attributes)
    }
}

/// The attributes of that name, each a thing of its own.
fn all<T>(
    attributes: &[Attribute],
    name: &str,
    errors: &mut Errors,
    read: impl Fn(&Attribute, Vec<Setting>, &mut Errors) -> Option<T>,
) -> Vec<T> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        let settings = errors.keep(attribute.parse_args_with(Setting::parse_list));
        found.extend(settings.and_then(|settings| read(attribute, settings, errors)));
    }
    found
}

impl Client {
    /// The options of a client; `at` is where to say what is missing.
    pub(super) fn read(settings: &Settings, at: &syn::Ident, errors: &mut Errors) -> Option<Self> {
        let mut texts =
            |name: &str, example: &str| settings.read(name, errors, |it| it.texts(example)).unwrap_or_default();
        let (scopes, flows) = (texts("scopes", "openid"), texts("flows", "code"));
        let (callbacks, logouts) =
            (texts("callbacks", "https://example.com/signed-in"), texts("logouts", "https://example.com/"));
        let has_flows = settings.find("flows").is_some();
        let flows = if has_flows { self::flows(&flows, errors) } else { vec!["Code"] };
        for url in callbacks.iter().chain(&logouts) {
            check(&Some(url.clone()), rules::check_callback, errors);
        }
        if scopes.is_empty() && settings.lacks("scopes") {
            errors.push(
                at,
                "a client asks for scopes: write `scopes = [\"openid\", \"email\"]`, or those of a resource server",
            );
        }
        let is_machine = flows.contains(&MACHINE);
        if !is_machine && settings.lacks("callbacks") {
            errors.push(at, "the sign-in page has to know where to send the browser: write `callbacks = [\"http://localhost:3000/signed-in\"]`");
        }
        let secret = is_machine || settings.read("secret", errors, Setting::flag).unwrap_or(false);
        Some(Self { flows, scopes, callbacks, logouts, secret })
    }
}

fn flows(words: &[LitStr], errors: &mut Errors) -> Vec<&'static str> {
    let mut flows = Vec::new();
    for word in words {
        let value = word.value();
        match FLOWS.iter().find(|(name, _)| *name == value) {
            Some((_, flow)) => flows.push(*flow),
            None => {
                let what = format!("`{value}` is no flow");
                errors.push(word, suggest(&what, &value, FLOWS.iter().map(|(name, _)| *name)));
            }
        }
    }
    if flows.contains(&MACHINE) && flows.len() > 1 {
        let message = "a client with `client-credentials` is no person's and has no other flow: make two clients";
        words.iter().filter(|word| word.value() == "client-credentials").for_each(|word| errors.push(word, message));
    }
    flows
}

impl ResourceServer {
    fn read(attribute: &Attribute, settings: Vec<Setting>, errors: &mut Errors) -> Option<Self> {
        let settings = Settings::of(settings, "#[resource_server(…)]", &["identifier", "scopes"], errors);
        let identifier = settings.read("identifier", errors, |it| it.text("orders")).cloned();
        check(&identifier, rules::check_resource_server, errors);
        let scopes = settings.read("scopes", errors, |it| it.texts("read"));
        scopes.iter().flatten().for_each(|scope| check(&Some(scope.clone()), rules::check_scope_name, errors));
        required(
            &settings,
            attribute,
            &["identifier", "scopes"],
            "identifier = \"orders\", scopes = [\"read\"]",
            errors,
        );
        Some(Self { identifier: identifier?, scopes: scopes? })
    }
}

impl IdentityProvider {
    fn read(attribute: &Attribute, settings: Vec<Setting>, errors: &mut Errors) -> Option<Self> {
        let needed = ["oidc", "name", "issuer", "client_id", "client_secret"];
        let known = [&needed[..], &["scopes", "attributes"]].concat();
        let settings = Settings::of(settings, "#[identity_provider(…)]", &known, errors);
        let example = "oidc, name = \"Partner\", issuer = \"https://id.example.com\", client_id = \"…\", client_secret = PartnerSecret";
        required(&settings, attribute, &needed, example, errors);
        settings.read("oidc", errors, Setting::flag);
        let mut text = |name: &str, example: &str| settings.read(name, errors, |it| it.text(example)).cloned();
        let (name, issuer) = (text("name", "Partner"), text("issuer", "https://id.example.com"));
        let client_id = text("client_id", "…");
        check(&name, rules::check_provider_name, errors);
        check(&issuer, rules::check_issuer, errors);
        let client_secret = settings.read("client_secret", errors, |it| it.ty("PartnerSecret").cloned());
        let scopes = settings.read("scopes", errors, |it| it.texts("openid")).unwrap_or_default();
        if !scopes.is_empty() && !scopes.iter().any(|scope| scope.value() == "openid") {
            errors.push(&scopes[0], "without the scope `openid` there is no ID token: add it");
        }
        let attributes =
            settings.read("attributes", errors, |it| pairs::read(it, "email = \"email\"")).unwrap_or_default();
        Some(Self {
            name: name?,
            issuer: issuer?,
            client_id: client_id?,
            client_secret: client_secret?,
            scopes,
            attributes,
        })
    }
}

/// One error for all that is missing.
fn required(settings: &Settings, attribute: &Attribute, names: &[&str], example: &str, errors: &mut Errors) {
    let missing: Vec<String> =
        names.iter().filter(|name| settings.lacks(name)).map(|name| format!("`{name}`")).collect();
    if !missing.is_empty() {
        errors.push(attribute.path(), format!("this lacks {}: write `{example}`", missing.join(", ")));
    }
}

fn check(text: &Option<LitStr>, rule: fn(&str) -> Result<(), String>, errors: &mut Errors) {
    if let Some((text, Err(message))) = text.as_ref().map(|text| (text, rule(&text.value()))) {
        errors.push(text, message);
    }
}
