//! Signature Version 4, from the service's side.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{self, SHA256},
    hmac,
};
use bytes::Bytes;
use http::{HeaderMap, Request, Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

use super::{authorization::Authorization, refusal::Refusal};

/// What is not RFC 3986's unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Whether the owner of the secret signed this very request.
pub(super) fn verify(request: &Request<Bytes>, authorization: &Authorization, secret: &str) -> Result<(), Refusal> {
    let Authorization { scope, date, .. } = authorization;
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{}/{}/{}/aws4_request\n{}",
        scope.date,
        scope.region,
        scope.service,
        hex(digest::digest(&SHA256, canonical(request, authorization).as_bytes()))
    );
    let mut key = hmac::sign(&hmac_key(format!("AWS4{secret}")), scope.date.as_bytes());
    for part in [&scope.region, &scope.service, "aws4_request"] {
        key = hmac::sign(&hmac_key(key), part.as_bytes());
    }
    let signature = hex(hmac::sign(&hmac_key(key), text.as_bytes()));
    verify_slices_are_equal(signature.as_bytes(), authorization.signature.as_bytes())
        .map_err(|_| Refusal::SignatureMismatch)
}

/// The request in the one form that both sides hash.
fn canonical(request: &Request<Bytes>, authorization: &Authorization) -> String {
    let mut headers = String::new();
    for name in &authorization.signed_headers {
        headers.push_str(&format!("{name}:{}\n", header_values(request.headers(), request.uri(), name)));
    }
    [
        request.method().as_str(),
        &path(request.uri().path()),
        &query(request.uri().query().unwrap_or_default()),
        &headers,
        &authorization.signed_headers.join(";"),
        &hex(digest::digest(&SHA256, request.body())),
    ]
    .join("\n")
}

/// Without empty and dotted segments, and encoded once more than it came, as every service but S3 has it.
fn path(path: &str) -> String {
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

/// Sorted, each name with a value, all encoded alike, without the signature itself.
fn query(query: &str) -> String {
    let recode = |text: &str| encode(&percent_decode_str(&text.replace('+', " ")).collect::<Vec<_>>());
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let mut pairs: Vec<_> = pairs
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .map(|(name, value)| (recode(name), recode(value)))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// A header's values, joined, with runs of spaces as one. A request that has not gone over a connection yet has its host
/// in the URL.
fn header_values(headers: &HeaderMap, uri: &Uri, name: &str) -> String {
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

fn hmac_key(secret: impl AsRef<[u8]>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref())
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// A `GET` of AWS's signing test suite, signed in its header.
    fn get(uri: &str, headers: &[(&str, &str)], signature: &str) -> Result<(), Refusal> {
        let mut request = Request::get(uri).header("host", "example.amazonaws.com");
        let mut names = vec!["host"];
        for (name, value) in headers {
            request = request.header(*name, *value);
            names.push(*name);
        }
        names.dedup();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={};x-amz-date, Signature={signature}",
            names.join(";")
        );
        let request = request.header("x-amz-date", "20150830T123600Z").header("authorization", authorization);
        check(request.body(Bytes::new()).unwrap())
    }

    fn check(request: Request<Bytes>) -> Result<(), Refusal> {
        verify(&request, &Authorization::of(request.headers(), request.uri()).unwrap(), SECRET)
    }

    #[test]
    fn a_path_is_signed_without_empty_and_dotted_segments() {
        for uri in ["/", "//", "/example/.."] {
            assert_eq!(
                get(uri, &[], "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
                Ok(()),
                "{uri}"
            );
        }
    }

    #[test]
    fn a_query_is_signed_in_order_and_encoded() {
        let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let uri = format!("/?{unreserved}={unreserved}");
        assert_eq!(get(&uri, &[], "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"), Ok(()));
        let uri = "/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1";
        assert_eq!(get(uri, &[], "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"), Ok(()));
    }

    #[test]
    fn headers_are_signed_trimmed_and_joined() {
        let spaced = [("my-header1", " value1"), ("my-header2", " \"a   b   c\"")];
        assert_eq!(get("/", &spaced, "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"), Ok(()));
        let repeated = [("my-header1", "value2"), ("my-header1", "value2"), ("my-header1", "value1")];
        assert_eq!(get("/", &repeated, "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"), Ok(()));
    }

    #[test]
    fn an_encoded_path_is_encoded_again() {
        let request = Request::post("/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-west-2%3A892717189312%3Afunction%3Amy-rusty-fun/invocations")
            .header("host", "lambda.us-east-2.amazonaws.com")
            .header("x-amz-date", "20210511T154045Z")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20210511/us-east-2/lambda/aws4_request, SignedHeaders=host;x-amz-date, Signature=4b93abbcc68be32bd64c18e2c71150660ab4c29bbd6c32a383a7517a88fc1804")
            .body(Bytes::new())
            .unwrap();
        assert_eq!(check(request), Ok(()));
    }

    #[test]
    fn the_body_and_the_method_are_signed() {
        let request = |method: &str, body: &'static str| {
            Request::builder()
                .method(method)
                .uri("/")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("host", "example.amazonaws.com")
                .header("content-length", "13")
                .header("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e")
                .header("x-amz-date", "20150830T123600Z")
                .header("authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b")
                .body(Bytes::from(body))
                .unwrap()
        };
        assert_eq!(check(request("POST", "Param1=value1")), Ok(()));
        assert_eq!(check(request("POST", "Param1=value2")), Err(Refusal::SignatureMismatch));
        assert_eq!(check(request("PUT", "Param1=value1")), Err(Refusal::SignatureMismatch));
    }

    #[test]
    fn a_presigned_url_is_verified_without_its_signature() {
        let url = |signature: &str| {
            format!(
                "https://example.amazonaws.com/?Param-3=Value3&Param=Value2&%E1%88%B4=Value1&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-SignedHeaders=host&X-Amz-Expires=3600&X-Amz-Signature={signature}"
            )
        };
        let open = |signature: &str| check(Request::get(url(signature)).body(Bytes::new()).unwrap());
        assert_eq!(open("c5f1848ceec943ac2ca68ee720460c23aaae30a2300586597ada94c4a65e4787"), Ok(()));
        assert_eq!(open("c5f1"), Err(Refusal::SignatureMismatch));
    }

    #[test]
    fn the_host_of_a_request_in_process_is_its_urls() {
        let hosts = |uri: &str| header_values(&HeaderMap::new(), &uri.parse().unwrap(), "host");
        assert_eq!(hosts("https://dynamodb.us-east-1.amazonaws.com:443/"), "dynamodb.us-east-1.amazonaws.com");
        assert_eq!(hosts("http://127.0.0.1:4566/"), "127.0.0.1:4566");
    }
}
