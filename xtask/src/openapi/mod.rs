//! `cargo xtask openapi`: an API as an OpenAPI document, and what a change of it breaks.

mod aws;
mod compare;
mod document;
#[cfg(test)]
pub(crate) mod fixture;
mod openapi30;
mod operation;
mod responses;
mod security;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value;
use skyloom_manifest::{Api, Manifest, Route};

pub(crate) use self::document::{About, Document};
use crate::{ApplicationArgs, Format, application::Application, print, template};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    application: ApplicationArgs,
    /// How to write it
    #[arg(long, value_enum, default_value_t = Format::Yaml)]
    format: Format,
    /// Write it for API Gateway's import, in OpenAPI 3.0 with its extensions
    #[arg(long)]
    aws: bool,
    /// Of which API, by its name; without, of the default one
    #[arg(long, value_name = "NAME")]
    api: Option<String>,
    /// Compare with an older document, in JSON or YAML, and fail if a client of that would no longer work
    #[arg(long, value_name = "FILE", conflicts_with_all = ["aws", "format"])]
    against: Option<PathBuf>,
}

/// Prints the document, or compares it.
pub(crate) fn run(args: &Args) -> Result<()> {
    let application = args.application.pick()?;
    let manifest = application.manifest()?;
    let api = pick(&manifest, args.api.as_deref(), &application.package)?;
    let about = About::of(&application);
    if let Some(path) = &args.against {
        return against(path, &Document::of(&manifest, api, &about));
    }
    report_gaps(&manifest, api);
    let document =
        if args.aws { Document::for_aws(&manifest, api, &about)? } else { Document::of(&manifest, api, &about) };
    print(&match args.format {
        Format::Yaml => document.to_yaml()?,
        Format::Json => document.to_json()?,
    })
}

/// The documents to check in beside an application, each with the name of its file: one for each API that is documented.
pub(crate) fn to_check_in(application: &Application, manifest: &Manifest) -> Vec<(String, Document)> {
    let about = About::of(application);
    let is_documented = |api: &&Api| {
        manifest.routes(&api.name).any(|route| route.function.operation.is_some())
            || manifest.integrations_of(&api.name).next().is_some()
    };
    let file = |api: &Api| match api.default {
        true => "openapi.yaml".to_owned(),
        false => format!("openapi.{}.yaml", api.name),
    };
    let documented = manifest.apis.iter().filter(is_documented);
    documented.map(|api| (file(api), Document::of(manifest, api, &about))).collect()
}

/// Both forms of each, to be validated.
pub(crate) fn all_forms(application: &Application, manifest: &Manifest) -> Result<Vec<Document>> {
    let about = About::of(application);
    let mut documents = Vec::new();
    for api in template::api::with_routes(manifest) {
        documents.push(Document::of(manifest, api, &about));
        documents.push(Document::for_aws(manifest, api, &about)?);
    }
    Ok(documents)
}

/// The API that is named, or the default one.
fn pick<'a>(manifest: &'a Manifest, name: Option<&str>, package: &str) -> Result<&'a Api> {
    let with_routes = || template::api::with_routes(manifest);
    ensure!(with_routes().next().is_some(), "`{package}` has no API: no handler has a route");
    if let Some(socket) = name.and_then(|name| manifest.api(name)).filter(|api| api.websocket().is_some()) {
        bail!("`{}` is a WebSocket API, and OpenAPI describes requests: it has no document", socket.name);
    }
    let found = match name {
        Some(name) => with_routes().find(|api| api.name == name),
        None => with_routes().find(|api| api.default),
    };
    found.with_context(|| {
        let names: Vec<_> = with_routes().map(|api| format!("`--api {}`", api.name)).collect();
        match name {
            Some(name) => format!("`{package}` has no API `{name}` with a route: write {}", names.join(" or ")),
            None => format!("the default API of `{package}` has no route: write {}", names.join(" or ")),
        }
    })
}

/// Says on standard error what the document could say and does not.
fn report_gaps(manifest: &Manifest, api: &Api) {
    for gap in gaps(manifest, api) {
        eprintln!("note: {gap}");
    }
}

fn gaps(manifest: &Manifest, api: &Api) -> Vec<String> {
    let mut gaps = Vec::new();
    for Route { function, path, .. } in manifest.routes(&api.name) {
        let place = format!("{}: `{}`", function.source, function.name);
        if path == "$default" {
            gaps.push(format!("{place}: `$default` is no path, so it is not in the document"));
        }
        match &function.operation {
            Some(operation) => gaps.extend(operation.undocumented.iter().map(|ty| {
                format!(
                    "{place}: nothing is known of `{ty}`: derive `schemars::JsonSchema` for it, \
                         or implement `skyloom::openapi::DescribeReply` for a reply of your own"
                )
            })),
            None => gaps.push(format!(
                "{place}: the binary does not say what it takes and gives: build it with `debug-assertions`, \
                 which `[profile.dev]` has by itself"
            )),
        }
    }
    gaps
}

fn against(path: &Path, new: &Document) -> Result<()> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let old = parse(&text).with_context(|| format!("{} is no OpenAPI document", path.display()))?;
    let changes = compare::compare(&old, new.value());
    let (breaking, others): (Vec<_>, Vec<_>) = changes.into_iter().partition(|change| change.breaks);
    others.iter().for_each(|change| eprintln!("note: {change}"));
    let lines: String = breaking.iter().map(|change| format!("{change}\n")).collect();
    print(&lines)?;
    match breaking.len() {
        0 => Ok(()),
        1 => bail!("a change breaks clients of {}", path.display()),
        count => bail!("{count} changes break clients of {}", path.display()),
    }
}

fn parse(text: &str) -> Result<Value> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => serde_saphyr::from_str(text).map_err(|error| {
            let message = error.to_string();
            anyhow!("it is neither JSON nor YAML: {}", message.lines().next().unwrap_or_default())
        })?,
    };
    let version = value["openapi"].as_str().unwrap_or_default();
    ensure!(version.starts_with("3."), "its `openapi` is not `3.0.x` or `3.1.x`");
    Ok(value)
}
