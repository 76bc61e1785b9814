//! What the library has: for everyone to see, for librarians to change.

use schemars::JsonSchema;
use serde::Deserialize;
use skyloom::{
    Created, Error, Form, Header, HeaderName, HeaderValue, Html, Json, Path, Public, Query, Read, ReadIndex,
    Reply as _, Response, StatusCode, Write, handler, tracing,
};

use crate::model::{Branch, ByBranch, Library, Member, NewVolume, Volume};

/// Adds a copy.
#[handler(POST "/volumes", auth = Member, groups = ["librarian"], api = Library)]
async fn add_volume(Json(new): Json<NewVolume>, volumes: Write<Volume>) -> Result<Created<Json<Volume>>, Error> {
    let NewVolume { isbn, number, title, branch } = new;
    let volume = Volume { isbn, number, title, branch, borrower: None, due: None };
    volumes.put_new(&volume).await?;
    Ok(Created(Json(volume)))
}

#[derive(Deserialize, JsonSchema)]
struct Wanted {
    /// Only copies of these houses; of all if there is none.
    #[serde(default)]
    branch: Vec<Branch>,
    /// Only those that are there, or only those that are lent.
    available: Option<bool>,
}

/// Lists the copies of a book, in the order of their houses; only those of some houses, or that are there, if asked so.
#[handler(GET "/books/{isbn}/volumes", auth = Public)]
async fn list_volumes(
    Path(isbn): Path<u64>,
    Query(wanted): Query<Wanted>,
    by_branch: ReadIndex<ByBranch>,
) -> Result<Json<Vec<Volume>>, Error> {
    let mut volumes = by_branch.query(isbn).all().await?;
    volumes.retain(|it| wanted.branch.is_empty() || wanted.branch.contains(&it.branch));
    volumes.retain(|it| wanted.available.is_none_or(|available| it.borrower.is_none() == available));
    Ok(Json(volumes))
}

#[derive(Deserialize, JsonSchema)]
struct Caching {
    /// The tag that the caller has already.
    if_none_match: Option<String>,
}

/// Reads a copy. A caller that has it already is told so.
#[handler(GET "/books/{isbn}/volumes/{number}", auth = Public)]
async fn get_volume(
    Path(key): Path<(u64, u64)>,
    Header(caching): Header<Caching>,
    volumes: Read<Volume>,
) -> Result<Response, Error> {
    let volume = volumes.get(key).await?.ok_or_else(|| Error::not_found("no such volume"))?;
    let tag = format!("\"{}\"", volume.due.unwrap_or_default());
    let mut response = if caching.if_none_match.as_deref() == Some(&tag) {
        StatusCode::NOT_MODIFIED.into_response()?
    } else {
        Json(volume).into_response()?
    };
    let tag = HeaderValue::from_str(&tag).map_err(Error::internal)?;
    response.set_header(HeaderName::from_static("etag"), tag);
    Ok(response)
}

/// A picture of a colour for each book, until there are real covers.
#[handler(GET "/books/{isbn}/cover.gif", auth = Public)]
async fn cover(Path(isbn): Path<u64>) -> Response {
    let [.., red, green, blue] = isbn.to_be_bytes();
    let mut gif = b"GIF89a\x01\0\x01\0\x80\0\0".to_vec();
    gif.extend([red, green, blue]);
    gif.extend(b"\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;");
    let mut response = Response::new(StatusCode::OK, gif);
    response.set_header(HeaderName::from_static("content-type"), HeaderValue::from_static("image/gif"));
    response
}

#[derive(Deserialize, JsonSchema)]
struct Suggestion {
    /// What they would like to read.
    title: String,
    /// Why.
    #[serde(default)]
    reason: Vec<String>,
}

/// Takes what visitors would like to read, from a form on a page.
#[handler(POST "/suggestions", auth = Public)]
async fn suggest(Form(suggestion): Form<Suggestion>) -> Html<&'static str> {
    tracing::info!(title = suggestion.title, reasons = suggestion.reason.len(), "suggested");
    Html("<p>Thank you!</p>")
}
