//! Agencies: each looks after its own acts, and a policy keeps it from the others'.

use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Error, Header, HeaderName, HeaderValue, Json, NoContent, Path, Policy, Public, Read, RequestContext,
    Response, Scan, StatusCode, Table, Unauthorized, Write, handler,
};

use crate::house::House;
use crate::programme::{Show, by_day};

/// What an agency was given when the contract was signed.
#[derive(Debug, Table, Serialize, Deserialize)]
pub struct Contract {
    /// The agency's name.
    #[partition_key]
    pub agency: String,
    /// What its programs send.
    pub key: String,
    /// The hall for which the contract is.
    pub hall: String,
    /// The acts that are its own.
    pub acts: Vec<String>,
}

/// The poster of an act.
#[derive(Debug, Table, Serialize, Deserialize)]
pub struct Poster {
    /// Who plays.
    #[partition_key]
    pub act: String,
    /// A PNG.
    pub png: Bytes,
}

/// The program of an agency.
#[derive(Debug, Serialize, Deserialize)]
pub struct Agency {
    /// Its name.
    pub name: String,
}

/// The two headers that say who calls.
#[derive(Deserialize)]
struct Credentials {
    x_agency: String,
    x_agency_key: String,
}

/// Knows agencies by their key, and lets each call the routes of its own acts.
///
/// API Gateway remembers the policy for this key and this hall, so it names all that the agency may call.
#[handler(authorizer, cache = "5m", identity(header = ["x-agency", "x-agency-key"], stage_variable = "hall"))]
async fn agency(
    Header(sent): Header<Credentials>,
    request: RequestContext,
    contracts: Read<Contract>,
) -> Result<Policy<Agency>, Unauthorized> {
    let contract = contracts.get(&sent.x_agency).await?.ok_or(Unauthorized::new())?;
    if contract.key != sent.x_agency_key || request.stage_variable("hall") != Some(&contract.hall) {
        return Err(Unauthorized::new());
    }
    let policy = Policy::of(Agency { name: contract.agency });
    Ok(contract.acts.iter().fold(policy, |policy, act| policy.allow("*", &format!("/acts/{act}/*"))))
}

/// Lists the shows of an act.
#[handler(GET "/acts/{act}/shows", api = House, auth = Agency)]
async fn shows_of_act(Path(act): Path<String>, shows: Scan<Show>) -> Result<Json<Vec<Show>>, Error> {
    Ok(Json(by_day(shows.filter(Show::ACT.eq(act)).all().await?)))
}

/// Takes an act's poster.
#[handler(PUT "/acts/{act}/poster", api = House, auth = Agency)]
async fn hang_poster(
    agency: Agency,
    Path(act): Path<String>,
    request: RequestContext,
    png: Bytes,
    posters: Write<Poster>,
) -> Result<NoContent, Error> {
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    if kind != Some("image/png") {
        return Err(Error::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send a PNG"));
    }
    skyloom::tracing::info!(agency = agency.name, act, bytes = png.len(), "a new poster");
    posters.put(&Poster { act, png }).await?;
    Ok(NoContent)
}

/// Shows an act's poster to everybody.
#[handler(GET "/posters/{act}", api = House, auth = Public)]
async fn poster(Path(act): Path<String>, posters: Read<Poster>) -> Result<Response, Error> {
    let poster = posters.get(&act).await?.ok_or_else(|| Error::not_found("no poster"))?;
    let mut response = Response::new(StatusCode::OK, poster.png);
    response.set_header(HeaderName::from_static("content-type"), HeaderValue::from_static("image/png"));
    Ok(response)
}
