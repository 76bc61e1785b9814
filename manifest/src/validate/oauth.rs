use super::Problem;
use crate::{
    Auth, CustomAttribute, IdentityProvider, Manifest, OAuthClient, OAuthFlow, Route, SecretOrigin, UserPool, rules,
};

/// The rules of domains, clients, scopes and providers of the user pools.
pub(super) fn check(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for pool in &manifest.user_pools {
        let mut report = |message: String| problems.push(Problem::at(&pool.name, &pool.source, message));
        check_pool(manifest, pool, &mut report);
        for client in &pool.oauth.clients {
            let mut report = |message: String| problems.push(Problem::at(&client.name, &client.source, message));
            check_client(pool, client, &mut report);
        }
    }
    check_routes(manifest, problems);
}

fn check_pool(manifest: &Manifest, pool: &UserPool, report: &mut impl FnMut(String)) {
    let oauth = &pool.oauth;
    match &oauth.domain {
        Some(domain) => rules::check_domain_prefix(domain).unwrap_or_else(&mut *report),
        None if !oauth.clients.is_empty() || !oauth.identity_providers.is_empty() => {
            report("its clients need a domain for the sign-in page and the token endpoint: write `domain = \"…\"` into `#[user_pool(…)]`".into());
        }
        None => {}
    }
    for server in &oauth.resource_servers {
        rules::check_resource_server(&server.identifier).unwrap_or_else(&mut *report);
        server.scopes.iter().for_each(|scope| rules::check_scope_name(scope).unwrap_or_else(&mut *report));
    }
    for provider in &oauth.identity_providers {
        rules::check_provider_name(&provider.name).unwrap_or_else(&mut *report);
        rules::check_issuer(&provider.issuer).unwrap_or_else(&mut *report);
        if manifest
            .secret(&provider.client_secret)
            .is_some_and(|it| !matches!(it.origin, SecretOrigin::Existing { .. }))
        {
            let secret = &provider.client_secret;
            report(format!(
                "its provider `{}` has its secret in `{secret}`, which would be made together with the pool and be empty then: name one that is there, `#[secret(name = \"…\")]`",
                provider.name
            ));
        }
        if manifest.secret(&provider.client_secret).is_none() {
            let secret = &provider.client_secret;
            report(format!(
                "its provider `{}` has its secret in `{secret}`, which the application does not have",
                provider.name
            ));
        }
        check_attributes(pool, provider, report);
        if !provider.scopes.iter().any(|scope| scope == "openid") {
            report(format!(
                "its provider `{}` is asked for no `openid`, without which there is no ID token",
                provider.name
            ));
        }
    }
    for (kind, names) in [
        ("resource server", oauth.resource_servers.iter().map(|it| &it.identifier).collect::<Vec<_>>()),
        ("identity provider", oauth.identity_providers.iter().map(|it| &it.name).collect()),
        ("client", oauth.clients.iter().map(|it| &it.name).collect()),
    ] {
        let twice = names.windows(2).find(|pair| pair[0] == pair[1]);
        twice.into_iter().for_each(|pair| report(format!("it has two of the {kind} `{}`: remove one", pair[0])));
    }
}

/// What is taken from a provider fits the pool's attributes, and all that everyone has to have is among it.
fn check_attributes(pool: &UserPool, provider: &IdentityProvider, report: &mut impl FnMut(String)) {
    let mut say = |message: String| report(format!("its provider `{}`: {message}", provider.name));
    let declared = || pool.custom_attributes.iter().map(CustomAttribute::declared);
    for name in provider.attributes.keys() {
        rules::check_mapped_attribute(name, declared()).unwrap_or_else(&mut say);
    }
    for name in pool.required_attributes.iter().filter(|name| !provider.attributes.contains_key(*name)) {
        say(format!(
            "nobody comes in without `{name}`, which is `required`: take it from a claim, `attributes({name} = \"{name}\")`"
        ));
    }
}

fn check_client(pool: &UserPool, client: &OAuthClient, report: &mut impl FnMut(String)) {
    let is_machine = client.flows.contains(&OAuthFlow::ClientCredentials);
    if client.flows.is_empty() {
        report("it has no flow: write `flows = [\"code\"]`".into());
    }
    if is_machine && client.flows.len() > 1 {
        report("a client with `client-credentials` is no person's and has no other flow: make two clients".into());
    }
    if is_machine && !client.secret {
        report("a client with `client-credentials` shows a secret: write `secret`".into());
    }
    if !is_machine && client.callbacks.is_empty() {
        report("the sign-in page would not know where to send the browser: write `callbacks = [\"https://…\"]`".into());
    }
    for url in client.callbacks.iter().chain(&client.logouts) {
        rules::check_callback(url).unwrap_or_else(&mut *report);
    }
    if client.scopes.is_empty() {
        report("it has no scope to ask for: write `scopes = [\"openid\"]`, or those of a resource server".into());
    }
    check_scopes(pool, client, is_machine, report);
}

fn check_scopes(pool: &UserPool, client: &OAuthClient, is_machine: bool, report: &mut impl FnMut(String)) {
    let custom: Vec<String> = pool.oauth.custom_scopes().collect();
    for scope in &client.scopes {
        let is_of_users = rules::IDENTITY_SCOPES.contains(&scope.as_str());
        if is_of_users && is_machine {
            report(format!("`{scope}` is a scope of users, which `client-credentials` has none of"));
        } else if !is_of_users && !custom.contains(scope) {
            let known = custom.iter().map(String::as_str).chain(rules::IDENTITY_SCOPES);
            let hint = rules::nearest(scope, known).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            report(format!("the user pool `{}` has no scope `{scope}`{hint}", pool.name));
        }
    }
    let has = |name: &str| client.scopes.iter().any(|scope| scope == name);
    if let Some(name) = ["email", "phone", "profile"].into_iter().find(|name| has(name) && !has("openid")) {
        report(format!("`{name}` is asked for together with `openid`: write both"));
    }
}

/// A scope that looks like one of a resource server of the pool has to be one, or no token ever has it.
fn check_routes(manifest: &Manifest, problems: &mut Vec<Problem>) {
    for route in manifest.functions.iter().filter_map(Route::of) {
        let Auth::UserPool { pool, scopes, .. } = route.auth else { continue };
        let Some(oauth) = manifest.user_pool(pool).map(|pool| &pool.oauth) else { continue };
        let custom: Vec<String> = oauth.custom_scopes().collect();
        for scope in scopes.iter().filter(|scope| !custom.contains(scope)) {
            let of = oauth.resource_servers.iter().find(|server| scope.starts_with(&format!("{}/", server.identifier)));
            if let Some(server) = of {
                let message =
                    format!("the resource server `{}` of `{pool}` has no scope for `{scope}`", server.identifier);
                problems.push(Problem::at(&route.function.name, &route.function.source, message));
            }
        }
    }
}
