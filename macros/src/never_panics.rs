//! A macro that panics tells the user nothing: whatever tokens they get, these answer.

use proc_macro2::{Group, TokenStream, TokenTree};
use proptest::{prelude::*, sample::Index};

/// Valid inputs, which are then damaged: attribute, item.
const SEEDS: [(&str, &str); 28] = [
    (
        r#"GET "/orders/{id}", auth = Shopper, scopes = ["a/b"], api = Shop"#,
        "async fn get(Path(id): Path<String>) -> Json<Order> { f(id) }",
    ),
    (
        r#"POST "/a/{b}/{c+}", auth = Public, memory = 256, timeout = "30s""#,
        "pub async fn post(p: Path<(String, u8)>, Json(b): Option<Json<B>>) {}",
    ),
    (
        r#"stream = Order, filter(new.status = "paid", event = ["insert"]), filter(old.n = -5), batch_size = 10, bisect"#,
        "async fn ship(change: Change<Order>, s: Write<Shipment>) -> Result<(), Error> { Ok(()) }",
    ),
    (
        r#"schedule = "rate(1 hour)", concurrency = 5, allow("s3:GetObject", "arn:aws:s3:::b/*"), environment("AB", "c"), tags(a = "b"),
           layers("arn:aws:lambda:r-a-1:1:layer:x:1"), log_retention = "30d", tracing = false, retries = 0, on_failure = function("f")"#,
        "/// Doc.\n #[cfg(test)] async fn report(_: Context) {}",
    ),
    (r#"authorizer, cache = "5m""#, "async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> { x }"),
    ("invoke", "async fn r#match(Json(x): Json<X>) -> Json<Y> { x }"),
    (
        r#"hook, timeout = "5m", deployment = linear("10%", "1m", before = a, after = b), provisioned_concurrency = 5"#,
        "async fn smoke_test(deployment: Deployment) -> Result<(), Error> { Ok(()) }",
    ),
    (r#"url, auth = Iam, cors(origins = ["*"]), timeout = "15m""#, "async fn export(body: Bytes) -> Streamed { x }"),
    (
        r#"websocket = "$connect", api = Chat, auth = Member"#,
        "async fn connect(member: Member, context: ConnectionContext) -> Result<(), Error> { Ok(()) }",
    ),
    (
        r#"websocket = "send", api = Chat"#,
        "async fn send(c: Connection, Json(l): Json<Line>) -> Json<Line> { Json(l) }",
    ),
    (
        r#"user_pool = Shopper, on = "pre-token-generation", timeout = "5s""#,
        "async fn claims(event: PreTokenGeneration<Shopper>) -> Result<TokensReply, Error> { x }",
    ),
    ("orders", "#[ignore] async fn test(mut app: Local) -> Result<(), Error> { Ok(()) }"),
    (
        "",
        r#"#[table(stream = "new-image", ttl = "t")] #[index(ByS, partition = "s", sort = "t")] #[index(ByT, local, sort = "t")]
           #[serde(rename_all = "camelCase")]
           pub struct Order { #[partition_key] id: String, #[sort_key] n: u64, #[serde(rename = "x", skip)] s: Option<S>, t: u64 }"#,
    ),
    ("", "#[serde(rename_all = \"lowercase\", tag = \"t\")] enum Status { Open, Paid(u8) }"),
    ("", "struct OrderId(String);"),
    (
        "",
        r#"#[table(discriminator = "kind", on_demand(max_reads = 5), tags(a = "b"))] #[index(Inverted, partition = "sk", sort = "pk")]
           #[index(ByDay, partition = "gsi1pk", sort = "gsi1sk")] pub struct Shop;"#,
    ),
    (
        "",
        r#"#[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{at}#{id:08}", name = "O")]
           #[index(ByDay, partition = "DAY#{at}", sort = "{id}")]
           pub struct Order { customer: String, at: String, id: u64, #[serde(default, alias = "n")] note: Option<Box<Note>> }"#,
    ),
    ("", "#[collection(index = ByDay)] pub enum CustomerItems { Customer(Customer), Order(shop::Order) }"),
    (
        "",
        "#[serde(rename_all = \"camelCase\")] pub struct Page<T: Clone> { lines: Vec<T>, #[serde(flatten)] rest: Rest }",
    ),
    ("", r#"#[user_pool(sign_in = "email", self_sign_up, groups = ["staff"])] pub struct Shopper { sub: String }"#),
    (
        "",
        r#"#[user_pool(domain = "acme", oauth(scopes = ["openid"], callbacks = ["https://a.example/"]))]
        #[resource_server(identifier = "orders", scopes = ["read"])]
        #[identity_provider(oidc, name = "Partner", issuer = "https://a.example", client_id = "a", client_secret = Key)]
        pub struct Shopper { sub: String }"#,
    ),
    ("", r#"#[client(pool = Shopper, flows = ["client-credentials"], scopes = ["orders/read"])] pub struct Nightly;"#),
    (
        "",
        r#"#[api(http, cors(origins = ["https://a.b"], methods = ["GET"], credentials, max_age = "1h"))] struct Shop;"#,
    ),
    ("", r#"#[secret(name = "a/b", generate(length = 5, punctuation))] /** Doc. */ struct Key(Box<str>);"#),
    ("", "#[secret(generate)] struct Database { user: String }"),
    (
        r#"GET "/a", auth = Shopper, throttle(rate = 1, burst = 2), cache = "60s", cache_key(header = "authorization", query = ["b"])"#,
        "async fn list() -> String { x }",
    ),
    (
        r#"authorizer, cache = "5m", identity(header = ["x-a"], query = "b", stage_variable = "c", context = "httpMethod")"#,
        "async fn partner(Header(h): Header<H>) -> Result<Policy<Partner>, Unauthorized> { x }",
    ),
    (
        "",
        r##"#[api(rest, throttle(rate = 1, burst = 2), cache_size = "0.5", gateway_response(throttled, status = 503, header("a", "b"),
           body = "é$context.requestId", content_type = "text/plain"))] struct Shop;"##,
    ),
];

/// What is put in somewhere.
const FRAGMENTS: [&str; 48] = [
    "auth = Public",
    "auth",
    "=",
    ",",
    ",,",
    ".",
    "-",
    "-1",
    "1.5e9",
    "99999999999999999999",
    "''",
    "'a",
    "\"\"",
    "\"*\"",
    "\"é\"",
    "\"/{\"",
    "b\"x\"",
    "c\"x\"",
    "'x'",
    "true",
    "[]",
    "[\"a\", 1]",
    "()",
    "{}",
    "(,)",
    "_",
    "r#type",
    "self",
    "&self",
    "crate",
    "impl Trait",
    "dyn Fn()",
    "&'a str",
    "T: 'static",
    "<>",
    "<T>",
    "...",
    "#[serde(",
    "#[partition_key]",
    "#[version]",
    "#[index]",
    "#[entity]",
    "\"{\"",
    "\"{a}{b:0}#\"",
    "async",
    "unsafe",
    "ŉ",
    "Path<>",
];

/// Where the tokens are damaged, and how.
#[derive(Clone, Debug)]
struct Damage {
    place: Index,
    fragment: Index,
    how: u8,
}

fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let one =
        (any::<Index>(), any::<Index>(), 0..4_u8).prop_map(|(place, fragment, how)| Damage { place, fragment, how });
    prop::collection::vec(one, 0..6)
}

/// Tokens that are no token stream, such as an open bracket, are none of a macro's business.
fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}

fn damaged(text: &str, damages: &[Damage]) -> TokenStream {
    damages.iter().fold(tokens(text), |stream, damage| {
        let count = count(&stream);
        let mut left = damage.place.index(count + 1);
        apply(stream, damage, &mut left)
    })
}

fn count(stream: &TokenStream) -> usize {
    stream
        .clone()
        .into_iter()
        .map(|tree| 1 + if let TokenTree::Group(group) = tree { count(&group.stream()) } else { 0 })
        .sum()
}

fn apply(stream: TokenStream, damage: &Damage, left: &mut usize) -> TokenStream {
    let mut result = TokenStream::new();
    for tree in stream {
        let here = *left == 0;
        *left = left.wrapping_sub(1);
        match (here, damage.how) {
            (true, 0) => {}
            (true, 1) => result.extend([tree.clone(), tree]),
            (true, 2) => result.extend(tokens(FRAGMENTS[damage.fragment.index(FRAGMENTS.len())])),
            (true, _) => {
                result.extend(tokens(FRAGMENTS[damage.fragment.index(FRAGMENTS.len())]));
                result.extend([tree]);
            }
            (false, _) => result.extend([inside(tree, damage, left)]),
        }
    }
    result
}

fn inside(tree: TokenTree, damage: &Damage, left: &mut usize) -> TokenTree {
    match tree {
        TokenTree::Group(group) => Group::new(group.delimiter(), apply(group.stream(), damage, left)).into(),
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_tokens_they_get(
        seed in 0..SEEDS.len(),
        item_of in prop::option::of(0..SEEDS.len()),
        attribute_damage in damage(),
        item_damage in damage(),
    ) {
        let attribute = damaged(SEEDS[seed].0, &attribute_damage);
        let item = damaged(SEEDS[item_of.unwrap_or(seed)].1, &item_damage);
        for expansion in [
            crate::handler::handler(attribute.clone(), item.clone()),
            crate::local_test::test(attribute.clone(), item.clone()),
        ] {
            prop_assert!(!expansion.is_empty() || item.is_empty());
        }
        crate::main_macro::main(attribute);
        crate::table::derive(item.clone());
        crate::entity::derive(item.clone());
        crate::collection::derive(item.clone());
        crate::key::derive(item.clone());
        crate::document::derive(item.clone());
        crate::user_pool::derive(item.clone());
        crate::oauth::derive_client(item.clone());
        crate::api::derive(item.clone());
        crate::route::derive(item.clone());
        crate::secret::derive(item);
    }

    #[test]
    fn an_attribute_macro_gives_the_function_back(seed in 0..SEEDS.len(), damages in damage()) {
        let attribute = damaged(SEEDS[seed].0, &damages);
        let item = tokens(SEEDS[seed].1);
        let expansion = crate::handler::handler(attribute, item.clone()).to_string();
        prop_assert!(expansion.starts_with(&item.to_string()));
    }
}
