//! The attribute and derive macros of Skyloom, which `skyloom` and `skyloom-local` re-export.
//!
//! Each macro is a folder: its syntax (`parse`), its rules (`model`) and what it writes (`expand`). A macro writes only
//! names of `skyloom::__private`, where the logic is, and keeps what the user wrote as it is.

mod api;
mod collection;
mod cors;
mod docs;
mod document;
mod duration;
mod entity;
mod errors;
mod handler;
mod identity_pool;
mod item;
mod key;
mod local_test;
mod main_macro;
mod names;
#[cfg(test)]
mod never_panics;
mod oauth;
mod pairs;
mod principal;
mod registration;
mod route;
mod secret;
mod serde_names;
mod setting;
mod settings;
#[cfg(test)]
mod snapshot;
mod spans;
mod table;
mod tags;
mod throttle;
mod types;
mod user_pool;

use proc_macro::TokenStream;

/// Makes an async function a Lambda function: `#[handler(TRIGGER, options…)]`.
///
/// Its doc comment becomes the function's description, its arguments become its permissions, and its name is its name
/// in the cloud.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::*;
/// # #[derive(Table, Serialize, Deserialize)]
/// # #[table(stream = "new-and-old-images")]
/// # pub struct Order { #[partition_key] id: String, status: String }
/// # #[derive(Deserialize, Serialize)] pub struct Input { by: u32 }
/// # #[derive(Deserialize, Serialize)] pub struct Partner { name: String }
/// /// Reads an order.
/// #[handler(GET "/orders/{id}", auth = Public)]
/// async fn get_order(Path(id): Path<String>, orders: Read<Order>) -> Result<Json<Order>, Error> {
///     orders.get(&id).await?.map(Json).ok_or_else(|| Error::not_found("no such order"))
/// }
///
/// /// Runs for each order that is paid.
/// #[handler(stream = Order, filter(new.status = "paid"), batch_size = 10)]
/// async fn ship(change: Change<Order>) -> Result<(), Error> {
///     # let _ = change;
///     Ok(())
/// }
///
/// /// Runs each hour.
/// #[handler(schedule = "rate(1 hour)", memory = 512, timeout = "5m")]
/// async fn report(orders: Scan<Order>) -> Result<(), Error> {
///     # let _ = orders;
///     Ok(())
/// }
///
/// /// Is called by its name.
/// #[handler(invoke)]
/// async fn add(Json(input): Json<Input>) -> Json<u32> {
///     Json(input.by + 1)
/// }
///
/// /// Says who calls. Routes name the type that it makes, `auth = Partner`.
/// #[handler(authorizer, cache = "5m")]
/// async fn partner(token: BearerToken) -> Result<Partner, Unauthorized> {
///     # let _ = token;
///     Err(Unauthorized::new())
/// }
/// ```
///
/// # Options of every handler
///
/// | Option | Default | |
/// |---|---|---|
/// | `memory = 512` | 256 | MB, [128 to 10,240][lambda] |
/// | `timeout = "30s"` | 60 s; 30 s for a route (29 s of a REST API), 10 s for an authorizer | up to [15 minutes][lambda], but API Gateway stops waiting [after 30 s][api] for a route and after 10 s for an authorizer |
/// | `concurrency = 5` | not reserved | [reserved concurrency][reserved]: at most so many at once |
/// | `ephemeral_storage = 1024` | 512 | MB in `/tmp`, [512 to 10,240][storage] |
/// | `environment("NAME", "value")` | none | an environment variable, as often as needed; `environment(A1 = "x", B1 = "y")` is several |
/// | `layers("arn:…:layer:tools:3")` | none | versions of [layers][layers], up to 5 |
/// | `log_level = "debug"` | `"info"` | from which level on it logs: `"trace"` to `"fatal"` |
/// | `log_retention = "90d"` | 30 days | how long its log is kept, one of [CloudWatch's numbers][retention] |
/// | `tags(team = "shop")` | none | tags of the function, up to 50 |
/// | `tracing` | as the stage says | X-Ray traces it; `tracing = false`: it does not |
/// | `vpc` | no | it runs in the VPC that the stage names |
/// | `allow("action", "arn:…")` | none | a permission for the use of a raw SDK client; one action and one resource, as often as needed |
/// | `deployment = canary("10%", "5m")` | at once | how callers come to a new version: so much of the traffic first, and the rest after a while; `linear("10%", "1m")`, so much more each time; or `all_at_once`. An alarm, or a hook that `before = smoke_test` or `after = …` names in the parentheses, takes it all [back][codedeploy]. Not of hooks |
/// | `provisioned_concurrency = 5` | 0 | so many environments are [started before][provisioned] anybody calls, and paid for. Not of hooks |
///
/// # Options of a route, `METHOD "/path"`
///
/// The method is `GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS` or `ANY`. The path has parameters, `{id}`, of
/// which the last may be greedy, `{rest+}`, and some argument has to take them; `ANY "$default"` takes what no other
/// route does.
///
/// | Option | Default | |
/// |---|---|---|
/// | `auth = Shopper` | none: it has to be there | who may call: `Public`, `Iam` (whoever signs with credentials of AWS), `ApiKey` (of REST APIs), or a principal of the application's |
/// | `scopes = ["orders/write"]` | any | the access token has one of them |
/// | `groups = ["staff"]` | any | the user is in one of them |
/// | `api = Shop` | the only one, or the `default` | the `#[derive(Api)]` that the route belongs to |
/// | `throttle(rate = 10, burst = 5)` | as the API says | how many requests it takes, a second and at once |
/// | `cache = "60s"` | none | for how long a REST API keeps the reply to a GET, up to an hour |
/// | `cache_key(header = "authorization", query = "page")` | what the arguments read | what else tells kept replies apart |
/// | `cache_shared` | no | all whom a route that is not `Public` lets in may get the same reply |
///
/// # Options of `stream = Table`
///
/// One argument is a `Change<Table>`, for one record at a time, or a `Vec<Change<Table>>`, for a batch. Of a table that entities
/// share, it is a `Change` of one entity or of a collection, and the function is not invoked for others. Limits and defaults are
/// [Lambda's][stream].
///
/// | Option | Default | |
/// |---|---|---|
/// | `filter(new.status = "paid", event = "insert")` | all records | the terms of a filter, see below; with several filters (up to [5][filter]) one of them has to match |
/// | `batch_size = 10` | 100 | records, 1 to 10,000 |
/// | `batch_window = "5s"` | 0 s | how long to wait for a full batch, up to 5 minutes |
/// | `retries = 3` | until the record expires | 0 to 10,000 |
/// | `max_record_age = "1h"` | until the record expires | 1 minute to 7 days |
/// | `bisect` | no | split a failed batch in two |
/// | `parallelization = 2` | 1 | batches of one shard at once, 1 to 10 |
/// | `starting_position = "latest"` | `"trim-horizon"` | where a new function begins to read |
/// | `tumbling_window = "1m"` | none | 1 second to 15 minutes in which invocations hand on a state: the handler of batches takes a `Window<State>` and returns the new state |
/// | `on_failure = queue("DeadLetters")` | none | where Lambda tells of [records that it gave up][failed]: `queue(…)`, `topic(…)` or `bucket(…)` are made with the application, an ARN names one that is there |
///
/// A term of a filter is about a field after the change, `new.field`, before it, `old.field`, of the table's key,
/// `key.field`, or about the `event`, which is `"insert"`, `"modify"` or `"remove"`; `new.address.city` is a field of a
/// struct by its name in Rust, which has to be the stored one. All terms of a filter have to hold:
///
/// | Term | |
/// |---|---|
/// | `new.status = "paid"`, `= ["paid", "held"]`, `!= "open"` | a string, a number or a boolean, or one or none of a list |
/// | `key.id starts_with "A#"`, `ends_with`, `equals_ignore_case` | of strings; one of a list is enough; `not starts_with` and so on is the opposite |
/// | `new.total > 100`, `in 10..=100` | of numbers. Lambda's filters do not compare DynamoDB's numbers, so the function does, before the handler runs |
/// | `old.note exists`, `not exists` | whether there is a value |
/// | `any(old.total < 5, all(event = "insert", new.total > 9))` | one of these; once in a filter |
///
/// What is not there passes only `not exists`: `old.status != "paid"` does not hold for a new item, which has no `old`.
///
/// # `user_pool = Pool`
///
/// | Option | Default | |
/// |---|---|---|
/// | `on = "pre-sign-up"` | none: it has to be there | when Cognito asks: also `"post-confirmation"`, `"pre-authentication"`, `"post-authentication"`, `"pre-token-generation"`, `"custom-message"`, `"migrate-user"`, `"define-auth-challenge"`, `"create-auth-challenge"`, `"verify-auth-challenge-response"` |
///
/// The event and the answer are types of `skyloom::user_pool`, one of each for each occasion. The `timeout` is 5 s and no longer: Cognito stops
/// waiting then.
///
/// # Options of `url`
///
/// The function has an HTTPS address of its own, [without an API][url]; it takes every method and path.
///
/// | Option | Default | |
/// |---|---|---|
/// | `auth = Iam` | none: it has to be there | who may call: `Iam` or `Public`, which are all that Lambda knows |
/// | `cors(origins = ["https://example.com"])` | none | as of an API |
///
/// A handler that returns `Streamed` sends its reply while it makes it; so does one behind a route of a REST API.
///
/// # `hook`
///
/// CodeDeploy runs it before, or after, a new version of a function gets its traffic: the `deployment` of that function names it.
/// It takes a `Deployment`, with which it can call the new version. An error, a panic, or taking longer than `timeout`
/// takes the deployment back.
///
/// # Options of `schedule` and `invoke`
///
/// Where nobody waits for the answer, [Lambda keeps the event][events] and tries it again.
///
/// | Option | Default | |
/// |---|---|---|
/// | `retries = 0` | 2 | 0 to 2 |
/// | `max_event_age = "1h"` | 6 hours | 1 minute to 6 hours |
/// | `on_failure = queue("Failed")` | none | what is told of an event that was given up: `queue(…)`, `topic(…)` or `bucket(…)` are made with the application, `function("clean_up")` is another `invoke` handler, an ARN names one that is there |
/// | `on_success = topic("Done")` | none | what is told of an event that was handled; no bucket |
/// | `dead_letter = queue("Dead")` | none | the queue or topic that gets the event itself when it was given up |
///
/// # Options of `authorizer`
///
/// It takes a `BearerToken` or an `AuthorizationToken`, or parts of the request: `Header<T>`, `Query<T>`, `Path<T>`, `RequestContext`. It returns the principal, or
/// a `Policy` of it for some routes.
///
/// | Option | Default | |
/// |---|---|---|
/// | `cache = "5m"` | 0 s | how long API Gateway may reuse an answer for the same caller, up to an hour |
/// | `identity(header = "x-token", query = "tenant", context = "httpMethod")` | the header `Authorization` | what tells callers apart; a request that lacks it is refused without asking |
/// | `validation = "^Bearer [a-z]+$"` | any | the form of a token; of REST APIs |
/// | `token_header = "X-Token"` | `Authorization` | the header that has the token |
/// | `payload = "1.0"` | `2.0` | the form in which an HTTP API asks |
///
/// [lambda]: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
/// [api]: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
/// [codedeploy]: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
/// [provisioned]: https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html
/// [storage]: https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
/// [layers]: https://docs.aws.amazon.com/lambda/latest/dg/chapter-layers.html
/// [retention]: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
/// [events]: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
/// [url]: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
/// [reserved]: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
/// [stream]: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
/// [failed]: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
/// [filter]: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
#[proc_macro_attribute]
pub fn handler(attribute: TokenStream, item: TokenStream) -> TokenStream {
    handler::handler(attribute.into(), item.into()).into()
}

/// Makes a struct a DynamoDB table, its fields the attributes.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Key, Table};
/// #[derive(Table, Serialize, Deserialize)]
/// #[table(stream = "new-and-old-images", ttl = "expires_at")]
/// #[index(ByStatus, partition = "status", sort = "placed_at")]
/// pub struct Order {
///     #[partition_key]
///     pub shopper: String,
///     #[sort_key]
///     pub id: String,
///     pub status: Status,
///     pub placed_at: String,
///     pub expires_at: Option<u64>,
/// }
///
/// #[derive(Key, Serialize, Deserialize)]
/// pub enum Status {
///     Open,
///     Paid,
/// }
///
/// assert_eq!(Order::PLACED_AT.name(), "placed_at");
/// ```
///
/// It writes a constant for each attribute, `Order::STATUS`, for use in conditions and updates, and a type for each
/// index, `ByStatus`, for `ReadIndex<ByStatus>`. Attributes have the names that serde gives them.
///
/// - `#[partition_key]` is on one field, `#[sort_key]` on another or on none. Their types are `Key`: strings, integers,
///   bytes, and types that derive [`Key`](macro@Key).
/// - `#[version]` is on one field of the type `u64` or `u32`, or on none: each write makes it one greater, and
///   `Write::put` stores only over the version that was read.
/// - `#[table(stream = "…")]`: `"new-and-old-images"`, `"new-image"`, `"old-image"` or `"keys-only"`. Without it the
///   table has no stream. Handlers of `Change<T>` need `"new-and-old-images"`.
/// - `#[table(ttl = "field")]`: the field has the second since the epoch after which DynamoDB removes the item.
/// - `#[index(Name, partition = "field", sort = "field")]`: a global secondary index; `sort` may be left out. A field
///   that is an `Option` makes it sparse: items without it are not in the index. At most [20][quotas].
/// - `#[index(Name, local, sort = "field")]`: a local secondary index, which has the table's partition key. At most
///   [5][quotas].
/// - `#[index(…, partition = ["a", "b"], sort = ["c", "d"])]`: a global index whose key has several attributes, up to
///   [4][multi] on each side.
/// - `#[index(…, projection = "keys")]` or `["field", "other"]`: the index has the keys alone, or these fields too, and what is
///   read through it is a struct with just them, `NameItem`.
///
/// # Keys that are made of fields
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Read, Table, table};
/// #[derive(Table, Serialize, Deserialize)]
/// #[table(partition = "USER#{user}", sort = "ORDER#{placed_at}#{id:08}")]
/// pub struct Order {
///     pub user: String,
///     pub placed_at: String,
///     pub id: u64,
///     pub total_cents: u64,
/// }
///
/// async fn one(orders: Read<Order>) -> Result<Option<Order>, table::Error> {
///     orders.get(("ann", ("2026-07-01", 17))).await
/// }
///
/// async fn of_that_day(orders: Read<Order>) -> Result<Vec<Order>, table::Error> {
///     orders.query("ann").sort_eq("2026-07-01").all().await
/// }
/// ```
///
/// `partition` and `sort` of `#[table(…)]`, in place of `#[partition_key]` and `#[sort_key]`, make keys of text and fields,
/// strings or numbers; `{id:08}` fills a number up with zeros, so that it sorts. They are stored as `pk` and `sk`, or as
/// `partition_name` and `sort_name` say; an index's as `Name_pk` and `Name_sk`. A field in the table's key is stored there
/// alone, and read from it. A value that could not be read back, since it has the text in it that follows in the key, is an
/// error before anything is sent.
///
/// # A table that several kinds of item share
///
/// It is a struct without fields: see [`Entity`](macro@Entity). Its options are `partition`, `sort` and `discriminator`, the names
/// of the attributes, and `stream` and `ttl`.
/// # How the table is run
///
/// A table that says nothing is paid for by request, can be restored to each second of the last 35 days, is encrypted,
/// and outlives the stack. `#[table(…)]` says otherwise:
///
/// | Option | Default | |
/// |---|---|---|
/// | `on_demand(max_reads = 1000, max_writes = 500)` | no limit | most request units a second; on an index too |
/// | `provisioned(reads = 5, writes = 5..=500, target = 70)` | | reserved capacity; a range is scaled to the target, in percent; on an index too, which otherwise has as much as the table |
/// | `point_in_time_recovery = false`, `recovery_days = 7` | 35 days | how far back it can be restored |
/// | `encryption = "aws-managed"` | `"aws-owned"` | or the ARN of a KMS key or of its alias |
/// | `deletion_protection` | off | DynamoDB refuses to delete it |
/// | `class = "infrequent-access"` | `"standard"` | cheaper to store, dearer to use |
/// | `tags(team = "shop", "cost-center" = "7")` | | |
/// | `kinesis = "arn:…"`, `kinesis(stream = "arn:…", precision = "microsecond")` | | a data stream that gets the changes |
/// | `replicas = ["us-east-1"]` | | the other regions that have it, beside the stack's own: a global table |
/// | `contributor_insights`, `… = "throttled-keys"` | off | on an index too |
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::Table;
/// #[derive(Table, Serialize, Deserialize)]
/// #[table(provisioned(reads = 5..=500, writes = 5..=100), deletion_protection, tags(team = "shop"))]
/// #[index(ByCarrier, partition = "carrier", provisioned(reads = 1..=50, writes = 5..=100))]
/// pub struct Shipment {
///     #[partition_key]
///     pub order: String,
///     pub carrier: String,
/// }
/// ```
///
/// ARNs may hold `${AWS::Partition}`, `${AWS::Region}` and `${AWS::AccountId}`.
///
/// [multi]: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
/// [quotas]: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
#[proc_macro_derive(Table, attributes(table, index, partition_key, sort_key, version))]
pub fn table(input: TokenStream) -> TokenStream {
    table::derive(input.into()).into()
}

/// Makes a struct one kind of item of a table that several kinds share: single-table design.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Entity, Read, ReadIndex, Table, table};
/// /// The table is a struct without fields. Its key attributes are `pk` and `sk`.
/// #[derive(Table)]
/// #[index(Inverted, partition = "sk", sort = "pk")]
/// #[index(ByDay, partition = "gsi1pk", sort = "gsi1sk")]
/// pub struct Shop;
///
/// #[derive(Entity, Serialize, Deserialize)]
/// #[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{placed_at}#{id:08}")]
/// #[index(ByDay, partition = "DAY#{day}", sort = "ORDER#{id:08}")]
/// pub struct Order {
///     pub customer: String,
///     pub placed_at: String,
///     pub id: u64,
///     pub day: String,
///     pub total_cents: u64,
/// }
///
/// async fn of_july(orders: Read<Order>) -> Result<Vec<Order>, table::Error> {
///     orders.query("ann").sort_begins_with("2026-07-").all().await
/// }
///
/// async fn of_a_day(orders: ReadIndex<ByDay, Order>) -> Result<Vec<Order>, table::Error> {
///     orders.query("2026-07-01").all().await
/// }
/// ```
///
/// The fields of the key's templates are stored in the key alone, and read from it. Another attribute, `entity` unless the
/// table says `discriminator = "…"`, says which entity an item is: the struct's name, or `name = "…"`.
///
/// `#[index(Name, partition = "…", sort = "…")]` says how it is keyed in an index of the table; without it the index does not
/// have it. Every entity is in an index that has the table's own key the other way round.
///
/// `#[version]` on one field of the type `u64` or `u32` is optimistic locking, as of a [`Table`](derive@Table).
#[proc_macro_derive(Entity, attributes(entity, index, partition_key, sort_key, version))]
pub fn entity(input: TokenStream) -> TokenStream {
    entity::derive(input.into()).into()
}

/// Makes an enum of entities an item collection: what one partition of their table holds, for `ReadCollection<…>`.
///
/// The entities' partition keys are made in the same way. With `#[collection(index = ByDay)]` it is what a partition of an
/// index holds, for `ReadIndex<ByDay, …>`.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Collection, Entity, Table};
/// # #[derive(Table)] pub struct Shop;
/// # #[derive(Entity, Serialize, Deserialize)]
/// # #[entity(table = Shop, partition = "CUSTOMER#{id}", sort = "PROFILE")]
/// # pub struct Customer { pub id: String }
/// # #[derive(Entity, Serialize, Deserialize)]
/// # #[entity(table = Shop, partition = "CUSTOMER#{customer}", sort = "ORDER#{id}")]
/// # pub struct Order { pub customer: String, pub id: String }
/// #[derive(Collection)]
/// pub enum CustomerItems {
///     Customer(Customer),
///     Order(Order),
/// }
/// ```
#[proc_macro_derive(Collection, attributes(collection))]
pub fn collection(input: TokenStream) -> TokenStream {
    collection::derive(input.into()).into()
}

/// Makes a struct with named fields one whose fields have document paths where it is inside an item.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Document, Table, table::Condition};
/// #[derive(Table, Serialize, Deserialize)]
/// pub struct Order {
///     #[partition_key]
///     pub id: String,
///     pub address: Option<Address>,
/// }
///
/// #[derive(Document, Serialize, Deserialize)]
/// pub struct Address {
///     pub city: String,
///     pub lines: Vec<String>,
/// }
///
/// let condition: Condition<Order> = Order::ADDRESS.then(Address::CITY).eq("Oslo");
/// let another: Condition<Order> = Order::ADDRESS.then(Address::LINES).at(0).exists();
/// ```
///
/// It writes a constant for each field, as [`Table`](macro@Table) does. Fields have the names that serde gives them.
#[proc_macro_derive(Document)]
pub fn document(input: TokenStream) -> TokenStream {
    document::derive(input.into()).into()
}

/// Makes a type one that a DynamoDB table can be keyed by.
///
/// An enum without fields is a string, the name that serde gives its variant; a struct around one value is what that is.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::Key;
/// #[derive(Key, Serialize, Deserialize)]
/// #[serde(rename_all = "kebab-case")]
/// pub enum Status {
///     Open,
///     Paid,
/// }
///
/// #[derive(Key, Serialize, Deserialize)]
/// pub struct OrderId(pub u64);
/// ```
#[proc_macro_derive(Key)]
pub fn key(input: TokenStream) -> TokenStream {
    key::derive(input.into()).into()
}

/// Makes a struct a Cognito user pool, and a user of it the principal of the routes that say `auth = Shopper`.
///
/// Each field is a claim of the user's token, by the name that serde gives it.
///
/// ```
/// # use serde::Deserialize;
/// # use skyloom::UserPool;
/// #[derive(UserPool, Deserialize)]
/// #[user_pool(sign_in = "email", self_sign_up, groups = ["staff"])]
/// pub struct Shopper {
///     pub sub: String,
///     pub email: String,
/// }
/// ```
///
/// - `sign_in`: `"email"` (the default), `"phone"` or `"username"`.
/// - `self_sign_up`: people make their own accounts; without it an administrator does.
/// - `groups`: the pool's [groups][groups], which `groups = […]` of a route names.
///
/// - `attribute(name = "plan", type = "string")`, several of them: [attributes] that users have beside the standard ones, as claims
///   like `custom:plan`. An administrator writes them; with `writable` users do so themselves. What they may be is said by
///   `min_length`, `max_length`, `min_value`, `max_value` and `immutable`.
/// - `required = ["birthdate"]`: standard attributes without which nobody signs up.
/// - `remember_devices`: `"always"` or `"opt-in"`: the pool [remembers devices][devices] on which users sign in, or those of which they
///   say so. `challenge_required_on_new_device`: one that is remembered stands for the second factor.
/// - `domain`: the first part of the pool's domain, where its [sign-in page][page] and its OAuth 2.0 endpoints are.
/// - `oauth(scopes = […], callbacks = […], logouts = […], flows = […])`: what the pool's own client may ask of them. `flows` are
///   `"code"`, which is the default, and `"implicit"`.
///
/// `#[resource_server(identifier = "orders", scopes = ["read"])]` makes scopes, `orders/read`, which `scopes = […]` of a route names.
/// `#[identity_provider(oidc, name = …, issuer = …, client_id = …, client_secret = …)]` lets users of an OpenID Connect provider sign
/// in; its secret is a type with `#[derive(Secret)]`, `scopes = ["openid"]` are asked for, and `attributes(email = "mail")` says which
/// claim becomes which attribute.
///
/// [groups]: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
/// [attributes]: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html
/// [devices]: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-device-tracking.html
/// [page]: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
#[proc_macro_derive(UserPool, attributes(user_pool, resource_server, identity_provider))]
pub fn user_pool(input: TokenStream) -> TokenStream {
    user_pool::derive(input.into()).into()
}

/// Makes a unit struct a Cognito identity pool, which gives users of user pools, and guests, credentials of AWS for a time.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Iam, IdentityPool, Json, Own, Read, Scan, Table, UserPool, Write, handler};
/// # #[derive(UserPool, Deserialize)]
/// # #[user_pool(groups = ["staff"])]
/// # pub struct Shopper { pub sub: String }
/// # #[derive(Table, Serialize, Deserialize)]
/// # pub struct Note { #[partition_key] pub owner: String, #[sort_key] pub id: String }
/// # #[handler(GET "/me", auth = Iam)]
/// # async fn who_am_i(caller: Iam) -> Json<String> { Json(caller.arn) }
/// #[derive(IdentityPool)]
/// #[identity_pool(
///     providers = [Shopper],
///     authenticated(allow = [Own<Read<Note>>, Own<Write<Note>>], routes = [who_am_i]),
///     role(name = "staff", group = "staff", allow = [Scan<Note>]),
/// )]
/// pub struct Visitors;
/// ```
///
/// - `providers = [Shopper]`: the user pools whose users it takes.
/// - `authenticated(…)`: what they may do; `unauthenticated(…)`: what guests may, of whom there are none without it.
/// - `role(name = …, …)`: what users do instead whose token fits a rule: `group = "staff"`, or a claim and one of `equals`,
///   `contains`, `starts_with` and `not_equal`. The first rule that fits counts.
/// - in each, `allow = […]` are the arguments that a handler would have (`Read<T>`, `Scan<T>`, …), and `Own<A>` the same only on
///   items whose partition key is the id of the caller's identity; `routes = […]` are handlers with `auth = Iam`,
///   `invalidate_cache = […]` those of them whose kept replies they may have made anew.
/// - `ambiguous_role_resolution = "deny"`: whose token fits no rule gets no credentials, where otherwise `authenticated(…)` counts.
/// - `classic_flow`: clients may also take an OpenID token of the pool to STS. Not together with `role(…)`: STS knows no rules.
#[proc_macro_derive(IdentityPool, attributes(identity_pool))]
pub fn identity_pool(input: TokenStream) -> TokenStream {
    identity_pool::derive(input.into()).into()
}

/// Makes a struct one more client of a user pool: a page of its own, or a machine.
///
/// ```
/// # use serde::Deserialize;
/// # use skyloom::{UserPool, UserPoolClient};
/// #[derive(UserPool, Deserialize)]
/// #[user_pool(domain = "acme-orders")]
/// #[resource_server(identifier = "orders", scopes = ["read"])]
/// pub struct Shopper {
///     pub sub: String,
/// }
///
/// /// Reads all orders at night.
/// #[derive(UserPoolClient)]
/// #[client(pool = Shopper, flows = ["client-credentials"], scopes = ["orders/read"])]
/// pub struct Nightly;
/// ```
///
/// - `pool`: the user pool that it is a client of.
/// - `flows`: `"code"` (the default) and `"implicit"` for people, or `"client-credentials"` for a machine.
/// - `scopes`: what it may ask for: `"openid"`, `"email"`, `"phone"`, `"profile"`, `"aws.cognito.signin.user.admin"`, or scopes of a
///   resource server of the pool.
/// - `callbacks` and `logouts`: where the sign-in page and `/logout` may send a browser.
/// - `secret`: it has a secret, which a machine always has.
#[proc_macro_derive(UserPoolClient, attributes(client))]
pub fn user_pool_client(input: TokenStream) -> TokenStream {
    oauth::derive_client(input.into()).into()
}

/// Says how an API of the application is set up. An application without one has an HTTP API all the same.
///
/// ```
/// #[derive(skyloom::Api)]
/// #[api(http, cors(origins = ["https://shop.example.com"], methods = ["GET", "POST"], headers = ["authorization"]))]
/// pub struct Shop;
///
/// #[derive(skyloom::Api)]
/// #[api(rest, default, endpoint = "regional", usage_plan(rate = 10, burst = 20, quota = 10000, period = "month"))]
/// pub struct Partners;
/// ```
///
/// | Option | Of | |
/// |---|---|---|
/// | `http` | | an [HTTP API][http], payload format 2.0; what an API is that names no kind |
/// | `rest` | | a [REST API][rest], payload format 1.0 |
/// | `websocket` | | a [WebSocket API][websocket] |
/// | `default` | both | routes without `api = …` belong to it; one of several APIs says so, a single one need not |
/// | `cors(…)` | both | which pages of other origins may call it: `origins` has to be there; `methods`, `headers` and `expose` are lists; `credentials` allows cookies and authorization; `max_age = "1h"` (up to a day) is how long a browser may keep the answer |
/// | `endpoint = "regional"` | REST | `"regional"` (the default), `"edge"` (through CloudFront) or `"private"` (from VPCs) |
/// | `binary_media_types = ["image/*"]` | REST | bodies of these types are bytes |
/// | `minimum_compression = 1024` | REST | replies of so many bytes or more are compressed |
/// | `validate` | REST | the API itself refuses requests that do not fit the types of the arguments |
/// | `usage_plan(rate = 10, burst = 20, quota = 10000, period = "month")` | REST | what a client with a key may use; either half, or both |
/// | `route_selection = "$request.body.action"` | WebSocket | which part of a message names its route |
/// | `throttle(rate = 100, burst = 50)` | both | how many requests each route takes, a second and at once, that says nothing itself |
/// | `cache_size = "0.5"` | REST | the size in GB of the cache for routes with `cache`; it is paid for by the hour |
/// | `gateway_response(throttled, status = 503, header("retry-after", "1"), body = "…", content_type = "…")` | REST | what the API answers in place of its own words; may be repeated |
///
/// [http]: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
/// [rest]: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
/// [websocket]: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
#[proc_macro_derive(Api, attributes(api))]
pub fn api(input: TokenStream) -> TokenStream {
    api::derive(input.into()).into()
}

/// Makes a struct without fields a route that API Gateway answers without a function.
///
/// ```
/// # use skyloom::{Api, Public, Route};
/// # #[derive(Api)] #[api(rest)] pub struct Web;
/// /// The documentation, from where it is.
/// #[derive(Route)]
/// #[route(GET "/docs/{page+}", auth = Public, http = "https://docs.example.com/{page}")]
/// pub struct Docs;
///
/// /// What a load balancer asks.
/// #[derive(Route)]
/// #[route(GET "/health", auth = Public, answer(status = 200, body = "{}", header("content-type", "application/json")))]
/// pub struct Health;
///
/// /// Work that is done later, by whatever reads the queue.
/// #[derive(Route)]
/// #[route(POST "/jobs", auth = Public, queue = "Jobs")]
/// pub struct NewJob;
/// ```
///
/// | What answers | Of | |
/// |---|---|---|
/// | `http = "https://…"` | both | another server, which gets the request; `{name}` in the path is a parameter of the route's |
/// | `answer(status = 200, body = "…", header("…", "…"))` | REST | always the same |
/// | `queue = "Jobs"`, `queue = "arn:…"` | both | the body becomes a message of an SQS queue |
/// | `put = Order` | REST | the body's JSON becomes an item of a table, unless there is one of its key |
///
/// `auth`, `scopes` and `api` are those of [`handler`]s. `put` takes `set(id = "$context.requestId")`, once or several times, for
/// attributes that a caller must not choose, and `replace`, with which an item of the same key is overwritten.
#[proc_macro_derive(Route, attributes(route))]
pub fn route(input: TokenStream) -> TokenStream {
    route::derive(input.into()).into()
}

/// Makes a type the value of a secret of [AWS Secrets Manager][manager], which a handler gets as `Secret<T>`.
///
/// ```
/// # use serde::Deserialize;
/// # use skyloom::{Error, Secret, handler};
/// /// Made elsewhere: its name is known.
/// #[derive(Secret)]
/// #[secret(name = "payments/stripe")]
/// pub struct StripeKey(String);
///
/// /// Made with the stack, and empty until somebody puts the JSON object into it.
/// #[derive(Secret, Deserialize)]
/// pub struct Database { user: String, password: String }
///
/// /// Made with the stack, 64 random letters and digits.
/// #[derive(Secret)]
/// #[secret(generate(length = 64))]
/// pub struct SigningKey(String);
///
/// #[handler(invoke)]
/// async fn pay(stripe: Secret<StripeKey>) -> Result<(), Error> {
///     let key: &str = &stripe.0;
///     # let _ = key;
///     Ok(())
/// }
/// # fn main() {}
/// ```
///
/// A struct of one field holds a text: the field is a `String`, or something that is made `From<String>`. A struct with named fields
/// holds a JSON object and derives `Deserialize`. The macro writes a `Debug` that shows nothing of the value.
///
/// - `name = "payments/stripe"`: the secret is there already, under this name or ARN.
/// - `generate`: the stack makes it with a random text of 32 letters and digits; `generate(length = 64, punctuation)` makes
///   another, of 1 to 4,096 characters.
/// - Without either, the stack makes it empty.
///
/// [manager]: https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html
#[proc_macro_derive(Secret, attributes(secret))]
pub fn secret(input: TokenStream) -> TokenStream {
    secret::derive(input.into()).into()
}

/// Writes the `main` of the application's binary: `skyloom::main!(orders);` in `src/main.rs`.
///
/// It names the library that has the handlers, so that the linker keeps them. An application whose handlers are in
/// `src/main.rs` itself says `skyloom::main!(crate);`.
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    main_macro::main(input.into()).into()
}

/// Makes an async function a test that has a running application of its own: `#[skyloom_local::test(orders)]`.
///
/// Its one argument is the application, `app: Local`; it returns nothing or a `Result`. The name is that of the library
/// that has the handlers, and is left out in the library's own unit tests. Nothing is shared with another test, and time
/// stands still until the test moves it: each test begins at 2026-01-01T00:00:00Z.
///
/// # Faults
///
/// With `seeds = 200` the test runs 200 times, each time with other faults, as they happen in the cloud. All of them follow
/// from the number of the run, its seed, so that a run that fails can be repeated exactly.
///
/// ```ignore
/// # use serde::{Deserialize, Serialize};
/// # use skyloom::{Change, Error, Table, Write, handler};
/// # use skyloom_local::Local;
/// # use std::time::Duration;
/// # #[derive(Table, Serialize, Deserialize)]
/// # #[table(stream = "new-and-old-images")]
/// # struct Order { #[partition_key] id: String }
/// # #[derive(Table, Serialize, Deserialize)]
/// # struct Shipment { #[partition_key] order: String }
/// #[handler(stream = Order)]
/// async fn ship(change: Change<Order>, shipments: Write<Shipment>) -> Result<(), Error> {
///     let Some(order) = change.into_new() else { return Ok(()) };
///     Ok(shipments.put(&Shipment { order: order.id }).await?)
/// }
///
/// # mod tests { use super::*;
/// #[skyloom_local::test(seeds = 200, faults(duplicate = 0.5))]
/// async fn every_order_is_shipped(app: Local) {
///     app.table::<Order>().put(&Order { id: "1".into() }).await;
///     app.advance(Duration::from_secs(3600)).await; // past all retries
///     assert!(app.table::<Shipment>().get("1").await.is_some());
/// }
/// # }
/// # fn main() {}
/// ```
///
/// `faults(…)` sets how likely each kind is, from 0 to 1, where the default does not do:
///
/// | Kind | What happens | Default |
/// |---|---|---|
/// | `throttle` | DynamoDB refuses a call because there are too many | 0.02 |
/// | `unprocessed` | DynamoDB does a part of a batch: `UnprocessedItems`, `UnprocessedKeys` | 0.1 |
/// | `error` | DynamoDB answers `InternalServerError` and has done nothing | 0.01 |
/// | `lost_answer` | DynamoDB does what it was asked, but the connection breaks before the answer | 0.01 |
/// | `conflict` | a transaction is at work on the same item, in a table that has transactions | 0.02 |
/// | `duplicate` | a batch of a stream is delivered twice | 0.1 |
/// | `crash` | a function's environment dies: before the handler, at a call of DynamoDB, or after the handler | 0.01 |
/// | `cold_start` | a function runs in a new environment although one is idle | 0.1 |
/// | `slow_start` | a new environment takes seconds to start | 0.02 |
/// | `delay` | a call or a delivery takes a while, so that others overtake it; never another change of the same item | 0.1 |
///
/// The SDK retries what it retries at AWS, and Lambda retries batches and schedules, so most faults are not seen by a
/// handler. Those that are come to the test too: a request may be answered with 500 or 503, as in the cloud, and whoever sends
/// it may have to try again (`Request::send_until_accepted`). What the test itself does with `app.table` has no faults, and
/// no call is refused that the function's policy grants.
///
/// When a seed fails, the test takes away faults as long as it still fails, and prints the few that are left, in order.
/// `SKYLOOM_SEED=17 cargo test …` runs that seed alone and prints all that happened; `SKYLOOM_SEEDS=10000` runs every such
/// test under that many seeds.
#[proc_macro_attribute]
pub fn local_test(attribute: TokenStream, item: TokenStream) -> TokenStream {
    local_test::test(attribute.into(), item.into()).into()
}
