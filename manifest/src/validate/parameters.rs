//! What only functions behind an HTTP API say, and the variables of stages.

use crate::{
    Function, Manifest, Trigger,
    rules::{self, Change},
};

pub(super) fn check(manifest: &Manifest, function: &Function, report: &mut impl FnMut(String)) {
    let http = &function.options.http;
    if http == &crate::HttpOptions::default() {
        return;
    }
    let api = match &function.trigger {
        Trigger::Http { api, .. } => manifest.api(api),
        _ => return report("`payload`, `request` and `response` are of routes".into()),
    };
    if api.is_some_and(|api| api.rest().is_some()) {
        report(
            "`payload`, `request` and `response` are of HTTP APIs, and its API is a REST API: leave them out".into(),
        );
    }
    for (key, value) in &http.parameters.request {
        Change::of_request(key, value).map(drop).unwrap_or_else(&mut *report);
    }
    for (status, changes) in &http.parameters.response {
        rules::check_range("the status", (*status).into(), &rules::ANSWER_STATUS, "").unwrap_or_else(&mut *report);
        for (key, value) in changes {
            Change::of_response(key, value).map(drop).unwrap_or_else(&mut *report);
        }
    }
}
