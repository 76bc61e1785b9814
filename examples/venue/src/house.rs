//! The house's REST API: what ticket shops call, with a key, and what answers without any function.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{Api, ApiKey, Error, Json, Public, Query, RequestContext, Route, Scan, handler};

use crate::programme::{Show, by_day};

/// What other companies and the crew's programs call. It holds requests to their types before a function runs.
#[derive(Debug, Api)]
#[api(
    rest,
    validate,
    variables(hall = "blue-hall"),
    binary_media_types = ["image/*"],
    cache_size = "0.5",
    throttle(rate = 100, burst = 50),
    usage_plan(rate = 10, burst = 20, quota = 10000, period = "month"),
    gateway_response(
        invalid_api_key,
        status = 401,
        body = r#"{"title":"ask the box office for a key","requestId":"$context.requestId"}"#,
        content_type = "application/problem+json"
    ),
    gateway_response(throttled, header("retry-after", "1"))
)]
pub struct House;

/// Which part of the programme a shop asks for.
#[derive(Deserialize, JsonSchema)]
struct From {
    /// The first day, as `2026-11-23`.
    from: String,
}

/// The programme, for shops that sell it.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct Listing {
    /// The stage's name of the hall.
    pub hall: String,
    /// What is on.
    pub shows: Vec<Show>,
}

/// Lists the shows from a day on. It is the same for every shop, so that all of them may be given the reply that is kept.
#[handler(GET "/listing", api = House, auth = ApiKey, cache = "60s", cache_shared)]
async fn listing(
    Query(From { from }): Query<From>,
    request: RequestContext,
    shows: Scan<Show>,
) -> Result<Json<Listing>, Error> {
    let hall = request.stage_variable("hall").unwrap_or_default().to_owned();
    let shows = shows.filter(Show::DAY.ge(from)).all().await?;
    Ok(Json(Listing { hall, shows: by_day(shows) }))
}

/// What a load balancer asks.
#[derive(Debug, Route)]
#[route(GET "/health", api = House, auth = Public, answer(status = 200, body = "{}", header("cache-control", "no-store")))]
pub struct Health;

/// Plans of the seats, from the architects' server.
#[derive(Debug, Route)]
#[route(GET "/plans/{page+}", api = House, auth = Public, http = "https://plans.architects.example/blue-hall/{page}")]
pub struct Plans;

/// A shop asks for a block of seats; the office reads the queue.
#[derive(Debug, Route)]
#[route(POST "/enquiries", api = House, auth = ApiKey, queue = "Enquiries")]
pub struct Enquiries;
