use bytes::Bytes;
use http::Response;

use super::{
    Call,
    authorize::Asked,
    browser,
    client::Client,
    parameters::{Parameters, query},
    reply,
};
use crate::cognito::{Context, pool::Pools};

/// `GET /logout`: the browser is signed in no more, and goes on to a registered `logout_uri`, or to the sign-in page of a client.
/// Tokens that were given out stay as they are.
///
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html>
pub(super) fn logout(pools: &mut Pools, _: &Context<'_>, call: &Call<'_>) -> Response<Bytes> {
    let parameters = Parameters::of_query(call.request.uri());
    let Ok(pool) = call.address.pool(pools) else { return reply::not_found() };
    let client = parameters.get("client_id").and_then(|id| Client::by_id(pool, id));
    let target = parameters.get("logout_uri").filter(|_| !parameters.is_repeated("logout_uri"));
    let registered = |uri: &str| client.as_ref().is_some_and(|it| it.declared.logouts.iter().any(|known| known == uri));
    let mut response = match (&client, target) {
        (None, _) => return error(call, "invalid_client"),
        (_, Some(uri)) if registered(uri) => {
            let state = parameters.get("state").map(|state| query([("state", state)]));
            reply::redirect(&state.map_or_else(|| uri.to_owned(), |state| reply::with_query(uri, &state)))
        }
        (_, Some(_)) => return error(call, "logout_mismatch"),
        (_, None) => match Asked::read(pool, call.address, &parameters) {
            Ok(asked) => reply::redirect(&call.address.to("/login", &asked.query)),
            Err(refusal) => return *refusal,
        },
    };
    if let Some(session) = browser::cookie(call.request, browser::SESSION) {
        pool.oauth.kept.forget_browser(session);
    }
    browser::set_cookie(&mut response, call.address, (browser::SESSION, ""), 0);
    response
}

fn error(call: &Call<'_>, code: &str) -> Response<Bytes> {
    reply::redirect(&call.address.to("/error", &query([("error", code)])))
}
