//! Refusals in the API's own words.

use std::collections::HashMap;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::Value;
use skyloom_manifest::{
    GatewayResponse, ResponseType, RestApi,
    rules::{TemplatePart, template_parts},
};

/// What an API answers in place of what is usual.
///
/// A response that is said for an occasion is all that counts there: it takes nothing from what is said for the class of its status.
/// So LocalStack's tests recorded it on AWS.
#[derive(Debug)]
pub(super) struct GatewayResponses(HashMap<ResponseType, GatewayResponse>);

impl GatewayResponses {
    pub(super) fn new(api: &RestApi) -> Self {
        Self(api.gateway_responses.iter().map(|response| (response.response, response.clone())).collect())
    }

    /// Writes a refusal anew. `context` says what a variable of `$context.` stands for; the error's own are known here.
    pub(super) fn apply(
        &self,
        occasion: ResponseType,
        refusal: &mut Response<Bytes>,
        context: impl Fn(&str) -> Option<String>,
    ) {
        let Some(response) = self.0.get(&occasion).or_else(|| self.0.get(&occasion.general())) else { return };
        if let Some(body) = &response.body {
            let message = message(refusal.body());
            let of_error = |name: &str| error_variable(name, &message, occasion);
            let text = rendered(body, |name| of_error(name).or_else(|| context(name)));
            *refusal.body_mut() = text.into();
            if let Ok(media_type) = HeaderValue::from_str(response.media_type()) {
                refusal.headers_mut().insert(header::CONTENT_TYPE, media_type);
            }
        }
        if let Some(status) = response.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            *refusal.status_mut() = status;
        }
        for (name, value) in &response.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_str()), HeaderValue::from_str(value)) {
                refusal.headers_mut().insert(name, value);
            }
        }
    }
}

/// What the usual body says; `null` of an authorizer that failed.
fn message(body: &[u8]) -> Value {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    ["message", "Message"].into_iter().map(|name| body[name].clone()).find(|it| !it.is_null()).unwrap_or_default()
}

fn error_variable(name: &str, message: &Value, occasion: ResponseType) -> Option<String> {
    match name {
        "error.messageString" => Some(message.to_string()),
        "error.message" => Some(message.as_str().unwrap_or("null").to_owned()),
        "error.responseType" => Some(occasion.as_str().to_owned()),
        _ => None,
    }
}

/// A variable of which nothing is known is empty.
fn rendered(body: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let parts = template_parts(body).unwrap_or_default();
    let text = |part| match part {
        TemplatePart::Text(text) => text.to_owned(),
        TemplatePart::Context(name) => known(name).unwrap_or_default(),
    };
    parts.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::gateway::{rest::refusal::Refusal, tests::show};

    fn response(response: ResponseType) -> GatewayResponse {
        let headers = BTreeMap::from([("x-shop".to_owned(), "1".to_owned())]);
        let body = Some(
            r#"{"title":$context.error.messageString,"type":"$context.error.responseType","at":"$context.stage","$context.apiId"}"#
                .to_owned(),
        );
        GatewayResponse { response, status: Some(499), headers, body, content_type: None }
    }

    fn check(responses: Vec<GatewayResponse>, refusal: &Refusal, expected: Expect) {
        let api = RestApi { gateway_responses: responses, ..RestApi::default() };
        let mut answer = refusal.response();
        let occasion = refusal.response_type().unwrap();
        let context = |name: &str| (name == "stage").then(|| "default".to_owned());
        GatewayResponses::new(&api).apply(occasion, &mut answer, context);
        expected.assert_eq(&show(&answer));
    }

    #[test]
    fn a_refusal_is_written_anew_with_what_is_known() {
        check(
            vec![response(ResponseType::Throttled)],
            &Refusal::Throttled,
            expect![[r#"
            499
            content-type: application/json
            x-amzn-errortype: TooManyRequestsException
            x-shop: 1
            {"title":"Too Many Requests","type":"THROTTLED","at":"default",""}"#]],
        );
    }

    #[test]
    fn the_class_of_the_status_speaks_for_what_says_nothing_itself() {
        check(
            vec![response(ResponseType::Default4xx)],
            &Refusal::Unauthorized,
            expect![[r#"
            499
            content-type: application/json
            x-amzn-errortype: UnauthorizedException
            x-shop: 1
            {"title":"Unauthorized","type":"UNAUTHORIZED","at":"default",""}"#]],
        );
        check(
            vec![response(ResponseType::Default5xx)],
            &Refusal::Unauthorized,
            expect![[r#"
            401
            content-type: application/json
            x-amzn-errortype: UnauthorizedException
            {"message":"Unauthorized"}"#]],
        );
        let only_status = GatewayResponse {
            status: None,
            body: None,
            headers: BTreeMap::from([("a".into(), "b".into())]),
            ..response(ResponseType::Unauthorized)
        };
        check(
            vec![response(ResponseType::Default4xx), only_status],
            &Refusal::Unauthorized,
            expect![[r#"
            401
            content-type: application/json
            x-amzn-errortype: UnauthorizedException
            a: b
            {"message":"Unauthorized"}"#]],
        );
    }
}
