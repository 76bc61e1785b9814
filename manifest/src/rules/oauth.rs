//! Domains, callbacks and scopes of user pools.

/// The scopes that every pool has.
pub const IDENTITY_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/// Says what is wrong with the first part of a pool's domain, or nothing.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_domain_prefix(prefix: &str) -> Result<(), String> {
    let plain = prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !(1..=63).contains(&prefix.len()) || !plain || prefix.starts_with('-') || prefix.ends_with('-') {
        return Err(format!(
            "`{prefix}` cannot begin a domain: it has 1 to 63 small letters, digits and hyphens between them, such as `acme-orders`"
        ));
    }
    match ["aws", "amazon", "cognito"].into_iter().find(|word| prefix.contains(word)) {
        Some(word) => Err(format!("`{prefix}` has `{word}` in it, which Cognito keeps to itself: name it otherwise")),
        None => Ok(()),
    }
}

/// Says what is wrong with a URL that a browser is sent back to, or nothing.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-app-idp-settings.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_callback(url: &str) -> Result<(), String> {
    let shape = "write one like `https://example.com/signed-in`";
    let Some((scheme, rest)) = url.split_once(':') else { return Err(format!("`{url}` is no whole URL: {shape}")) };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    if !is_scheme || rest.is_empty() || url.len() > 1_024 {
        return Err(format!("`{url}` is no whole URL: {shape}"));
    }
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.contains(['*', '#', '\\', '"', '<', '>']) {
        return Err(format!("`{url}` has spaces, wildcards or a fragment: each URL is there in full; {shape}"));
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" if authority(rest).is_some() => Ok(()),
        "http" if authority(rest).is_some_and(is_loopback) => Ok(()),
        "http" => Err(format!("`{url}` is not encrypted: Cognito takes `http` for `localhost` alone; {shape}")),
        "https" | "javascript" | "data" | "file" | "vbscript" => {
            Err(format!("`{url}` is no place of an application: {shape}"))
        }
        _ => Ok(()), // an app's own scheme, `myapp://signed-in`
    }
}

/// Host and port, without a user before them: `https://example.com@evil.example` reads as what it is not.
fn authority(rest: &str) -> Option<&str> {
    let authority = rest.strip_prefix("//")?.split(['/', '?']).next()?;
    (!authority.is_empty() && !authority.contains('@')).then_some(authority)
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    ["localhost", "127.0.0.1", "::1"].contains(&host)
}

/// Says what is wrong with the identifier of a resource server, or nothing.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_resource_server(identifier: &str) -> Result<(), String> {
    let letter = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    if (1..=256).contains(&identifier.len()) && identifier.bytes().all(letter) && !IDENTITY_SCOPES.contains(&identifier)
    {
        return Ok(());
    }
    Err(format!(
        "`{identifier}` is no identifier of a resource server: write a name or a URL without spaces, such as `orders`"
    ))
}

/// Says what is wrong with a scope's name, without the resource server's, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_scope_name(name: &str) -> Result<(), String> {
    let letter = |byte: u8| byte.is_ascii_graphic() && !b"\"\\/".contains(&byte);
    if (1..=256).contains(&name.len()) && name.bytes().all(letter) {
        return Ok(());
    }
    Err(format!(
        "`{name}` is no name of a scope: write one without spaces and `/`, such as `read`; the resource server's goes before it"
    ))
}

/// Says what is wrong with the name of an identity provider, or nothing.
///
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html>
///
/// # Errors
/// A sentence that says what to write.
pub fn check_provider_name(name: &str) -> Result<(), String> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !(3..=32).contains(&name.len()) || !plain {
        return Err(format!(
            "`{name}` is no name of a provider: it has 3 to 32 letters, digits and hyphens, such as `Partner`"
        ));
    }
    let taken = ["COGNITO", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];
    match taken.iter().find(|taken| taken.eq_ignore_ascii_case(name)) {
        Some(taken) => {
            Err(format!("`{taken}` is a kind of provider of its own in Cognito: name it otherwise, `{taken}Oidc`"))
        }
        None => Ok(()),
    }
}

/// Says what is wrong with the URL of an OpenID Connect provider, or nothing.
///
/// # Errors
/// A sentence that says what to write.
pub fn check_issuer(url: &str) -> Result<(), String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if is_web && check_callback(url).is_ok() && !url.contains('?') && !url.ends_with('/') {
        return Ok(());
    }
    Err(format!(
        "`{url}` is no issuer: write its URL as the provider's `openid-configuration` has it, such as `https://id.example.com`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_begins_with_a_plain_label_that_is_not_amazons() {
        assert_eq!(check_domain_prefix("acme-orders-2"), Ok(()));
        for bad in ["", "Acme", "-acme", "acme-", "acme.orders", "my-cognito", &"a".repeat(64)] {
            assert!(check_domain_prefix(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_browser_is_sent_to_encrypted_local_or_own_places_only() {
        for good in [
            "https://example.com/cb?a=b",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/",
            "myapp://cb",
        ] {
            assert_eq!(check_callback(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "/cb",
            "https:",
            "https://",
            "http://example.com/cb",
            "http://localhost.evil.example/",
            "https://a@b/",
            "https://*.example.com/",
            "https://example.com/#a",
            "https://example.com/a b",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://example.com/\\evil",
            "http://localhost@evil.example/",
        ] {
            assert!(check_callback(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn scopes_servers_and_providers_have_cognitos_names() {
        assert_eq!(check_resource_server("https://api.example.com"), Ok(()));
        assert_eq!(check_scope_name("orders.read"), Ok(()));
        assert_eq!(check_provider_name("Partner-2"), Ok(()));
        assert_eq!(check_issuer("https://id.example.com/tenant"), Ok(()));
        assert!(check_resource_server("openid").is_err() && check_resource_server("a b").is_err());
        assert!(check_scope_name("orders/read").is_err());
        assert!(check_provider_name("google").is_err() && check_provider_name("a_b").is_err());
        assert!(check_issuer("https://id.example.com/").is_err() && check_issuer("myapp://a").is_err());
    }
}
