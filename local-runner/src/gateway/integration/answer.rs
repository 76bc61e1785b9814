use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::{Failure, check_media_type};

/// What a mock integration answers: always the same, to a request whose body it can read, which is of JSON.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html>
pub(super) fn answer(
    status: u16,
    headers: &BTreeMap<String, String>,
    body: Option<&str>,
    request: &HeaderMap,
) -> Result<Response<Bytes>, Failure> {
    check_media_type(request)?;
    let mut response = Response::new(Bytes::copy_from_slice(body.unwrap_or_default().as_bytes()));
    *response.status_mut() = StatusCode::from_u16(status).map_err(|_| Failure::Internal)?;
    for (name, value) in headers {
        let name = HeaderName::try_from(name).map_err(|_| Failure::Internal)?;
        response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(|_| Failure::Internal)?);
    }
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().entry(header::CONTENT_TYPE).or_insert(json);
    Ok(response)
}
