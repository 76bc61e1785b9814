//! Handlers and types may have any name: what the macros write does not get in their way.

mod skyloom {}
mod core {}
mod std {}

use ::skyloom::{Json, NoContent, Public, handler};

#[expect(dead_code)]
struct Option;
#[expect(dead_code)]
struct Result;
#[expect(dead_code)]
struct Box;
#[expect(dead_code, non_snake_case)]
fn Err() {}

#[handler(POST "/event", auth = Public)]
async fn event(Json(scope): Json<String>) -> NoContent {
    drop(scope);
    NoContent
}

#[handler(GET "/scope", auth = Public)]
async fn scope() -> NoContent {
    NoContent
}

#[handler(invoke)]
async fn payload(Json(argument_0): Json<u8>) -> Json<u8> {
    Json(argument_0)
}

#[handler(invoke)]
async fn reply() {}

#[handler(invoke)]
async fn r#match() {}

macro_rules! route {
    ($name:ident, $path:literal, $auth:ty) => {
        #[handler(GET $path, auth = $auth)]
        async fn $name() -> NoContent {
            NoContent
        }
    };
}

route!(made_by_a_macro, "/made", Public);

#[handler(invoke)]
#[cfg(any())]
async fn not_compiled(_: NoSuchType) {}
