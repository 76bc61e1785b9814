use std::{io::Write as _, net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use skyloom_local::server::{ClientSummary, PoolSummary, Server, Summary};
use skyloom_manifest::{Auth, Function, HttpMethod, Manifest, Route, SignIn, Table, Trigger};

use super::absent;

/// Prints what is served and where, and a request to begin with.
pub(super) async fn print(server: &Server, started_in: Duration) -> Result<()> {
    let summary = server.summary();
    let aws = format!("http://{}", server.aws());
    let mut text = format!(
        "\n{} is ready (started in {} ms)\n\n{}  AWS endpoint  {aws}\n\n",
        summary.manifest.application,
        started_in.as_millis(),
        apis(&summary.manifest, server.gateways()),
    );
    functions(&mut text, &summary.manifest);
    tables(&mut text, &summary);
    pools(&mut text, &summary);
    certificate(&mut text, server);
    api_keys(&mut text, &summary);
    secrets(&mut text, &summary);
    only_at_aws(&mut text, &summary);
    text.push_str(&format!("Try it:\n\n  {}\n\n", curl(server, &summary).await));
    // Some clients, boto3 among them, read only the second name of the region, others only the first.
    text.push_str(&format!(
        "AWS's clients: export AWS_ENDPOINT_URL={aws} AWS_REGION={region} AWS_DEFAULT_REGION={region} \
         AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local\n\
         Ctrl-C stops; a change of the source is built and served at once.\n",
        region = summary.region
    ));
    std::io::stdout().write_all(text.as_bytes()).context("cannot write to standard output")
}

/// A line for each; a single one needs no name.
fn apis(manifest: &Manifest, gateways: &[(String, SocketAddr)]) -> String {
    let is_socket = |name: &str| manifest.api(name).is_some_and(|api| api.websocket().is_some());
    let scheme = |name: &str| if is_socket(name) { "ws" } else { "http" };
    let is_url = |name: &str| manifest.function(name).is_some();
    let is_single = gateways.iter().filter(|(name, _)| !is_url(name)).count() == 1;
    let line = |(name, address): &(String, SocketAddr)| match name {
        name if is_url(name) => format!("  URL {name:<9} http://{address}\n"),
        _ if is_single => format!("  API           {}://{address}\n", scheme(name)),
        _ => format!("  API {name:<9} {}://{address}\n", scheme(name)),
    };
    gateways.iter().map(line).collect()
}

/// Functions with what they run for, and the routes that need none.
fn functions(text: &mut String, manifest: &Manifest) {
    let functions = manifest.functions.iter().map(|it| (trigger(manifest, it), &it.name));
    let routes = manifest.integrations.iter().map(|it| {
        let who = of_api(manifest, &it.api) + &caller(&it.auth) + ", no function";
        ((it.method.as_str(), it.path.as_str(), who), &it.name)
    });
    let rows: Vec<_> = functions.chain(routes).collect();
    let wide = rows.iter().map(|((_, what, _), _)| what.chars().count()).max().unwrap_or_default().max(28);
    for ((kind, what, who), name) in rows {
        text.push_str(format!("  {kind:<10}  {what:<wide$}  {name:<20}  {who}").trim_end());
        text.push('\n');
    }
    text.push('\n');
}

/// What kind of trigger it is, of what, and for whom.
fn trigger<'a>(manifest: &Manifest, function: &'a Function) -> (&'a str, &'a str, String) {
    match &function.trigger {
        Trigger::Http { api, method, path, auth, .. } => (method.as_str(), path, of_api(manifest, api) + &caller(auth)),
        Trigger::Stream(stream) => ("stream", &stream.table, String::new()),
        Trigger::Schedule { expression } => ("schedule", expression, String::new()),
        Trigger::Authorizer { principal, .. } => ("authorizer", principal, String::new()),
        Trigger::Invoke => ("invoke", "", String::new()),
        Trigger::Hook => ("hook", "", String::new()),
        Trigger::Url { auth, .. } => ("URL", "", caller(auth)),
        Trigger::WebSocket { api, route, auth, .. } => {
            let who = auth.as_ref().map_or_else(|| "who has connected".to_owned(), caller);
            ("websocket", route, format!("{api}: {who}"))
        }
        Trigger::UserPool { pool, on, .. } => ("user pool", on.as_str(), format!("asked by {pool}")),
    }
}

/// A single API needs no name.
fn of_api(manifest: &Manifest, api: &str) -> String {
    if manifest.apis.len() > 1 { format!("{api}: ") } else { String::new() }
}

fn caller(auth: &Auth) -> String {
    match auth {
        Auth::Public => "public".into(),
        Auth::Iam => "IAM".into(),
        Auth::ApiKey => "API key".into(),
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
        if let Some(secret) = &pool.client_secret {
            text.push_str(&format!("              secret of the client          {secret}\n"));
        }
        if let Some(domain) = &pool.domain {
            text.push_str(&format!("              sign-in page                  {domain}\n"));
        }
        for ClientSummary { name, id, secret } in &pool.clients {
            let secret = secret.as_ref().map(|secret| format!("  secret {secret}")).unwrap_or_default();
            text.push_str(&format!("              client {name:<21}  {id}{secret}\n"));
        }
    }
    for pool in &summary.identity_pools {
        text.push_str(&format!("  identities  {:<28}  {}\n", pool.name, pool.id));
    }
    text.push_str(if summary.pools.is_empty() && summary.identity_pools.is_empty() { "" } else { "\n" });
}

/// Nothing is put where the system would trust it: who wants to does so for one program.
fn certificate(text: &mut String, server: &Server) {
    if let Some(path) = server.certificate() {
        let path = path.display();
        text.push_str(&format!(
            "  TLS         https:// on the same ports, for who trusts {path}:\n              \
             curl --cacert FILE, NODE_EXTRA_CA_CERTS=FILE, REQUESTS_CA_BUNDLE=FILE, or import it into a browser\n\n"
        ));
    }
}

fn api_keys(text: &mut String, summary: &Summary) {
    for (api, key) in &summary.api_keys {
        text.push_str(&format!("  API key     {api:<28}  {key}\n"));
    }
    text.push_str(if summary.api_keys.is_empty() { "" } else { "\n" });
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
async fn curl(server: &Server, summary: &Summary) -> String {
    let reads = || summary.manifest.functions.iter().filter_map(Route::of).filter(|it| it.method == HttpMethod::Get);
    let plain = || reads().filter(|route| !route.path.contains(['{', '$']));
    let with_token = plain().find_map(|route| match route.auth {
        Auth::UserPool { pool, groups, .. } if groups.is_empty() => Some((route, pool)),
        _ => None,
    });
    if let Some((route, pool)) = with_token
        && let Some(pool) = summary.pools.iter().find(|it| it.name == *pool)
    {
        // A function that the pool asks may not let this user have one.
        let token = server.token(&pool.name, developer(summary, pool)).await;
        let token = token.unwrap_or_else(|error| format!("… ({error})"));
        return format!("curl {}{} -H 'authorization: Bearer {token}'", url(server, route.api), route.path);
    }
    let is_public = |route: &Route<'_>| *route.auth == Auth::Public;
    match plain().find(is_public).or_else(|| reads().find(is_public)) {
        Some(route) => format!("curl {}{}", url(server, route.api), filled_in(route.path)),
        None => format!("curl http://{}/", server.gateway()),
    }
}

/// Where an API is.
fn url(server: &Server, api: &str) -> String {
    let address = server.gateways().iter().find(|(name, _)| name == api).map(|(_, address)| *address);
    format!("http://{}", address.unwrap_or_else(|| server.gateway()))
}

/// A path with `1` for each of its parameters.
fn filled_in(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// The user whom the printed token is for.
fn developer(summary: &Summary, pool: &PoolSummary) -> &'static str {
    match summary.manifest.user_pool(&pool.name).map(|pool| pool.sign_in) {
        Some(SignIn::Email) => "developer@example.com",
        Some(SignIn::Phone) => "+12065550100",
        Some(SignIn::Username) | None => "developer",
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::template::fixture;

    #[test]
    fn routes_without_a_function_are_listed_with_the_others() {
        let mut manifest = fixture::shop_with_integrations();
        manifest.functions.retain(|it| it.name == "health");
        let mut text = "handlers\n".to_owned();
        functions(&mut text, &manifest);
        expect![[r#"
            handlers
              GET         /health                       health                Api: public
              GET         /docs/{page+}                 Docs                  Api: public, no function
              GET         /health                       Health                Partners: public, no function
              POST        /jobs                         NewJob                Api: Shopper, scopes aws.cognito.signin.user.admin, no function
              POST        /orders/{order}/shipments     NewShipment           Partners: Shopper, scopes aws.cognito.signin.user.admin, no function
              POST        /jobs/old                     OldJob                Api: IAM, no function
              ANY         /docs/{page+}                 PartnerDocs           Partners: API key, no function
              POST        /jobs                         PartnerJob            Partners: authorizer partner, no function

        "#]].assert_eq(&text);
    }
}
