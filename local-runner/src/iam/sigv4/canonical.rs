//! The one form of a request that both sides hash.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use http::{HeaderMap, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What is not RFC 3986's unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const SIGNATURE: &str = "X-Amz-Signature";
const TOKEN: &str = "X-Amz-Security-Token";

/// How a service reads paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paths {
    /// Without empty and dotted segments, and encoded once more than they came.
    Normalized,
    /// As S3's keys are: each character counts, and is encoded once.
    Verbatim,
}

impl Paths {
    pub(super) fn of(service: &str) -> Self {
        if super::is_s3(service) { Self::Verbatim } else { Self::Normalized }
    }

    pub(super) fn canonical(self, path: &str) -> String {
        match self {
            Self::Normalized => normalized(path),
            Self::Verbatim => verbatim(path),
        }
    }
}

/// A request before it is in its one form.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// In its one form already.
    pub(super) path: String,
    pub(super) query: &'a str,
    /// A client may add the token to a presigned URL after it signed it.
    pub(super) with_token: bool,
    /// Only of a presigned URL the signature is a parameter, which it cannot be of itself.
    pub(super) is_presigned: bool,
    pub(super) headers: &'a HeaderMap,
    pub(super) uri: &'a Uri,
    /// Names in small letters.
    pub(super) signed_headers: &'a [String],
    /// The hash of the body, or what stands for it.
    pub(super) payload: &'a str,
}

impl Request<'_> {
    pub(super) fn text(&self) -> String {
        let lines = self.signed_headers.iter();
        let headers: String =
            lines.map(|name| format!("{name}:{}\n", header_values(self.headers, self.uri, name))).collect();
        let query = query(self.query, self.with_token, self.is_presigned);
        [self.method, &self.path, &query, &headers, &self.signed_headers.join(";"), self.payload].join("\n")
    }
}

fn normalized(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/').filter(|segment| !matches!(*segment, "" | ".")) {
        match segment {
            ".." => drop(segments.pop()),
            segment => segments.push(encode(segment.as_bytes())),
        }
    }
    let is_directory = !segments.is_empty() && path.ends_with('/');
    format!("/{}{}", segments.join("/"), if is_directory { "/" } else { "" })
}

fn verbatim(path: &str) -> String {
    let segments = path.split('/').map(|segment| encode(&percent_decode_str(segment).collect::<Vec<_>>()));
    segments.collect::<Vec<_>>().join("/")
}

/// Sorted, each name with a value, all encoded alike, of a presigned URL without the signature itself.
fn query(query: &str, with_token: bool, is_presigned: bool) -> String {
    let recode = |text: &str| encode(&percent_decode_str(&text.replace('+', " ")).collect::<Vec<_>>());
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs
        .filter(|(name, _)| !(is_presigned && *name == SIGNATURE) && (with_token || *name != TOKEN))
        .map(|(name, value)| (recode(name), recode(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// A header's values, joined, with runs of spaces as one. A request that has not gone over a connection yet has its host
/// in the URL. HTTP/2 calls it `:authority`, which a client may have signed in place of it.
fn header_values(headers: &HeaderMap, uri: &Uri, name: &str) -> String {
    let name = if name == ":authority" { "host" } else { name };
    if name == "host" && !headers.contains_key(header::HOST) {
        return uri.authority().map(|authority| host(uri, authority.as_str())).unwrap_or_default();
    }
    let values = headers.get_all(name).iter().map(|value| {
        let text = String::from_utf8_lossy(value.as_bytes());
        text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    });
    values.collect::<Vec<_>>().join(",")
}

/// Clients leave out the port that the scheme has anyway.
fn host(uri: &Uri, authority: &str) -> String {
    let default = if uri.scheme_str() == Some("https") { ":443" } else { ":80" };
    authority.strip_suffix(default).unwrap_or(authority).to_owned()
}

fn encode(text: &[u8]) -> String {
    percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_a_request_in_process_is_its_urls() {
        let hosts = |uri: &str| header_values(&HeaderMap::new(), &uri.parse().unwrap(), "host");
        assert_eq!(
            header_values(&HeaderMap::new(), &"http://127.0.0.1:4566/".parse().unwrap(), ":authority"),
            "127.0.0.1:4566"
        );
        assert_eq!(hosts("https://dynamodb.us-east-1.amazonaws.com:443/"), "dynamodb.us-east-1.amazonaws.com");
        assert_eq!(hosts("http://127.0.0.1:4566/"), "127.0.0.1:4566");
    }

    #[test]
    fn a_path_is_encoded_twice_but_for_s3_whose_slashes_and_dots_count() {
        assert_eq!(Paths::of("execute-api").canonical("/a%20b//./c/../@d/"), "/a%2520b/%40d/");
        assert_eq!(Paths::of("s3").canonical("/a%20b//./c/../@d/"), "/a%20b//./c/../%40d/");
    }

    #[test]
    fn a_query_is_sorted_after_it_was_encoded() {
        assert_eq!(query("b=2&a=z&a=b&%61=%2a&empty", true, false), "a=%2A&a=b&a=z&b=2&empty=");
        assert_eq!(query("X-Amz-Security-Token=t&X-Amz-Signature=s", true, true), "X-Amz-Security-Token=t");
        assert_eq!(query("X-Amz-Security-Token=t&X-Amz-Signature=s", false, true), "");
    }

    #[test]
    fn a_signature_that_was_put_behind_a_request_signed_in_its_headers_is_a_parameter_as_any() {
        assert_eq!(query("a=1&X-Amz-Signature=s", true, false), "X-Amz-Signature=s&a=1");
    }
}
