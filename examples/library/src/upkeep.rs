//! What runs without a request.

use std::time::{Duration, UNIX_EPOCH};

use skyloom::{Context, Error, Json, Read, Scan, Write, handler, table, tracing};

use crate::model::{Recount, Recounted, Reminder, Volume};

/// How long a reminder is kept.
const KEPT: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// Reminds of what is late, each morning.
#[handler(schedule = "cron(0 6 * * ? *)", timeout = "5m", memory = 512)]
async fn remind(context: Context, volumes: Scan<Volume>, reminders: Write<Reminder>) -> Result<(), Error> {
    let now = context.now().duration_since(UNIX_EPOCH).map_err(Error::internal)?;
    let mut reminded = 0;
    for volume in volumes.filter(Volume::DUE.lt(now.as_secs())).all().await? {
        let Volume { isbn, number, borrower: Some(member), due: Some(due), .. } = volume else { continue };
        let loan = format!("{isbn}-{number}-{due}");
        let reminder = Reminder { member, loan, forgotten_at: (now + KEPT).as_secs() };
        match reminders.put_new(&reminder).await {
            Ok(()) => reminded += 1,
            Err(table::Error::ConditionFailed(_)) => {} // on an earlier morning
            Err(error) => return Err(error.into()),
        }
    }
    tracing::info!(reminded, "members were reminded");
    Ok(())
}

/// Counts the copies of a book; the director's script calls it.
#[handler(invoke, timeout = "2m")]
async fn recount(Json(Recount { isbn }): Json<Recount>, volumes: Read<Volume>) -> Result<Json<Recounted>, Error> {
    let all = volumes.query(isbn).consistent().count().await?;
    let lent = volumes.query(isbn).consistent().filter(Volume::BORROWER.exists()).count().await?;
    Ok(Json(Recounted { available: all - lent, lent }))
}
