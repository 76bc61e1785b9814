//! Pages of others, which a browser shows on the developer's machine and which can reach its ports.

use std::net::IpAddr;

use http::{HeaderName, Request, Uri, header};

/// Whether a request is sent by a page that does not come from this machine, or asks for a name that somebody else has made lead here.
/// A page says where it is from in its `Origin`; where it only shows what it asks for, a picture, there is none, and the browser says
/// that it is from elsewhere.
pub(crate) fn is_of_a_stranger<B>(request: &Request<B>) -> bool {
    let is_shown_elsewhere = || request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let is_strangers_page =
        says(request, &header::ORIGIN, is_own_page).map_or_else(is_shown_elsewhere, |is_own| !is_own);
    is_strangers_page || says(request, &header::HOST, is_own_name) == Some(false)
}

/// Whether the host in a header is one of these; nothing where there is no such header.
fn says<B>(request: &Request<B>, name: &HeaderName, is_own: fn(&str) -> bool) -> Option<bool> {
    let text = request.headers().get(name)?.to_str().unwrap_or_default();
    Some(text.parse::<Uri>().is_ok_and(|it| it.host().is_some_and(is_own)))
}

/// `http://localhost:5173`
fn is_own_page(host: &str) -> bool {
    address(host).map_or_else(|| host == "localhost" || host.ends_with(".localhost"), |address| address.is_loopback())
}

/// What the endpoint is asked by: an address, a name of this machine or of its network, or AWS's own, for who has led that here.
fn is_own_name(host: &str) -> bool {
    const OF_AWS: [&str; 5] = [".amazonaws.com", ".amazoncognito.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"];
    let ends = |end: &str| host.len() > end.len() && host.ends_with(end);
    address(host).is_some()
        || !host.contains('.')
        || [".localhost", ".internal", ".local"].iter().chain(&OF_AWS).any(|end| ends(end))
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_stranger(headers: &[(&str, &str)]) -> bool {
        let request = headers.iter().fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
        is_of_a_stranger(&request.body(()).unwrap())
    }

    #[test]
    fn who_is_no_page_and_pages_of_this_machine_are_at_home() {
        assert!(!is_stranger(&[]));
        for host in [
            "127.0.0.1:4566",
            "[::1]:4566",
            "192.168.0.7:4566",
            "localhost:4566",
            "skyloom.localhost:4566",
            "host.docker.internal:4566",
            "emulator:4566",
            "dynamodb.eu-west-1.amazonaws.com",
            "abcdefghijklmnop.lambda-url.eu-west-1.on.aws",
        ] {
            assert!(!is_stranger(&[("host", host)]), "{host}");
        }
        for origin in ["http://localhost:5173", "http://127.0.0.1:3000", "https://[::1]", "http://app.localhost"] {
            let sent = [("host", "127.0.0.1:4566"), ("origin", origin), ("sec-fetch-site", "cross-site")];
            assert!(!is_stranger(&sent), "{origin}");
        }
        assert!(!is_stranger(&[("host", "127.0.0.1:3000"), ("sec-fetch-site", "none")]), "a URL that was typed");
    }

    #[test]
    fn pages_of_others_and_names_that_they_made_lead_here_are_strangers() {
        for origin in
            ["https://evil.example", "null", "", "http://localhost.evil.example", "http://10.0.0.7", "file://"]
        {
            assert!(is_stranger(&[("host", "127.0.0.1:4566"), ("origin", origin)]), "{origin}");
        }
        assert!(is_stranger(&[("host", "127.0.0.1:3000"), ("sec-fetch-site", "cross-site")]), "a picture of a page");
        for host in ["evil.example:4566", "localhost.evil.example", "evil-amazonaws.com", ""] {
            assert!(is_stranger(&[("host", host)]), "{host}");
        }
    }
}
