//! `lambda_runtime` with typed events, on a current-thread runtime.

use std::collections::HashMap;

use aws_lambda_events::{
    apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse},
    encodings::Body,
};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use skyloom_benches::NewOrder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(place_order)).await
}

async fn place_order(event: LambdaEvent<ApiGatewayV2httpRequest>) -> Result<ApiGatewayV2httpResponse, Error> {
    let request = event.payload;
    let authorizer = request.request_context.authorizer.ok_or("no authorizer")?;
    let mut claims: HashMap<String, String> = authorizer.jwt.ok_or("no token")?.claims;
    let order: NewOrder = serde_json::from_str(request.body.as_deref().unwrap_or_default())?;
    let mut claim = |name| claims.remove(name).ok_or("no such claim");
    let placed = serde_json::to_string(&order.place(claim("sub")?, claim("email")?))?;
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = 201;
    response.headers.insert("content-type", "application/json".parse()?);
    response.body = Some(Body::Text(placed));
    Ok(response)
}
