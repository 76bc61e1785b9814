use std::{io::Write as _, time::Duration};

use anyhow::{Context, Result};
use skyloom_local::server::{PoolSummary, Server, Summary};
use skyloom_manifest::{Auth, Function, HttpMethod, SignIn, Table, Trigger};

use super::absent;

/// Prints what is served and where, and a request to begin with.
pub(super) fn print(server: &Server, started_in: Duration) -> Result<()> {
    let summary = server.summary();
    let (gateway, aws) = (format!("http://{}", server.gateway()), format!("http://{}", server.aws()));
    let mut text = format!(
        "\n{} is ready (started in {} ms)\n\n  API           {gateway}\n  AWS endpoint  {aws}\n\n",
        summary.manifest.application,
        started_in.as_millis()
    );
    functions(&mut text, &summary);
    tables(&mut text, &summary);
    pools(&mut text, &summary);
    secrets(&mut text, &summary);
    only_at_aws(&mut text, &summary);
    text.push_str(&format!("Try it:\n\n  {}\n\n", curl(server, &summary, &gateway)?));
    // Some clients, boto3 among them, read only the second name of the region, others only the first.
    text.push_str(&format!(
        "AWS's clients: export AWS_ENDPOINT_URL={aws} AWS_REGION={region} AWS_DEFAULT_REGION={region} \
         AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n\
         Ctrl-C stops; a change of the source is built and served at once.\n",
        region = summary.region
    ));
    std::io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")
}

fn functions(text: &mut String, summary: &Summary) {
    let rows: Vec<_> = summary.manifest.functions.iter().map(|function| (trigger(function), &function.name)).collect();
    let wide = rows.iter().map(|((_, what, _), _)| what.chars().count()).max().unwrap_or_default().max(28);
    for ((kind, what, who), name) in rows {
        text.push_str(format!("  {kind:<10}  {what:<wide$}  {name:<20}  {who}").trim_end());
        text.push('\n');
    }
    text.push('\n');
}

/// What kind of trigger it is, of what, and for whom.
fn trigger(function: &Function) -> (&str, &str, String) {
    match &function.trigger {
        Trigger::Http { method, path, auth } => (method.as_str(), path, caller(auth)),
        Trigger::Stream(stream) => ("stream", &stream.table, String::new()),
        Trigger::Schedule { expression } => ("schedule", expression, String::new()),
        Trigger::Authorizer { principal, .. } => ("authorizer", principal, String::new()),
        Trigger::Invoke => ("invoke", "", String::new()),
    }
}

fn caller(auth: &Auth) -> String {
    match auth {
        Auth::Public => "public".into(),
        Auth::UserPool { pool, scopes, groups } => {
            let limits = [("scopes", scopes), ("groups", groups)].into_iter().filter(|(_, names)| !names.is_empty());
            let limits: String = limits.map(|(what, names)| format!(", {what} {}", names.join(" "))).collect();
            format!("{pool}{limits}")
        }
        Auth::Authorizer { function } => format!("authorizer {function}"),
    }
}

fn tables(text: &mut String, summary: &Summary) {
    for (table, physical_name) in summary.manifest.tables.iter().zip(&summary.tables) {
        text.push_str(&format!("  table       {physical_name:<28}  {}\n", keys(table)));
    }
    text.push_str(if summary.tables.is_empty() { "" } else { "\n" });
}

fn keys(table: &Table) -> String {
    let sort = table.sort_key.as_ref().map(|key| format!(", {}", key.attribute)).unwrap_or_default();
    let indexes: String = table.indexes.iter().map(|index| format!(", index {}", index.name)).collect();
    let stream = if table.stream.is_some() { ", stream" } else { "" };
    let ttl = table.ttl.as_ref().map(|attribute| format!(", expires by {attribute}")).unwrap_or_default();
    format!("key {}{sort}{indexes}{stream}{ttl}", table.partition_key.attribute)
}

fn pools(text: &mut String, summary: &Summary) {
    for pool in &summary.pools {
        text.push_str(&format!(
            "  user pool   {:<28}  {}\n              client                        {}\n              issuer                        {}\n",
            pool.name, pool.id, pool.client_id, pool.issuer
        ));
    }
    text.push_str(if summary.pools.is_empty() { "" } else { "\n" });
}

fn secrets(text: &mut String, summary: &Summary) {
    for secret in &summary.secrets {
        let state = if secret.is_set { "" } else { "has no value yet" };
        text.push_str(format!("  secret      {:<28}  {state}", secret.name).trim_end());
        text.push('\n');
    }
    let empty: Vec<_> = summary.secrets.iter().filter(|it| !it.is_set).map(|it| format!("`{}`", it.name)).collect();
    if !empty.is_empty() {
        text.push_str(&format!(
            "              write {} into {}, beside Cargo.toml\n",
            empty.join(", "),
            super::secrets::FILE
        ));
    }
    text.push_str(if summary.secrets.is_empty() { "" } else { "\n" });
}

/// What is declared and not emulated is said once, rather than ignored.
fn only_at_aws(text: &mut String, summary: &Summary) {
    let lines = absent::lines(&summary.manifest);
    if !lines.is_empty() {
        text.push_str(&format!("Only at AWS: {}\n\n", lines.join("; ")));
    }
}

/// A request that can be pasted: one that reads with a token if there is one, otherwise one that anyone may send, at last
/// one with something in place of its path's parameters.
fn curl(server: &Server, summary: &Summary, gateway: &str) -> Result<String> {
    let routes = || summary.manifest.functions.iter().filter_map(plain_read);
    let with_token = routes().find_map(|(path, auth)| match auth {
        Auth::UserPool { pool, groups, .. } if groups.is_empty() => Some((path, pool)),
        _ => None,
    });
    if let Some((path, pool)) = with_token
        && let Some(pool) = summary.pools.iter().find(|it| it.name == *pool)
    {
        let token = server.token(&pool.name, developer(summary, pool))?;
        return Ok(format!("curl {gateway}{path} -H 'authorization: Bearer {token}'"));
    }
    let public = routes().find(|(_, auth)| **auth == Auth::Public).map(|(path, _)| path.to_owned());
    let path = public.or_else(|| summary.manifest.functions.iter().find_map(public_read)).unwrap_or_else(|| "/".into());
    Ok(format!("curl {gateway}{path}"))
}

/// The path of a public `GET`, `1` for each of its parameters.
fn public_read(function: &Function) -> Option<String> {
    let Trigger::Http { method: HttpMethod::Get, path, auth: Auth::Public } = &function.trigger else { return None };
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    Some(path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// A `GET` without path parameters.
fn plain_read(function: &Function) -> Option<(&str, &Auth)> {
    match &function.trigger {
        Trigger::Http { method: HttpMethod::Get, path, auth } if !path.contains(['{', '$']) => Some((path, auth)),
        _ => None,
    }
}

/// The user whom the printed token is for.
fn developer(summary: &Summary, pool: &PoolSummary) -> &'static str {
    match summary.manifest.user_pool(&pool.name).map(|pool| pool.sign_in) {
        Some(SignIn::Email) => "developer@example.com",
        Some(SignIn::Phone) => "+12065550100",
        Some(SignIn::Username) | None => "developer",
    }
}
