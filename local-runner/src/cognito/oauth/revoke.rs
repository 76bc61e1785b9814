use bytes::Bytes;
use http::{Response, StatusCode};

use super::{
    Call,
    client::authenticated,
    parameters::Parameters,
    reply,
    token::{client_of, end},
};
use crate::cognito::{Context, pool::Pools};

/// `POST /oauth2/revoke`: ends the session of a refresh token. One that is not known, or not any more, is as good as revoked
/// (RFC 7009, 2.2).
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html>
pub(super) fn revoke(pools: &mut Pools, _: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    match try_revoke(pools, call) {
        Ok(()) => reply::empty(StatusCode::OK),
        Err(error) => reply::refuse(error),
    }
}

fn try_revoke(pools: &mut Pools, call: &Call<'_>) -> Result<(), &'static str> {
    let form = Parameters::of_form(call.request).ok_or("invalid_request")?;
    let pool = call.address.pool(pools).map_err(|_| "invalid_client")?;
    let client = authenticated(pool, call.request, &form)?;
    let token = form.get("token").filter(|_| !form.is_repeated("token")).ok_or("invalid_request")?;
    if jsonwebtoken::decode_header(token).is_ok() {
        return Err("unsupported_token_type"); // an access or ID token
    }
    match pool.session_of(token) {
        Some(session) if client_of(pool, &session).as_ref() != Some(&client.id) => Err("unauthorized_client"),
        Some(session) => {
            end(pool, &session);
            Ok(())
        }
        None => Ok(()),
    }
}
