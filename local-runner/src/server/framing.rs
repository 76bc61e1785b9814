use http::{Method, Version, header, request::Parts};

/// Whether another reader could take the request for another one: what hyper lets through and RFC 9112 has a server refuse.
///
/// A request with both `Transfer-Encoding` and `Content-Length` comes here without its length: hyper follows the encoding, as the RFC
/// says, and ends the connection.
pub(super) fn is_ambiguous(request: &Parts) -> bool {
    !is_chunked_or_plain(request) || !has_one_host(request) || asks_for_a_tunnel(request)
}

/// An address and no path, `CONNECT a:443`: nothing here is a proxy. Other methods do not have such at all (RFC 9112, 3.2.3).
fn asks_for_a_tunnel(request: &Parts) -> bool {
    request.method == Method::CONNECT || (request.uri.scheme().is_none() && request.uri.authority().is_some())
}

/// Another coding than `chunked`, also beside it, would have to be undone before anybody can read the body.
fn is_chunked_or_plain(request: &Parts) -> bool {
    let codings = request.headers.get_all(header::TRANSFER_ENCODING);
    codings.iter().enumerate().all(|(place, coding)| place == 0 && coding.as_bytes().eq_ignore_ascii_case(b"chunked"))
}

/// RFC 9112, 3.2: exactly one, which HTTP/1.0 may leave out.
fn has_one_host(request: &Parts) -> bool {
    let hosts = request.headers.get_all(header::HOST).iter().count();
    hosts == 1 || (hosts == 0 && request.version < Version::HTTP_11)
}
