//! An identity pool that exists is valid.

use skyloom_manifest::rules;
use syn::{Data, DataStruct, DeriveInput, Fields, Ident, LitStr, Path, Type};

use crate::{
    errors::Errors,
    item,
    setting::Setting,
    settings::{Settings, suggest},
};

pub(super) struct IdentityPool {
    pub(super) name: Ident,
    pub(super) providers: Vec<Type>,
    pub(super) authenticated: Grants,
    pub(super) unauthenticated: Option<Grants>,
    pub(super) roles: Vec<RuledRole>,
    pub(super) classic_flow: bool,
    /// The variant of `AmbiguousRoleResolution`.
    pub(super) ambiguous_role_resolution: &'static str,
}

#[derive(Default)]
pub(super) struct Grants {
    pub(super) allow: Vec<Type>,
    pub(super) routes: Vec<Path>,
    pub(super) invalidate_cache: Vec<Path>,
}

pub(super) struct RuledRole {
    pub(super) name: LitStr,
    pub(super) claim: LitStr,
    /// The variant of `MatchType`.
    pub(super) match_type: &'static str,
    pub(super) value: LitStr,
    pub(super) grants: Grants,
}

const AMBIGUOUS: &str = "ambiguous_role_resolution";
const OPTIONS: [&str; 6] = ["providers", "authenticated", "unauthenticated", "role", "classic_flow", AMBIGUOUS];
const RESOLUTIONS: [(&str, &str); 2] = [("deny", "Deny"), ("authenticated-role", "AuthenticatedRole")];
const GRANTS: &str = "allow = [Own<Read<Note>>], routes = [list_notes]";
const TESTS: [(&str, &str); 4] =
    [("equals", "Equals"), ("contains", "Contains"), ("starts_with", "StartsWith"), ("not_equal", "NotEqual")];
const OF_ROLE: [&str; 10] =
    ["name", "group", "claim", "equals", "contains", "starts_with", "not_equal", "allow", "routes", "invalidate_cache"];
const ROLE: &str = "name = \"staff\", group = \"staff\", allow = [Scan<Note>]";

pub(super) fn new(input: DeriveInput) -> syn::Result<IdentityPool> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "IdentityPool", &mut errors);
    if !matches!(&input.data, Data::Struct(DataStruct { fields: Fields::Unit, .. })) {
        let message = format!("`IdentityPool` is derived for a struct without fields: `struct {};`", input.ident);
        errors.push(&input.ident, message);
    }
    let settings = item::settings(&input.attrs, "identity_pool", &mut errors);
    let explain = |name: &str| {
        let what = format!("`{name}` is no option of `#[identity_pool(…)]`");
        (!OPTIONS.contains(&name)).then(|| suggest(&what, name, OPTIONS.into_iter()))
    };
    let settings = Settings::new(settings, &["role"], explain, &mut errors);
    let providers = settings.read("providers", &mut errors, |it| it.types("Shopper")).unwrap_or_default().to_vec();
    check_classic_flow(&settings, &mut errors);
    let authenticated = settings.find("authenticated").and_then(|it| grants(it, &mut errors));
    let unauthenticated = settings.find("unauthenticated").and_then(|it| grants(it, &mut errors));
    let roles = settings.find_all("role").filter_map(|it| role(it, &mut errors)).collect();
    let classic_flow = settings.read("classic_flow", &mut errors, Setting::flag).unwrap_or(false);
    let resolution = settings.read(AMBIGUOUS, &mut errors, |it| it.choice(&RESOLUTIONS));
    check_somebody(&input.ident, &providers, &settings, &mut errors);
    check_rules(&settings, &mut errors);
    errors.finish()?;
    Ok(IdentityPool {
        name: input.ident,
        providers,
        authenticated: authenticated.unwrap_or_default(),
        unauthenticated,
        roles,
        classic_flow,
        ambiguous_role_resolution: resolution.unwrap_or("AuthenticatedRole"),
    })
}

/// An option that would have no effect is a mistake.
fn check_rules(settings: &Settings, errors: &mut Errors) {
    if let (Some(setting), None) = (settings.find(AMBIGUOUS), settings.find("role")) {
        errors.push(&setting.name, format!("no token is told from another: add a rule, `role({ROLE})`"));
    }
}

fn check_classic_flow(settings: &Settings, errors: &mut Errors) {
    if let Some(setting) = settings.find("classic_flow")
        && let Err(problem) = rules::check_classic_flow(true, settings.find("role").is_some())
    {
        errors.push(&setting.name, problem);
    }
}

fn check_somebody(name: &Ident, providers: &[Type], settings: &Settings, errors: &mut Errors) {
    if providers.is_empty() && settings.lacks("providers") && settings.lacks("unauthenticated") {
        errors.push(
            name,
            "the pool lets nobody in: name the user pools whose users it takes, `#[identity_pool(providers = [Shopper], …)]`, \
             or say what guests may do, `unauthenticated(…)`",
        );
    }
    for option in ["authenticated", "role"] {
        if let (true, Some(setting)) = (providers.is_empty(), settings.find(option)) {
            errors.push(&setting.name, "nobody can sign in: name the user pools, `providers = [Shopper]`");
        }
    }
}

fn grants(setting: &Setting, errors: &mut Errors) -> Option<Grants> {
    let nested = errors.keep(setting.nested(GRANTS))?;
    let settings =
        Settings::of(nested, &format!("{}(…)", setting.name), &["allow", "routes", "invalidate_cache"], errors);
    Some(read_grants(&settings, errors))
}

fn read_grants(settings: &Settings, errors: &mut Errors) -> Grants {
    let allow = settings.read("allow", errors, |it| it.types("Own<Read<Note>>")).unwrap_or_default().to_vec();
    let routes = read_routes("routes", settings, errors);
    let invalidate_cache = read_routes("invalidate_cache", settings, errors);
    Grants { allow, routes, invalidate_cache }
}

fn read_routes(option: &str, settings: &Settings, errors: &mut Errors) -> Vec<Path> {
    let named = settings.read(option, errors, |it| it.types("list_notes")).unwrap_or_default();
    let mut routes = Vec::new();
    for ty in named {
        match ty {
            Type::Path(path) if path.qself.is_none() => routes.push(path.path.clone()),
            other => errors.push(other, format!("a route is named by its handler: `{option} = [list_notes]`")),
        }
    }
    routes
}

/// `role(name = "staff", group = "staff", …)`, or a claim and what it has to be.
fn role(setting: &Setting, errors: &mut Errors) -> Option<RuledRole> {
    let nested = errors.keep(setting.nested(ROLE))?;
    let settings = Settings::of(nested, "role(…)", &OF_ROLE, errors);
    let grants = read_grants(&settings, errors);
    let mut text = |name: &str| settings.read(name, errors, |it| it.text("staff")).cloned();
    let (name, group, claim) = (text("name"), text("group"), text("claim"));
    let tests: Vec<_> = TESTS.into_iter().filter_map(|(word, variant)| Some((variant, text(word)?))).collect();
    if settings.lacks("name") {
        errors.push(&setting.name, format!("a role has a name: write `role({ROLE})`"));
    }
    let rule = match (group, claim, &tests[..]) {
        (Some(group), None, []) => {
            let claim = LitStr::new("cognito:groups", group.span());
            Some((claim, "Contains", group))
        }
        (None, Some(claim), [(variant, value)]) => Some((claim, *variant, value.clone())),
        _ => {
            errors.push(
                &setting.name,
                "a role has one rule: write `group = \"staff\"`, or a claim and what it has to be, \
                 `claim = \"tenant\", equals = \"acme\"` (or `contains`, `starts_with`, `not_equal`)",
            );
            None
        }
    };
    let (claim, match_type, value) = rule?;
    Some(RuledRole { name: name?, claim, match_type, value, grants })
}
