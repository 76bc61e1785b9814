//! Publishers tell of what they send.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use skyloom::{
    Bytes, Error, Header, Public, RequestContext, StatusCode, Write, handler,
    table::{self},
    tracing,
};

use crate::model::Delivery;

/// How long a repeated message is known as such.
const REMEMBERED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[derive(Deserialize, JsonSchema)]
struct Message {
    /// The publisher's own id of the delivery.
    x_delivery_id: String,
}

/// Takes a publisher's message: a line for each book. The same message again does nothing.
#[handler(POST "/webhooks/deliveries", auth = Public, concurrency = 5)]
async fn announce(
    Header(message): Header<Message>,
    request: RequestContext,
    body: Bytes,
    deliveries: Write<Delivery>,
) -> Result<StatusCode, Error> {
    let forgotten_at = (request.time() + REMEMBERED).duration_since(std::time::UNIX_EPOCH).map_err(Error::internal)?;
    let delivery = Delivery { id: message.x_delivery_id, isbns: isbns(&body)?, forgotten_at: forgotten_at.as_secs() };
    match deliveries.put_new(&delivery).await {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(table::Error::ConditionFailed(_)) => {
            tracing::info!(delivery = delivery.id, "known already");
            Ok(StatusCode::OK)
        }
        Err(error) => Err(error.into()),
    }
}

fn isbns(body: &[u8]) -> Result<Vec<u64>, Error> {
    let text = std::str::from_utf8(body).map_err(|_| Error::bad_request("the message is no text"))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let parse = |line: &str| line.parse().map_err(|_| Error::bad_request(format!("`{line}` is no ISBN")));
    lines.map(parse).collect()
}
