//! What is on: the site, which everybody reads and bookers write.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use skyloom::{Api, Error, Json, Path, Public, Scan, Table, Write, handler};

use crate::people::Crew;

/// The site's API, for browsers.
#[derive(Debug, Api)]
#[api(
    http,
    default,
    cors(origins = ["https://blue-hall.example"], methods = ["GET", "POST", "PUT"], headers = ["authorization", "content-type"])
)]
pub struct Site;

/// An evening.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize, JsonSchema)]
pub struct Show {
    /// Its name in URLs.
    #[partition_key]
    pub id: String,
    /// Who plays.
    pub act: String,
    /// The day, as `2026-11-23`.
    pub day: String,
    /// What a seat costs.
    pub cents: u32,
    /// How many there are.
    pub seats: u32,
    /// How many of them are sold.
    #[serde(default)]
    pub sold: u32,
}

/// What a booker says of an evening.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub struct NewShow {
    /// Who plays.
    pub act: String,
    /// The day.
    pub day: String,
    /// What a seat costs.
    pub cents: u32,
    /// How many there are.
    pub seats: u32,
}

/// Lists what is on.
#[handler(GET "/shows", auth = Public)]
async fn list_shows(shows: Scan<Show>) -> Result<Json<Vec<Show>>, Error> {
    Ok(Json(by_day(shows.all().await?)))
}

/// Puts a show on the programme. One that is there already stays as it is, since there may be tickets of it.
#[handler(PUT "/shows/{show}", auth = Crew, groups = ["booker"])]
async fn book_show(Path(id): Path<String>, Json(new): Json<NewShow>, shows: Write<Show>) -> Result<Json<Show>, Error> {
    let NewShow { act, day, cents, seats } = new;
    let show = Show { id, act, day, cents, seats, sold: 0 };
    shows.put_new(&show).await?;
    Ok(Json(show))
}

/// The programme in its order.
#[must_use]
pub fn by_day(mut shows: Vec<Show>) -> Vec<Show> {
    shows.sort_by(|one, other| (&one.day, &one.id).cmp(&(&other.day, &other.id)));
    shows
}
