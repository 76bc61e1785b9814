//! The pages: plain HTML without a script, so that nothing of a request can become one.

use std::{fmt::Write as _, sync::LazyLock};

use aws_lc_rs::digest::{self, SHA256};
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{Response, StatusCode};

use super::{Call, browser, parameters::Parameters, reply};
use crate::cognito::Context;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#16191f;margin:0}\
main{max-width:22rem;margin:8vh auto;padding:2rem;background:#fff;border-radius:.5rem;box-shadow:0 1px 4px #0003}\
h1{font-size:1.4rem;margin:0 0 1rem}label{display:block;margin:.8rem 0 .2rem}\
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #687078;border-radius:.25rem}\
button{font:inherit;width:100%;margin-top:1.2rem;padding:.6rem;border:0;border-radius:.25rem;background:#0b5cad;color:#fff}\
code{overflow-wrap:anywhere}[role=alert]{color:#a61b1b;border-left:4px solid;padding-left:.6rem}a{color:#0b5cad}";

/// Nothing is loaded or run, and no other page may frame it. Where a form leads is left open: browsers ask it of redirects, too.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(digest::digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'")
});

/// A page of a domain, as it is written.
pub(super) struct Page<'a> {
    call: &'a Call<'a>,
    /// What goes along, `client_id=…&…`.
    query: String,
    /// What each form repeats, and whether the browser has to be told.
    token: (String, bool),
    title: &'static str,
    body: String,
}

/// A field of a form.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: &'a str,
    pub(super) kind: &'static str,
    pub(super) autocomplete: &'static str,
    pub(super) value: &'a str,
}

impl<'a> Field<'a> {
    pub(super) fn hidden(name: &'a str, value: &'a str) -> Self {
        Self { name, label: "", kind: "hidden", autocomplete: "off", value }
    }

    pub(super) fn password(name: &'a str, label: &'a str, autocomplete: &'static str) -> Self {
        Self { name, label, kind: "password", autocomplete, value: "" }
    }

    pub(super) fn text(name: &'a str, label: &'a str, autocomplete: &'static str, value: &'a str) -> Self {
        Self { name, label, kind: "text", autocomplete, value }
    }

    /// One of an attribute, with what was written there before.
    pub(super) fn attribute((name, label): &'a (String, String), form: &'a Parameters) -> Self {
        let kind = if name.ends_with(".birthdate") { "date" } else { "text" };
        Self { name, label, kind, autocomplete: "on", value: form.get(name).unwrap_or_default() }
    }

    fn html(&self) -> String {
        let Self { name, label, kind, autocomplete, value } = self;
        let (name, value) = (escape(name), escape(value));
        if *kind == "hidden" {
            return format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n");
        }
        format!(
            "<label for=\"{name}\">{}</label>\n<input id=\"{name}\" name=\"{name}\" type=\"{kind}\" autocomplete=\"{autocomplete}\" value=\"{value}\" required>\n",
            escape(label)
        )
    }
}

/// What the name of a field for an attribute begins with.
pub(super) const ATTRIBUTE: &str = "userAttributes.";

/// The fields for attributes that everyone has to have: their names and labels.
pub(super) fn of_attributes<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<(String, String)> {
    let label = |name: &str| {
        let words = name.replace('_', " ");
        let mut letters = words.chars();
        letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
    };
    names.into_iter().map(|name| (format!("{ATTRIBUTE}{name}"), label(name))).collect()
}

impl<'a> Page<'a> {
    pub(super) fn new(call: &'a Call<'a>, context: &Context<'_>, query: &str, title: &'static str) -> Self {
        let token = browser::form_token(call, context.random);
        Self { call, query: query.into(), token, title, body: format!("<h1>{}</h1>\n", escape(title)) }
    }

    /// What went wrong, if something did.
    pub(super) fn alert(mut self, text: Option<&str>) -> Self {
        if let Some(text) = text {
            let _ = writeln!(self.body, "<p role=\"alert\">{}</p>", escape(text)); // a string takes everything
        }
        self
    }

    pub(super) fn note(mut self, text: &str) -> Self {
        let _ = writeln!(self.body, "<p role=\"status\">{}</p>", escape(text));
        self
    }

    /// A secret to write down, and where an app on this device takes it.
    pub(super) fn secret(mut self, address: &str, secret: &str) -> Self {
        let (address, secret) = (escape(address), escape(secret));
        let _ = writeln!(self.body, "<p><code>{secret}</code></p>\n<p><a href=\"{address}\">Open in an app</a></p>");
        self
    }

    pub(super) fn form(mut self, path: &str, button: &str, fields: &[Field<'_>]) -> Self {
        let action = escape(&self.url(path, ""));
        let fields: String = fields.iter().map(Field::html).collect();
        let token = Field::hidden(browser::FIELD, &self.token.0).html();
        let _ = writeln!(
            self.body,
            "<form method=\"post\" action=\"{action}\">\n{token}{fields}<button type=\"submit\">{}</button>\n</form>",
            escape(button)
        );
        self
    }

    pub(super) fn link(mut self, path: &str, more: &str, text: &str) -> Self {
        let _ = writeln!(self.body, "<p><a href=\"{}\">{}</a></p>", escape(&self.url(path, more)), escape(text));
        self
    }

    fn url(&self, path: &str, more: &str) -> String {
        format!("{}{path}?{}{more}", self.call.address.root, self.query)
    }

    pub(super) fn answer(self, status: StatusCode) -> Response<Bytes> {
        let mut response = document(status, self.title, &self.body);
        if let (token, true) = &self.token {
            browser::remember_form_token(&mut response, self.call, token);
        }
        response
    }
}

/// A page for what has no way back to the client.
pub(super) fn error(code: &str, explanation: &str, status: u16) -> Response<Bytes> {
    let body = format!(
        "<h1>Something went wrong</h1>\n<p role=\"alert\">{}</p>\n<p><code>{}</code></p>\n",
        escape(explanation),
        escape(code)
    );
    document(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), "Something went wrong", &body)
}

/// `GET /error`
pub(super) fn shown_error(parameters: &Parameters) -> Response<Bytes> {
    let (code, explanation) = match parameters.get("error") {
        Some("redirect_mismatch") => (
            "redirect_mismatch",
            "The client has not registered this `redirect_uri`: it has to be in its `callbacks`, letter by letter.",
        ),
        Some("invalid_client") => {
            ("invalid_client", "The pool has no client of this `client_id` that uses the sign-in page.")
        }
        Some("logout_mismatch") => (
            "logout_mismatch",
            "The client has not registered this `logout_uri`: it has to be in its `logouts`, letter by letter.",
        ),
        _ => ("invalid_request", "The request cannot be answered."),
    };
    error(code, explanation, 400)
}

fn document(status: StatusCode, title: &str, body: &str) -> Response<Bytes> {
    let text = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(title)
    );
    reply::html(status, text, &POLICY)
}

/// Text as HTML has it, in an element or in an attribute's quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
