//! An event that fails until it is given up.

use skyloom::{Error, Json, handler};

/// Sends a parcel, if there is something in it.
#[handler(invoke, on_failure = queue("Unsent"))]
async fn send_parcel(Json(things): Json<Vec<String>>) -> Result<(), Error> {
    if things.is_empty() { Err(Error::bad_request("there is nothing in it")) } else { Ok(()) }
}

mod tests {
    use std::time::Duration;

    use skyloom_local::Local;

    // ANCHOR: test
    #[skyloom_local::test]
    async fn an_empty_parcel_is_not_sent_and_told(app: Local) {
        let nothing: [&str; 0] = [];
        app.invoke_event("send_parcel", &nothing).expect("it takes events");
        app.settle().await; // the first try
        app.advance(Duration::from_secs(3 * 60)).await; // the retries
        assert_eq!(app.invocations("send_parcel"), 3);
        let told = app.destination("Unsent");
        assert_eq!(told[0]["requestContext"]["condition"], "RetriesExhausted");
    }
    // ANCHOR_END: test
}
