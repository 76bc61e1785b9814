use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde::Deserialize;
use serde_json::value::RawValue;
use skyloom_manifest::bridge::FunctionError;

use crate::{
    Rejection,
    http::{EventText, decode, event_lists, event_pairs},
};

/// What API Gateway delivers of a connection. What no argument asks for stays undecoded JSON.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html>
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocketEvent<'a> {
    #[serde(borrow)]
    pub(crate) request_context: &'a RawValue,
    #[serde(borrow, default)]
    headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    multi_value_headers: Option<&'a RawValue>,
    #[serde(borrow, default)]
    query_string_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    multi_value_query_string_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    stage_variables: Option<&'a RawValue>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// Names and values, a name as often as it has values.
pub(super) type Values<'a> = Vec<(Cow<'a, str>, Cow<'a, str>)>;

/// Reads the event.
pub fn open(payload: &[u8]) -> Result<SocketEvent<'_>, FunctionError> {
    serde_json::from_slice(payload).map_err(|error| FunctionError {
        error_type: "InvalidEvent".into(),
        error_message: format!("the event is not one of a WebSocket API: {error}"),
    })
}

impl<'a> SocketEvent<'a> {
    /// The headers of the request that the connection began with; of a message there are none.
    pub(super) fn header_pairs(&self) -> Result<Values<'a>, Rejection> {
        values(self.multi_value_headers, self.headers)
    }

    /// The parameters of the query string that the connection began with.
    pub(super) fn query_pairs(&self) -> Result<Values<'a>, Rejection> {
        values(self.multi_value_query_string_parameters, self.query_string_parameters)
    }

    /// What the stage has for its functions.
    pub(super) fn stage_variables(&self) -> Result<Values<'a>, Rejection> {
        self.stage_variables.map_or_else(|| Ok(Vec::new()), event_pairs)
    }

    /// The message; empty if there is none.
    pub(super) fn message(&self) -> Result<Cow<'a, [u8]>, Rejection> {
        let Some(raw) = self.body else { return Ok(Cow::Borrowed(&[])) };
        let text = decode::<Option<EventText<'a>>>(raw)?.map_or(Cow::Borrowed(""), |text| text.0);
        if self.is_base64_encoded {
            let bytes = BASE64.decode(text.as_bytes());
            return bytes.map(Cow::Owned).map_err(|_| Rejection::Internal("the event's body is no base64".into()));
        }
        Ok(match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    }

    /// What the authorizer said when the connection began. API Gateway sends it with all that comes later, too.
    pub(crate) fn authorizer(&self) -> Result<Option<&'a RawValue>, Rejection> {
        #[derive(Deserialize)]
        struct RequestContext<'a> {
            #[serde(borrow, default)]
            authorizer: Option<&'a RawValue>,
        }
        decode::<RequestContext<'a>>(self.request_context).map(|context| context.authorizer)
    }
}

/// From a map to lists, or from the older one to single values.
fn values<'a>(all: Option<&'a RawValue>, last: Option<&'a RawValue>) -> Result<Values<'a>, Rejection> {
    match (all, last) {
        (Some(all), _) => {
            let lists = event_lists(all)?.into_iter();
            Ok(lists.flat_map(|(name, all)| all.into_iter().map(move |value| (name.clone(), value))).collect())
        }
        (None, Some(last)) => event_pairs(last),
        (None, None) => Ok(Vec::new()),
    }
}
