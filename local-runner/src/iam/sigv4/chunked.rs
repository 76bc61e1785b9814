//! A body whose pieces are signed one after the other.
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html>

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Request;

use super::key::{SigningKey, sha256};
use crate::iam::{authorization::Authorization, refusal::Refusal};

/// How the pieces are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    Signed,
    SignedWithTrailer,
    UnsignedWithTrailer,
}

impl Framing {
    const ALL: [Self; 3] = [Self::Signed, Self::SignedWithTrailer, Self::UnsignedWithTrailer];

    /// What `x-amz-content-sha256` says.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Signed => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            Self::SignedWithTrailer => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::UnsignedWithTrailer => "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|framing| framing.name() == name)
    }

    fn is_signed(self) -> bool {
        self != Self::UnsignedWithTrailer
    }
}

/// The pieces of a body, put together; each is signed with the signature of the one before.
pub(super) fn open(
    framing: Framing,
    request: &Request<Bytes>,
    authorization: &Authorization,
    key: &SigningKey,
) -> Result<Bytes, Refusal> {
    let mut chain = Chain { authorization, key, previous: authorization.signature.clone() };
    let mut rest: &[u8] = request.body();
    let mut data = Vec::new();
    loop {
        let chunk = Chunk::read(&mut rest)?;
        if framing.is_signed() {
            chain.check_chunk(&chunk)?;
        }
        data.extend_from_slice(chunk.data);
        if chunk.data.is_empty() {
            break;
        }
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    match framing {
        Framing::Signed if matches!(rest, b"" | b"\r\n") => {}
        Framing::Signed => return Err(INCOMPLETE),
        Framing::SignedWithTrailer | Framing::UnsignedWithTrailer => {
            let trailer = Trailer::read(rest, header("x-amz-trailer").unwrap_or_default())?;
            if framing.is_signed() {
                chain.check_trailer(&trailer)?;
            }
        }
    }
    match header("x-amz-decoded-content-length").map(str::parse::<usize>) {
        Some(Ok(length)) if data.len() == length => Ok(data.into()),
        _ => Err(INCOMPLETE),
    }
}

const INCOMPLETE: Refusal =
    Refusal::Payload { code: "IncompleteBody", message: "The request body terminated unexpectedly" };
const MALFORMED_TRAILER: Refusal = Refusal::Payload {
    code: "MalformedTrailerError",
    message: "The request contained trailing data that was not well-formed or did not conform to our published schema.",
};

/// The signature that the next piece continues.
struct Chain<'a> {
    authorization: &'a Authorization,
    key: &'a SigningKey,
    previous: String,
}

impl Chain<'_> {
    fn check_chunk(&mut self, chunk: &Chunk<'_>) -> Result<(), Refusal> {
        let text = self.text("AWS4-HMAC-SHA256-PAYLOAD", &[&sha256(b""), &sha256(chunk.data)]);
        self.check(&text, chunk.signature.ok_or(Refusal::SignatureMismatch)?)
    }

    fn check_trailer(&mut self, trailer: &Trailer) -> Result<(), Refusal> {
        let lines: String = trailer.fields.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let text = self.text("AWS4-HMAC-SHA256-TRAILER", &[&sha256(lines.as_bytes())]);
        self.check(&text, trailer.signature.as_deref().ok_or(Refusal::SignatureMismatch)?)
    }

    fn check(&mut self, text: &str, signature: &str) -> Result<(), Refusal> {
        self.key.verify(text, signature)?;
        signature.clone_into(&mut self.previous);
        Ok(())
    }

    fn text(&self, algorithm: &str, hashes: &[&str]) -> String {
        let Authorization { date, scope, .. } = self.authorization;
        format!("{algorithm}\n{date}\n{}\n{}\n{}", scope.text(), self.previous, hashes.join("\n"))
    }
}

/// `10000;chunk-signature=…\r\n…\r\n`
struct Chunk<'a> {
    data: &'a [u8],
    signature: Option<&'a str>,
}

impl<'a> Chunk<'a> {
    fn read(rest: &mut &'a [u8]) -> Result<Self, Refusal> {
        let head = line(rest).ok_or(INCOMPLETE)?;
        let (size, extension) = head.split_once(';').unwrap_or((head, ""));
        let is_size = !size.is_empty() && size.bytes().all(|byte| byte.is_ascii_hexdigit());
        let size = usize::from_str_radix(size, 16).ok().filter(|_| is_size).ok_or(INCOMPLETE)?;
        let signature = extension.strip_prefix("chunk-signature=");
        if size == 0 {
            return Ok(Self { data: b"", signature });
        }
        let (data, after) = rest.split_at_checked(size).ok_or(INCOMPLETE)?;
        *rest = after.strip_prefix(b"\r\n").ok_or(INCOMPLETE)?;
        Ok(Self { data, signature })
    }
}

/// The headers that come after the last piece.
struct Trailer {
    /// By their names in small letters.
    fields: BTreeMap<String, String>,
    signature: Option<String>,
}

impl Trailer {
    /// `announced` are the names that the request said would come, and no others may.
    fn read(mut rest: &[u8], announced: &str) -> Result<Self, Refusal> {
        let (mut fields, mut signature) = (BTreeMap::new(), None);
        while let Some(line) = line(&mut rest).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').ok_or(MALFORMED_TRAILER)?;
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
            let before =
                if name == "x-amz-trailer-signature" { signature.replace(value) } else { fields.insert(name, value) };
            before.is_none().then_some(()).ok_or(MALFORMED_TRAILER)?;
        }
        let announced: Vec<_> = announced.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
        let is_announced = announced.len() == fields.len() && announced.iter().all(|name| fields.contains_key(name));
        let is_whole = rest.is_empty() && is_announced;
        is_whole.then_some(Self { fields, signature }).ok_or(MALFORMED_TRAILER)
    }
}

/// Takes a line from the front, without its end.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let text = str::from_utf8(&rest[..end]).ok()?;
    *rest = &rest[end + 2..];
    Some(text.strip_suffix('\n').unwrap_or(text)) // AWS's own example ends a trailer with `\n\r\n`
}
