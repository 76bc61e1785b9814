use http::{HeaderMap, header};
use skyloom_manifest::RestApi;

/// The media types that an API treats as binary.
///
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html>
#[derive(Clone, Debug)]
pub(super) struct BinaryMediaTypes(Vec<String>);

impl BinaryMediaTypes {
    pub(super) fn new(api: &RestApi) -> Self {
        Self(api.binary_media_types.clone())
    }

    /// Whether a body of that type is handed to the function in base64.
    pub(super) fn has(&self, content_type: Option<&str>) -> bool {
        let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        let sent = essence.split_once('/');
        self.0.iter().filter_map(|pattern| pattern.split_once('/')).any(|pattern| match (pattern, sent) {
            (("*", "*"), _) => true,
            ((wanted, "*"), Some((kind, _))) => wanted.eq_ignore_ascii_case(kind),
            ((wanted, exact), Some((kind, subtype))) => {
                wanted.eq_ignore_ascii_case(kind) && exact.eq_ignore_ascii_case(subtype)
            }
            (_, None) => false,
        })
    }

    /// Whether the caller gets the bytes of a reply in base64: only if the first type that it accepts is one of these.
    pub(super) fn wants(&self, headers: &HeaderMap) -> bool {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        self.has(accept.map(|list| list.split(',').next().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn images() -> BinaryMediaTypes {
        BinaryMediaTypes(vec!["image/*".into(), "application/pdf".into()])
    }

    fn all() -> BinaryMediaTypes {
        BinaryMediaTypes(vec!["*/*".into()])
    }

    #[test]
    fn a_pattern_has_types_and_subtypes() {
        assert!(images().has(Some("image/png")) && images().has(Some("Application/PDF; version=1")));
        assert!(!images().has(Some("application/json")) && !images().has(Some("image")) && !images().has(None));
        assert!(all().has(None) && all().has(Some("text/plain")));
    }

    #[test]
    fn the_first_type_that_the_caller_accepts_decides() {
        let wants = |accept: &'static str| {
            let headers = HeaderMap::from_iter([(header::ACCEPT, http::HeaderValue::from_static(accept))]);
            images().wants(&headers)
        };
        assert!(wants("image/webp,text/html;q=0.9") && wants("application/pdf;q=0.5"));
        assert!(!wants("text/html,image/webp") && !wants("*/*") && !images().wants(&HeaderMap::new()));
        assert!(all().wants(&HeaderMap::new()));
    }
}
