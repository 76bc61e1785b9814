//! `lambda_http`, as its documentation shows it: on the default multi-thread runtime, or with `current-thread` on that.

use lambda_http::{Error, Request, RequestExt, Response, request::RequestContext, run, service_fn};
use skyloom_benches::NewOrder;

fn main() -> Result<(), Error> {
    let runtime = match std::env::var("BENCH_RUNTIME").as_deref() {
        Ok("current-thread") => tokio::runtime::Builder::new_current_thread().enable_all().build()?,
        _ => tokio::runtime::Builder::new_multi_thread().enable_all().build()?,
    };
    runtime.block_on(run(service_fn(place_order)))
}

async fn place_order(request: Request) -> Result<Response<String>, Error> {
    let context = request.request_context();
    let RequestContext::ApiGatewayV2(context) = context else { return Err("no HTTP API".into()) };
    let mut claims = context.authorizer.ok_or("no authorizer")?.jwt.ok_or("no token")?.claims;
    let order: NewOrder = serde_json::from_slice(request.body())?;
    let mut claim = |name| claims.remove(name).ok_or("no such claim");
    let placed = serde_json::to_string(&order.place(claim("sub")?, claim("email")?))?;
    Ok(Response::builder().status(201).header("content-type", "application/json").body(placed)?)
}
