//! Requests that the API itself holds to what the arguments' types say.

use std::collections::HashMap;

use bytes::Bytes;
use serde_json::{Map, Value};
use skyloom_manifest::{Api, Manifest, Models, required_query};

use super::{event::RequestPart, refusal::Refusal};

/// What the requests of an API's routes have to have, by the name of the function.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html>
#[derive(Debug, Default)]
pub(super) struct Validation {
    models: Models,
    required: HashMap<String, Vec<String>>,
}

impl Validation {
    pub(super) fn new(manifest: &Manifest, api: &Api) -> Self {
        let required = manifest.routes(&api.name).filter_map(|route| {
            let mut names: Vec<String> =
                required_query(route.function.operation.as_deref()?).map(ToOwned::to_owned).collect();
            names.sort_unstable(); // in the order in which the refusal names them
            Some((route.function.name.clone(), names))
        });
        Self { required: required.collect(), models: Models::new(manifest, api, |function| function.name.clone()) }
    }

    /// The parameters first, as LocalStack's tests recorded on AWS: of a request that lacks both, only they are told.
    pub(super) fn check(&self, function: &str, request: &RequestPart, body: &Bytes) -> Result<(), Refusal> {
        let required = self.required.get(function).into_iter().flatten();
        let missing: Vec<String> = required.filter(|name| !request.has_query(name)).cloned().collect();
        if !missing.is_empty() {
            return Err(Refusal::MissingParameters(missing));
        }
        self.models.of_body(function).map_or(Ok(()), |model| self.hold(model, request, body))
    }

    /// A body of another type has no model, and is left to the function. No body counts as an empty object, and no type as JSON: so it
    /// was recorded on AWS, of a GET without either.
    fn hold(&self, model: &str, request: &RequestPart, body: &Bytes) -> Result<(), Refusal> {
        let essence = request.header("content-type").map(|it| it.split(';').next().unwrap_or_default().trim());
        if !essence.is_none_or(|essence| essence.eq_ignore_ascii_case("application/json")) {
            return Ok(());
        }
        let value = if body.is_empty() { Ok(Value::Object(Map::new())) } else { serde_json::from_slice(body) };
        let value = value.map_err(|_| Refusal::InvalidBody(Vec::new()))?;
        let reasons = self.models.mismatches(model, &value);
        if reasons.is_empty() { Ok(()) } else { Err(Refusal::InvalidBody(reasons)) }
    }
}
