//! Replies that are compressed for clients that take them so.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{
    Compression,
    write::{GzEncoder, ZlibEncoder},
};
use http::{HeaderMap, HeaderValue, Response, header};

/// The codings that API Gateway knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
}

/// Compresses a reply that is long enough, and is not compressed already.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html>
pub(super) fn apply(minimum: Option<u32>, request: &HeaderMap, response: &mut Response<Bytes>) {
    let is_long = minimum.is_some_and(|minimum| response.body().len() as u64 >= u64::from(minimum));
    if !is_long || response.body().is_empty() || response.headers().contains_key(header::CONTENT_ENCODING) {
        return;
    }
    let Some(coding) = accepted(request) else { return };
    if let Ok(body) = compressed(coding, response.body()) {
        *response.body_mut() = body.into();
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
}

impl Coding {
    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
        }
    }
}

/// The coding that the client likes best, of two alike gzip; nothing if it likes the bytes as they are better.
fn accepted(request: &HeaderMap) -> Option<Coding> {
    let lists = request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let codings: Vec<_> = lists.flat_map(|list| list.split(',')).map(weighted).collect();
    let quality =
        |name: &str| codings.iter().rfind(|(coding, _)| coding.eq_ignore_ascii_case(name)).map(|(_, quality)| *quality);
    let (gzip, deflate) = (quality("gzip").unwrap_or(0.0), quality("deflate").unwrap_or(0.0));
    let (coding, best) = if gzip >= deflate { (Coding::Gzip, gzip) } else { (Coding::Deflate, deflate) };
    (best > 0.0 && best >= quality("identity").unwrap_or(0.0)).then_some(coding)
}

/// `gzip;q=0.5`
fn weighted(text: &str) -> (&str, f64) {
    let (coding, parameters) = text.split_once(';').unwrap_or((text, ""));
    let quality = parameters.trim().strip_prefix("q=").and_then(|quality| quality.trim().parse().ok());
    (coding.trim(), quality.unwrap_or(1.0))
}

fn compressed(coding: Coding, body: &[u8]) -> std::io::Result<Vec<u8>> {
    match coding {
        Coding::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body)?;
            encoder.finish()
        }
        Coding::Deflate => {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(body)?;
            encoder.finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_client_says_how_it_wants_a_reply() {
        for (accept, expected) in [
            ("gzip", Some(Coding::Gzip)),
            ("deflate, GZIP", Some(Coding::Gzip)),
            ("gzip;q=0.2, deflate;q=0.8", Some(Coding::Deflate)),
            ("gzip;q=0.2, identity", None),
            ("gzip;q=0", None),
            ("br", None),
        ] {
            assert_eq!(accepted(&accepting(accept)), expected, "{accept}");
        }
        assert_eq!(accepted(&HeaderMap::new()), None);
    }

    #[test]
    fn a_long_reply_is_compressed_once() {
        let text = "skyloom ".repeat(100);
        let reply = |minimum| {
            let mut response = Response::new(Bytes::from(text.clone()));
            apply(minimum, &accepting("gzip"), &mut response);
            apply(minimum, &accepting("gzip"), &mut response);
            response
        };
        assert_eq!(reply(Some(801)).body(), text.as_bytes());
        assert_eq!(reply(None).body(), text.as_bytes());
        let compressed = reply(Some(800));
        assert_eq!(compressed.headers()[header::CONTENT_ENCODING], "gzip");
        let mut read = String::new();
        flate2::read::GzDecoder::new(&compressed.body()[..]).read_to_string(&mut read).unwrap();
        assert_eq!(read, text);
    }
}
