//! Bodies of requests that are sent compressed.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header};

use super::{BODY_LIMIT, refusal::Refusal};

/// The body of a request as everything behind the API gets it: a REST API undoes `gzip` and `deflate` before it knows the method, whether
/// or not it compresses replies. The header stays, as users found; that no body is none in any coding, LocalStack's tests recorded.
///
/// That what comes out has to be as short as what may be sent is not documented; somewhere it has to end.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html>
pub(super) fn undone(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, Refusal> {
    let mut codings = headers.get_all(header::CONTENT_ENCODING).iter().filter(|_| !body.is_empty());
    let Some(coding) = codings.next() else { return Ok(body.clone()) };
    if codings.next().is_some() {
        return Err(Refusal::UnsupportedMediaType);
    }
    match coding.as_bytes().to_ascii_lowercase().as_slice() {
        b"identity" => Ok(body.clone()),
        b"gzip" => read(MultiGzDecoder::new(&body[..])),
        b"deflate" => read(ZlibDecoder::new(&body[..])),
        _ => Err(Refusal::UnsupportedMediaType),
    }
}

fn read(coded: impl Read) -> Result<Bytes, Refusal> {
    let mut body = Vec::new();
    let most = u64::try_from(BODY_LIMIT).unwrap_or(u64::MAX);
    coded.take(most.saturating_add(1)).read_to_end(&mut body).map_err(|_| Refusal::UnsupportedMediaType)?;
    if body.len() > BODY_LIMIT { Err(Refusal::BodyTooLarge) } else { Ok(body.into()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{
        Compression,
        write::{GzEncoder, ZlibEncoder},
    };
    use http::HeaderValue;

    use super::*;

    fn coded(coding: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static(coding))])
    }

    fn gzip(body: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn what_is_compressed_is_undone() {
        assert_eq!(undone(&coded("GZIP"), &gzip(b"hello")).unwrap(), "hello");
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(b"hello").unwrap();
        assert_eq!(undone(&coded("deflate"), &encoder.finish().unwrap().into()).unwrap(), "hello");
        for headers in [HeaderMap::new(), coded("identity")] {
            assert_eq!(undone(&headers, &"hello".into()).unwrap(), "hello");
        }
        assert_eq!(undone(&coded("br"), &Bytes::new()).unwrap(), "");
    }

    #[test]
    fn what_cannot_be_undone_is_refused() {
        for (coding, body) in [("gzip", Bytes::from("hello")), ("br", "hello".into()), ("gzip, gzip", gzip(b"hello"))] {
            assert_eq!(undone(&coded(coding), &body), Err(Refusal::UnsupportedMediaType), "{coding}");
        }
        let cut = gzip(b"hello").slice(..12);
        assert_eq!(undone(&coded("gzip"), &cut), Err(Refusal::UnsupportedMediaType));
    }

    #[test]
    fn what_grows_too_long_is_refused() {
        let bomb = gzip(&vec![0; BODY_LIMIT + 1]);
        assert!(bomb.len() < 100_000);
        assert_eq!(undone(&coded("gzip"), &bomb), Err(Refusal::BodyTooLarge));
        assert_eq!(undone(&coded("gzip"), &gzip(&vec![0; BODY_LIMIT])).unwrap().len(), BODY_LIMIT);
    }
}
