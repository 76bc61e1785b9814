//! How handlers document themselves for `cargo xtask openapi`.
//!
//! An argument says which parts of a request it reads, a reply with which status and content it answers, and a type that
//! derives [`JsonSchema`](schemars::JsonSchema) what its values look like, with its doc comments. `schemars = "1"` is a
//! dependency of your own for that, as `serde` is:
//!
//! ```
//! use schemars::JsonSchema;
//! use serde::{Deserialize, Serialize};
//! use skyloom::{Created, Json, Public, handler};
//!
//! /// What is sent to write a note.
//! #[derive(Deserialize, JsonSchema)]
//! struct NewNote {
//!     /// What it says.
//!     text: String,
//! }
//!
//! # #[derive(Serialize, JsonSchema)]
//! # struct Note { text: String }
//! /// Writes a note.
//! #[handler(POST "/notes", auth = Public)]
//! async fn write(Json(new): Json<NewNote>) -> Created<Json<Note>> {
//!     Created(Json(Note { text: new.text }))
//! }
//! # fn main() {}
//! ```
//!
//! No type has to: without `JsonSchema` a body or a reply is in the document without a schema, and `cargo xtask openapi` names
//! the type. Arguments and replies of your own may implement [`DescribeArgument`] and [`DescribeReply`].
//!
//! All this is in binaries with debug assertions only, which is what `cargo xtask` builds to ask for the manifest. A release
//! build has none of it: no schema is compiled into the function that Lambda starts, and its manifest has no operations. Where
//! `[profile.dev]` switches `debug-assertions` off, the commands say so.

mod argument;
mod parameters;
#[doc(hidden)]
pub mod probe;
mod reply;
mod schemas;
#[cfg(test)]
mod tests;
mod types;

pub use self::{
    argument::{DescribeArgument, Request},
    reply::{DescribeReply, Replies},
    schemas::TypeSchema,
};
pub(crate) use self::{probe::Describer, schemas::Schemas};
