//! Members take volumes home and bring them back.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use skyloom::{
    Change, Error, Json, NoContent, Path, Read, ReadIndex, RequestContext, Write, handler,
    table::{self, Page},
};

use crate::model::{ByBorrower, Member, Statistic, Volume};

/// How long a volume may be kept.
const LOAN: Duration = Duration::from_secs(28 * 24 * 60 * 60);

/// Lends a volume that is on its shelf.
#[handler(POST "/books/{isbn}/volumes/{number}/loan", auth = Member, scopes = ["library/borrow"])]
async fn borrow(
    member: Member,
    Path(key): Path<(u64, u64)>,
    request: RequestContext,
    volumes: Write<Volume>,
) -> Result<Json<Volume>, Error> {
    let lent = volumes
        .update(key)
        .set(Volume::BORROWER, member.sub)
        .set(Volume::DUE, seconds(request.time() + LOAN))
        .only_if(Volume::BORROWER.not_exists())
        .await;
    lent.map(Json).map_err(|error| match error {
        table::Error::ConditionFailed(_) => Error::conflict("somebody else has it"),
        other => other.into(),
    })
}

/// Takes back what the member has.
#[handler(DELETE "/books/{isbn}/volumes/{number}/loan", auth = Member)]
async fn bring_back(member: Member, Path(key): Path<(u64, u64)>, volumes: Write<Volume>) -> Result<NoContent, Error> {
    let returned =
        volumes.update(key).remove(Volume::BORROWER).remove(Volume::DUE).only_if(Volume::BORROWER.eq(member.sub)).await;
    returned.map(|_| NoContent).map_err(|error| match error {
        table::Error::ConditionFailed(_) => Error::conflict("you do not have it"),
        other => other.into(),
    })
}

/// Lists what the member has, what is due first before the rest.
#[handler(GET "/loans", auth = Member)]
async fn list_loans(member: Member, by_borrower: ReadIndex<ByBorrower>) -> Result<Json<Page<Volume>>, Error> {
    Ok(Json(by_borrower.query(member.sub).limit(50).page().await?))
}

/// Counts the loans of each book.
#[handler(stream = Volume, filter(event = "modify"), batch_size = 200, retries = 5, bisect)]
async fn count_loans(changes: Vec<Change<Volume>>, statistics: Write<Statistic>) -> Vec<Result<(), Error>> {
    let mut results = Vec::with_capacity(changes.len());
    for change in changes {
        results.push(count(&change, &statistics).await.map_err(Error::from));
    }
    results
}

async fn count(change: &Change<Volume>, statistics: &Write<Statistic>) -> Result<(), table::Error> {
    let Change::Modified { old, new } = change else { return Ok(()) };
    if old.borrower.is_none() && new.borrower.is_some() {
        statistics.update(new.isbn).add(Statistic::LOANS, 1_u64).or_create().await?;
    }
    Ok(())
}

/// Says how often a book was borrowed.
#[handler(GET "/books/{isbn}/statistic", auth = Member, groups = ["librarian"])]
async fn get_statistic(Path(isbn): Path<u64>, statistics: Read<Statistic>) -> Result<Json<Statistic>, Error> {
    Ok(Json(statistics.get(isbn).await?.unwrap_or(Statistic { isbn, loans: 0 })))
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
