//! A route without a function that exists is valid.

use skyloom_manifest::rules::{self, PathTemplate};
use syn::{Data, DataStruct, DeriveInput, Fields, Ident, LitStr, Type};

use super::parse;
use crate::{
    docs,
    errors::Errors,
    item,
    pairs::{self, Pair},
    principal,
    setting::Setting,
    settings::Settings,
    types,
};

pub(super) struct Route {
    pub(super) name: Ident,
    pub(super) description: String,
    pub(super) method: Ident,
    pub(super) path: LitStr,
    pub(super) auth: Type,
    pub(super) scopes: Vec<LitStr>,
    pub(super) api: Option<Type>,
    /// What is wrong with the path, if the API is a REST API.
    pub(super) wrong_for_rest: Option<String>,
    /// The word that says what answers.
    pub(super) word: Ident,
    pub(super) target: Target,
}

pub(super) enum Target {
    Http(LitStr),
    Answer { status: u16, headers: Vec<Pair>, body: Option<LitStr> },
    Queue { name: LitStr, is_arn: bool },
    Put { table: Box<Type>, set: Vec<Pair>, replace: bool },
}

const TARGETS: [&str; 4] = ["http", "answer", "queue", "put"];
const KNOWN: [&str; 9] = ["auth", "scopes", "api", "http", "answer", "queue", "put", "set", "replace"];
const CHOICES: &str =
    "say what answers: `http = \"https://example.org\"`, `answer(status = 200)`, `queue = \"Jobs\"` or `put = Order`";

pub(super) fn new(input: DeriveInput) -> syn::Result<Route> {
    let mut errors = Errors::default();
    item::check_name_and_generics(&input, "Route", &mut errors);
    if !matches!(&input.data, Data::Struct(DataStruct { fields: Fields::Unit, .. })) {
        errors.push(&input.ident, format!("`Route` is derived for a struct without fields: `struct {};`", input.ident));
    }
    let Some(args) = errors.keep(parse::args(&input)) else { return Err(finished(errors, &input.ident)) };
    let settings = Settings::new(args.settings, &["set"], explain, &mut errors);
    let template = template(&args.method, &args.path, &mut errors);
    let auth = auth(&args.method, &args.path, &settings, &mut errors);
    let target = target(&input.ident, &settings, template.as_ref(), &mut errors);
    let scopes = settings.read("scopes", &mut errors, |it| it.texts("orders/write")).unwrap_or_default();
    let api = settings.read("api", &mut errors, |it| it.ty("Shop")).cloned();
    let (Some(auth), Some((word, target))) = (auth, target) else { return Err(finished(errors, &input.ident)) };
    errors.finish()?;
    Ok(Route {
        description: docs::text(&input.attrs),
        wrong_for_rest: template.and_then(|template| rules::check_rest_path(&template).err()),
        name: input.ident,
        method: args.method,
        path: args.path,
        auth,
        scopes,
        api,
        word,
        target,
    })
}

/// What is missing has left its error.
fn finished(errors: Errors, name: &Ident) -> syn::Error {
    errors.finish().err().unwrap_or_else(|| syn::Error::new_spanned(name, CHOICES))
}

fn explain(name: &str) -> Option<String> {
    if name == "groups" {
        return Some(
            "API Gateway knows no groups, and there is no function here that could: write a handler, or name `scopes`"
                .into(),
        );
    }
    let unknown =
        || crate::settings::suggest(&format!("`{name}` is no option of `#[route(…)]`"), name, KNOWN.into_iter());
    (!KNOWN.contains(&name)).then(unknown)
}

fn template(method: &Ident, path: &LitStr, errors: &mut Errors) -> Option<PathTemplate> {
    let template = PathTemplate::parse(&path.value()).map_err(|message| errors.push(path, message)).ok()?;
    if template.is_default() && method != "ANY" {
        errors.push(method, "`$default` takes the requests of all methods: write `ANY \"$default\"`");
    }
    Some(template)
}

fn auth(method: &Ident, path: &LitStr, settings: &Settings, errors: &mut Errors) -> Option<Type> {
    let auth = principal::of_route(settings, quote::quote!(#method #path), errors)?;
    let tokenless = ["Public", "Iam", "ApiKey"].into_iter().find(|given| types::is_named(auth, given));
    if let (Some(given), Some(scopes)) = (tokenless, settings.find("scopes")) {
        errors.push(&scopes.name, format!("`auth = {given}` asks for no token that could have `scopes`"));
    }
    Some(auth.clone())
}

fn target(
    name: &Ident,
    settings: &Settings,
    route: Option<&PathTemplate>,
    errors: &mut Errors,
) -> Option<(Ident, Target)> {
    let mut named = TARGETS.into_iter().filter_map(|word| settings.find(word));
    let Some(first) = named.next() else {
        errors.push(name, CHOICES);
        return None;
    };
    for other in named {
        errors.push(&other.name, format!("one thing answers, and `{}` does already: remove one of them", first.name));
    }
    for word in ["set", "replace"] {
        if let (Some(setting), true) = (settings.find(word), first.name != "put") {
            errors.push(&setting.name, format!("`{word}` goes with `put = Order`"));
        }
    }
    let target = match first.name.to_string().as_str() {
        "http" => http(first, route, errors),
        "answer" => answer(first, errors),
        "queue" => queue(first, errors),
        _ => put(first, settings, route, errors),
    };
    Some((first.name.clone(), target?))
}

fn http(setting: &Setting, route: Option<&PathTemplate>, errors: &mut Errors) -> Option<Target> {
    let url = errors.keep(setting.text("https://example.org"))?;
    let checked = route.map_or(Ok(()), |route| rules::check_upstream(&url.value(), route));
    checked.unwrap_or_else(|message| errors.push(url, message));
    Some(Target::Http(url.clone()))
}

fn answer(setting: &Setting, errors: &mut Errors) -> Option<Target> {
    let example = "status = 200, body = \"{}\", header(\"content-type\", \"application/json\")";
    let nested = errors.keep(setting.nested(example))?;
    let unknown = |name: &str| {
        let known = ["status", "body", "header"];
        (!known.contains(&name)).then(|| {
            crate::settings::suggest(&format!("`{name}` is no option of `answer(…)`"), name, known.into_iter())
        })
    };
    let settings = Settings::new(nested, &["header"], unknown, errors);
    let status = settings.read("status", errors, |it| it.integer(&rules::ANSWER_STATUS, ""));
    if settings.lacks("status") {
        errors.push(&setting.name, format!("say with which status: write `answer({example})`"));
    }
    let headers: Vec<_> = settings
        .find_all("header")
        .filter_map(|it| errors.keep(pairs::read(it, "\"content-type\", \"text/html\"")))
        .collect();
    let headers: Vec<Pair> = headers.into_iter().flatten().collect();
    for Pair { name, value } in &headers {
        rules::check_answer_header(&name.value(), &value.value()).unwrap_or_else(|message| errors.push(name, message));
    }
    let body = settings.read("body", errors, |it| it.text("{}")).cloned();
    if let Some(body) = &body {
        check_body(body, errors);
    }
    Some(Target::Answer { status: u16::try_from(status?).ok()?, headers, body })
}

/// A body is written by a mapping template, in which these two begin what is not text.
fn check_body(body: &LitStr, errors: &mut Errors) {
    if let Some(bad) = body.value().chars().find(|c| ['$', '#'].contains(c)) {
        errors.push(body, format!("API Gateway would take {bad:?} for its own: write a handler"));
    }
}

fn queue(setting: &Setting, errors: &mut Errors) -> Option<Target> {
    let name = errors.keep(setting.text("Jobs"))?;
    let text = name.value();
    let is_arn = text.starts_with("arn:");
    let of_arn = || {
        rules::service_of_destination(&text).and_then(|service| match service {
            "sqs" => Ok(()),
            _ => Err(rules::no_queue(&text)),
        })
    };
    let checked = if is_arn { of_arn() } else { rules::check_destination_name(&text) };
    checked.unwrap_or_else(|message| errors.push(name, message));
    Some(Target::Queue { name: name.clone(), is_arn })
}

fn put(setting: &Setting, settings: &Settings, route: Option<&PathTemplate>, errors: &mut Errors) -> Option<Target> {
    let table = errors.keep(setting.ty("Order"))?.clone();
    let example = "id = \"$context.requestId\"";
    let set: Vec<_> = settings.find_all("set").filter_map(|it| errors.keep(pairs::read(it, example))).collect();
    let set: Vec<Pair> = set.into_iter().flatten().collect();
    for Pair { value, .. } in &set {
        let checked = route.map_or(Ok(()), |route| rules::check_attribute_value(&value.value(), route));
        checked.unwrap_or_else(|message| errors.push(value, message));
    }
    let replace = settings.read("replace", errors, Setting::flag).unwrap_or(false);
    Some(Target::Put { table: Box::new(table), set, replace })
}
