#![deny(warnings, missing_docs, missing_debug_implementations)]
//! Every option of a user pool and of an API.

use serde::Deserialize;
use skyloom::{Api, NoContent, UserPool, handler};

/// Shoppers sign in here.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(sign_in = "username", self_sign_up, groups = ["staff", "drivers"])]
pub struct Shopper {
    /// The user's id.
    pub sub: String,
    /// A claim with a colon in its name.
    #[serde(rename = "cognito:username")]
    pub username: String,
}

/// Drivers have an account made for them.
#[derive(Debug, UserPool, Deserialize)]
#[user_pool(
    group(name = "night", precedence = 1, role = "arn:aws:iam::111122223333:role/night"),
    mfa = "required",
    mfa_methods = ["totp", "sms", "email"],
    email_identity = "shop.example.com",
    password(min_length = 12, uppercase = false, lowercase = true, numbers = false, symbols = false, temporary = "3d"),
    client(
        secret,
        flows = ["user-srp", "user-password", "admin-user-password", "custom"],
        access_token = "15m",
        id_token = "15m",
        refresh_token = "7d",
        rotation = "30s",
    ),
    attribute(name = "license", type = "string", min_length = 2, max_length = 10),
    attribute(name = "tours", type = "number", min_value = -1, max_value = 1_000, writable),
    attribute(name = "insured", type = "boolean", immutable),
    attribute(name = "until", type = "date-time"),
    required = ["birthdate", "phone_number"],
)]
pub struct Driver {
    /// The user's id.
    pub sub: String,
    /// A claim of an attribute of the pool's own.
    #[serde(rename = "custom:license", alias = "custom:tours")]
    pub license: Option<String>,
}

/// The shop.
#[derive(Debug, Api)]
#[api(cors(
    origins = ["https://shop.example.com", "http://localhost:5173"],
    methods = ["GET", "POST"],
    headers = ["authorization", "content-type"],
    expose = ["etag"],
    credentials,
    max_age = "1h",
))]
pub struct Shop;

#[handler(GET "/", auth = Driver, api = Shop)]
async fn index(_: Driver) -> NoContent {
    NoContent
}

#[handler(GET "/shop", auth = Shopper)]
async fn shop(_: Option<Shopper>) -> NoContent {
    NoContent
}
