//! The rules of `METHOD "/path"` handlers.

use skyloom_manifest::rules::{self, PathTemplate};
use syn::{Ident, LitStr, Type};

use super::cache::{self, Cache};
use crate::{
    errors::Errors,
    principal,
    settings::Settings,
    throttle::{self, Throttle},
    types,
};

/// A route.
pub(super) struct Http {
    pub(super) method: Ident,
    pub(super) path: LitStr,
    pub(super) auth: Type,
    pub(super) scopes: Vec<LitStr>,
    pub(super) groups: Vec<LitStr>,
    pub(super) api: Option<Type>,
    pub(super) throttle: Option<Throttle>,
    pub(super) cache: Option<Cache>,
    /// `throttle`, where it is on all methods, which a REST API does not take.
    pub(super) wide_throttle: Option<Ident>,
    /// What is wrong with the path, if the API is a REST API.
    pub(super) wrong_for_rest: Option<String>,
    /// `timeout`, where it is longer than a REST API waits.
    pub(super) slow_for_rest: Option<Ident>,
}

impl Http {
    /// Of a reply that is sent as it comes, for whose end nobody waits.
    pub(super) fn unhurried(self) -> Self {
        Self { slow_for_rest: None, ..self }
    }
}

/// The principals that the framework gives, of whom no token says more.
const TOKENLESS: [&str; 3] = ["Public", "Iam", "ApiKey"];
const BODIES: [&str; 3] = ["Json", "Form", "Bytes"];
/// Arguments of which is known that they leave the path alone; a type of the user's may read it.
const NOT_OF_THE_PATH: [&str; 11] =
    ["Json", "Form", "Bytes", "Query", "Header", "Context", "Read", "Write", "ReadIndex", "Scan", "BearerToken"];
const SCALARS: [&str; 17] = [
    "String", "str", "bool", "char", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128",
    "f32", "f64",
];

pub(super) fn new(
    method: Ident,
    path: LitStr,
    settings: &Settings,
    arguments: &[Type],
    errors: &mut Errors,
) -> Option<Http> {
    let auth = auth(&method, &path, settings, errors);
    let template = template(&method, &path, errors);
    if let Some(template) = &template {
        check_parameters(template, &path, auth, arguments, errors);
    }
    check_bodies(Some(&method), arguments, errors);
    let scopes = settings.read("scopes", errors, |it| it.texts("orders/write")).unwrap_or_default();
    let groups = settings.read("groups", errors, |it| it.texts("staff")).unwrap_or_default();
    let api = settings.read("api", errors, |it| it.ty("Shop")).cloned();
    let throttled = settings.find("throttle");
    let throttle = throttled.and_then(|setting| throttle::read(setting, errors));
    let wide_throttle = throttled.filter(|_| method == "ANY").map(|setting| setting.name.clone());
    let cache = cache::read(&method, auth, settings, errors);
    Some(Http {
        wrong_for_rest: template.and_then(|template| rules::check_rest_path(&template).err()),
        slow_for_rest: slow_for_rest(settings),
        method,
        path,
        auth: auth?.clone(),
        scopes,
        groups,
        api,
        throttle,
        wide_throttle,
        cache,
    })
}

/// That the number is none is an error elsewhere.
fn slow_for_rest(settings: &Settings) -> Option<Ident> {
    let setting = settings.find("timeout")?;
    let is_slow = setting.seconds(&rules::HTTP_TIMEOUT).is_ok_and(|it| !rules::REST_TIMEOUT.contains(&it.into()));
    is_slow.then(|| setting.name.clone())
}

fn auth<'a>(method: &Ident, path: &LitStr, settings: &'a Settings, errors: &mut Errors) -> Option<&'a Type> {
    let auth = principal::of_route(settings, quote::quote!(#method #path), errors)?;
    if let Some(given) = TOKENLESS.into_iter().find(|given| types::is_named(auth, given)) {
        for name in ["scopes", "groups"] {
            if let Some(setting) = settings.find(name) {
                errors.push(&setting.name, format!("`auth = {given}` asks for no token that could have `{name}`"));
            }
        }
    }
    Some(auth)
}

fn template(method: &Ident, path: &LitStr, errors: &mut Errors) -> Option<PathTemplate> {
    let template = PathTemplate::parse(&path.value()).map_err(|message| errors.push(path, message)).ok()?;
    if template.is_default() && method != "ANY" {
        errors.push(method, "`$default` takes the requests of all methods: write `ANY \"$default\"`");
    }
    Some(template)
}

fn check_parameters(
    template: &PathTemplate,
    path: &LitStr,
    auth: Option<&Type>,
    arguments: &[Type],
    errors: &mut Errors,
) {
    let parameters: Vec<&str> = template.parameters().collect();
    let takes_path = |ty: &&Type| types::is_named(types::unwrapped(ty), "Path");
    let mut takers = arguments.iter().filter(takes_path).peekable();
    if takers.peek().is_none() {
        let may_take = |ty: &Type| Some(ty) != auth && !NOT_OF_THE_PATH.iter().any(|name| types::is_named(ty, name));
        if !parameters.is_empty() && !arguments.iter().any(|ty| may_take(types::unwrapped(ty))) {
            errors.push(path, missing_argument(&parameters));
        }
    }
    for taker in takers {
        check_taker(taker, &parameters, errors);
    }
}

fn missing_argument(parameters: &[&str]) -> String {
    match parameters {
        [one] => {
            let binding = if syn::parse_str::<Ident>(one).is_ok() { one } else { "value" };
            format!("no argument takes the path's parameter `{{{one}}}`: add `Path({binding}): Path<String>`")
        }
        many => {
            let names: Vec<String> = many.iter().map(|name| format!("`{{{name}}}`")).collect();
            let types = vec!["String"; many.len()].join(", ");
            format!("no argument takes the path's parameters {}: add `path: Path<({types})>`", names.join(", "))
        }
    }
}

/// `Path<T>`, where `T` can be seen to hold more or fewer values than there are parameters.
fn check_taker(argument: &Type, parameters: &[&str], errors: &mut Errors) {
    let count = parameters.len();
    if count == 0 {
        errors.push(argument, "the path has no parameter that `Path` could take: write one, as in `\"/orders/{id}\"`");
        return;
    }
    let inner = types::arguments(types::unwrapped(argument)).first().map(|inner| types::bare(inner));
    match inner {
        Some(Type::Tuple(tuple)) if tuple.elems.len() != count => {
            let parameters = if count == 1 { "1 parameter".to_owned() } else { format!("{count} parameters") };
            errors.push(tuple, format!("the path has {parameters}, but this tuple takes {}", tuple.elems.len()));
        }
        Some(inner) if count > 1 && is_scalar(inner) => {
            let types = vec!["String"; count].join(", ");
            let message = format!("the path has {count} parameters: take them as `Path<({types})>`, or as a struct");
            errors.push(inner, message);
        }
        _ => {}
    }
}

fn is_scalar(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => is_scalar(types::bare(&reference.elem)),
        _ => SCALARS.iter().any(|name| types::is_named(ty, name)),
    }
}

/// A request has one body, and some methods have none.
pub(super) fn check_bodies(method: Option<&Ident>, arguments: &[Type], errors: &mut Errors) {
    let body = |ty: &Type| BODIES.into_iter().find(|name| types::is_named(types::unwrapped(ty), name));
    let mut first = None;
    for (argument, name) in arguments.iter().filter_map(|ty| body(ty).map(|name| (ty, name))) {
        if let Some(method) = method.filter(|method| *method == "GET" || *method == "HEAD") {
            errors.push(argument, format!("a {method} request has no body: take `Query<T>`, or write `POST`"));
        } else if let Some(first) = first {
            errors
                .push(argument, format!("a request has one body, and `{first}` takes it already: remove one of them"));
        } else {
            first = Some(name);
        }
    }
}
