//! What a request says arrives, and what a handler returns is the reply.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use skyloom::{
    Bytes, Created, Error, Form, Header, HeaderName, HeaderValue, Html, Json, NoContent, Path, Public, Query,
    Rejection, RequestContext, Response, StatusCode, handler,
};
use skyloom_local::{Local, Reply};

#[derive(Serialize, Deserialize)]
struct Search {
    #[serde(default)]
    tag: Vec<String>,
    page: Option<u32>,
}

#[handler(GET "/search", auth = Public)]
async fn search(Query(search): Query<Search>) -> Json<Search> {
    Json(search)
}

#[handler(GET "/optional", auth = Public)]
async fn optional(search: Option<Query<Search>>) -> String {
    search.map_or_else(|| "none".into(), |Query(search)| format!("{:?}", search.page))
}

#[handler(POST "/result", auth = Public)]
async fn result(search: Result<Json<Search>, Rejection>) -> String {
    match search {
        Ok(Json(search)) => format!("{:?}", search.page),
        Err(Rejection::Missing(_)) => "missing".into(),
        Err(Rejection::UnsupportedMediaType(_)) => "unsupported".into(),
        Err(error) => format!("refused: {error}"),
    }
}

#[handler(GET "/people/{name}/visits/{count}", auth = Public)]
async fn visits(Path((name, count)): Path<(String, i8)>) -> String {
    format!("{name} {count}")
}

#[handler(GET "/files/{rest+}", auth = Public)]
async fn files(Path(rest): Path<String>) -> String {
    rest
}

#[derive(Deserialize)]
struct Headers {
    if_match: Option<String>,
    #[serde(rename = "x-numbers", default)]
    numbers: Vec<u8>,
}

#[handler(GET "/headers", auth = Public)]
async fn headers(Header(headers): Header<Headers>, request: RequestContext) -> String {
    format!("{:?} {:?} {:?} {:?}", headers.if_match, headers.numbers, request.cookies(), request.cookie("b"))
}

#[handler(POST "/form", auth = Public)]
async fn form(Form(fields): Form<BTreeMap<String, String>>) -> Json<BTreeMap<String, String>> {
    Json(fields)
}

#[handler(POST "/echo", auth = Public)]
async fn echo(body: Bytes) -> Bytes {
    body
}

#[handler(GET "/cookies", auth = Public)]
async fn cookies() -> Response {
    let mut response = Response::new(StatusCode::OK, "");
    for cookie in ["a=1; Path=/", "b=2; HttpOnly"] {
        response.append_header(HeaderName::from_static("set-cookie"), HeaderValue::from_static(cookie));
    }
    response.append_header(HeaderName::from_static("vary"), HeaderValue::from_static("origin"));
    response.append_header(HeaderName::from_static("vary"), HeaderValue::from_static("accept"));
    response
}

#[handler(GET "/replies/{kind}", auth = Public)]
async fn replies(Path(kind): Path<String>) -> Result<Response, Error> {
    use skyloom::Reply;
    match kind.as_str() {
        "created" => Created(Json("caf\u{e9}")).into_response(),
        "nothing" => NoContent.into_response(),
        "teapot" => (StatusCode::IM_A_TEAPOT, "short and stout").into_response(),
        "page" => Html("<p>\u{1f600}</p>").into_response(),
        "zipped" => http::Response::builder()
            .header("content-encoding", "gzip")
            .body("not really zipped")
            .map_err(Error::internal)?
            .into_response(),
        _ => Err(Error::not_found("no such reply")),
    }
}

async fn get(app: &Local, path: &str) -> String {
    app.get(path).send().await.expect(200).text()
}

#[skyloom_local::test]
async fn a_parameter_given_several_times_is_a_list(app: Local) {
    assert_eq!(get(&app, "/search?tag=a&page=2&tag=b%2Cc&tag=").await, r#"{"tag":["a","b,c",""],"page":2}"#);
    assert_eq!(get(&app, "/search?tag=%E2%98%95+%2B").await, r#"{"tag":["☕ +"],"page":null}"#);
    assert_eq!(get(&app, "/search").await, r#"{"tag":[],"page":null}"#);
    let refused = app.get("/search?page=two").send().await.expect(400);
    assert!(refused.text().contains("the query string does not fit"), "{}", refused.text());
}

#[skyloom_local::test]
async fn an_optional_argument_is_none_where_there_is_nothing_and_refused_where_it_does_not_fit(app: Local) {
    assert_eq!(get(&app, "/optional?page=7").await, "Some(7)");
    app.get("/optional?page=x").send().await.expect(400);
}

#[skyloom_local::test]
async fn a_handler_may_take_the_refusal_itself(app: Local) {
    let post = |body: &'static str, kind: &'static str| app.post("/result").content(kind, body).send();
    assert_eq!(post(r#"{"page":1}"#, "application/json").await.expect(200).text(), "Some(1)");
    assert_eq!(post("", "application/json").await.expect(200).text(), "missing");
    assert_eq!(post("page=1", "text/csv").await.expect(200).text(), "unsupported");
    let refused = post(r#"{"page":"x"}"#, "application/vnd.api+json").await.expect(200).text();
    assert!(refused.starts_with("refused: ") && refused.contains("page"), "{refused}");
}

#[skyloom_local::test]
async fn a_path_is_decoded_once(app: Local) {
    assert_eq!(get(&app, "/people/%E5%B1%B1%20%F0%9F%98%80/visits/-3").await, "山 😀 -3");
    assert_eq!(get(&app, "/people/a+b%2525/visits/0").await, "a+b%25 0");
    assert_eq!(get(&app, "/files/a/b%20c/%C3%A9.txt").await, "a/b c/é.txt");
    let refused = app.get("/people/ann/visits/many").send().await.expect(400);
    assert!(refused.text().contains("`many` is not a whole number"), "{}", refused.text());
    app.get("/people/%FF/visits/1").send().await.expect(400);
}

#[skyloom_local::test]
async fn headers_and_cookies_are_read(app: Local) {
    let request = app.get("/headers").header("If-Match", "\"v1\"").header("cookie", "a=1; b=two words; c=");
    let request = request.header("x-numbers", "1,2").header("x-numbers", "3");
    let expected = r#"Some("\"v1\"") [1, 2, 3] ["a=1", "b=two words", "c="] Some("two words")"#;
    assert_eq!(request.send().await.expect(200).text(), expected);
}

#[skyloom_local::test]
async fn a_form_is_read(app: Local) {
    let post = app.post("/form").content("application/x-www-form-urlencoded; charset=utf-8", "a=1+2&%C3%A9=%26");
    assert_eq!(post.send().await.expect(200).text(), r#"{"a":"1 2","é":"&"}"#);
    app.post("/form").content("text/plain", "a=1").send().await.expect(415);
}

#[skyloom_local::test]
async fn a_body_is_the_same_bytes_whatever_its_type(app: Local) {
    let every_byte: Vec<u8> = (0..=255).cycle().take(700_000).collect();
    let text = "\u{e9}\u{1f600}\"\\\0".repeat(50_000).into_bytes();
    for body in [every_byte, text, Vec::new()] {
        for kind in ["application/octet-stream", "text/plain", "application/json"] {
            let reply = app.post("/echo").content(kind, body.clone()).send().await.expect(200);
            assert!(*reply.bytes() == body, "{} bytes of {kind} came back as {}", body.len(), reply.bytes().len());
        }
    }
}

#[skyloom_local::test]
async fn each_cookie_is_a_header_and_other_headers_are_joined(app: Local) {
    let reply = app.get("/cookies").send().await.expect(200);
    let cookies: Vec<_> = reply.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1; Path=/", "b=2; HttpOnly"]);
    assert_eq!(reply.header("vary"), Some("origin,accept"));
}

fn described(reply: &Reply) -> String {
    format!("{} {:?} {}", reply.status().as_u16(), reply.header("content-type"), reply.text())
}

#[skyloom_local::test]
async fn each_kind_of_reply_has_its_status_and_type(app: Local) {
    for (kind, expected) in [
        ("created", r#"201 Some("application/json") "café""#),
        ("nothing", r#"204 Some("text/plain; charset=utf-8") "#),
        ("teapot", r#"418 Some("text/plain; charset=utf-8") short and stout"#),
        ("page", r#"200 Some("text/html; charset=utf-8") <p>😀</p>"#),
        ("zipped", r#"200 Some("text/plain; charset=utf-8") not really zipped"#),
    ] {
        assert_eq!(described(&app.get(&format!("/replies/{kind}")).send().await), expected, "{kind}");
    }
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    detail: String,
    #[serde(rename = "requestId")]
    request_id: String,
}

#[skyloom_local::test]
async fn an_error_is_a_problem_document_with_the_request_s_id(app: Local) {
    let reply = app.get("/replies/unknown").send().await.expect(404);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    let problem: Problem = reply.json();
    assert_eq!((&*problem.kind, &*problem.title, problem.status), ("about:blank", "Not Found", 404));
    assert_eq!(problem.detail, "no such reply");
    assert!(!problem.request_id.is_empty());
}
