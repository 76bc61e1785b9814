//! Functions with a URL of their own, and replies that are sent as they come.

use crate::{Auth, Cors, Function, Manifest, Trigger};

/// Lambda's own door knows two kinds of callers. <https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html>
pub(super) fn check(auth: &Auth, cors: Option<&Cors>, report: &mut impl FnMut(String)) {
    if !matches!(auth, Auth::Public | Auth::Iam) {
        report("a function's URL knows `auth = Public` and `auth = Iam`: for others write a route of an API, `GET \"/path\"`".into());
    }
    let Some(cors) = cors else { return };
    if cors.credentials && cors.origins.iter().any(|origin| origin == "*") {
        report("`credentials` cannot be allowed for the origin `*`: name the origins".into());
    }
    if cors.methods.iter().any(|method| method == "OPTIONS") {
        report("Lambda answers `OPTIONS` itself, so that `methods` cannot have it: leave it out".into());
    }
}

/// An HTTP API waits for the whole reply.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html>
pub(super) fn check_streaming(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    let Trigger::Http { api, .. } = &function.trigger else { return };
    if function.streaming && manifest.api(api).is_some_and(|api| api.rest().is_none()) {
        report(format!(
            "it returns `Streamed`, and `{api}` is an HTTP API, which sends no reply before it is whole: make it a \
             REST API, `#[api(rest)]`, or give the function a URL of its own, `#[handler(url, …)]`"
        ));
    }
}
