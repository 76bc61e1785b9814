//! A shop whose people sign in on a page, with a second pool whose users may sign in as well, and a machine.

use serde::{Deserialize, Serialize};
use skyloom::{
    Error, Json, Secret, UserPool, UserPoolClient, handler,
    user_pool::{
        CustomMessage, CustomMessageReply, FinalStatus, MigrateUser, MigratedUser, PreSignUp, PreSignUpReply,
        PreTokenGeneration, TokensReply,
    },
};

/// Claims of an ID token and of an access token: of a machine's, too, which has no user.
#[derive(UserPool, Deserialize)]
#[user_pool(
    sign_in = "email",
    self_sign_up,
    domain = "gatehouse",
    oauth(
        flows = ["code", "implicit"],
        scopes = ["openid", "email", "profile", "orders/read", "aws.cognito.signin.user.admin"],
        callbacks = ["http://localhost:3000/signed-in"],
        logouts = ["http://localhost:3000/bye"]
    )
)]
#[resource_server(identifier = "orders", scopes = ["read", "write"])]
#[identity_provider(
    oidc,
    name = "Members",
    issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_X90WvqlLE",
    client_id = "ihrqm3yelu50z7z0tm5jiqib3q",
    client_secret = MembersSecret,
    scopes = ["openid", "email"],
    attributes(email = "email")
)]
pub struct Shopper {
    pub sub: String,
    pub email: Option<String>,
    pub client_id: Option<String>,
}

/// The client secret with which the shop asks the members' pool.
#[derive(Secret)]
#[secret(name = "gatehouse/members")]
pub struct MembersSecret(pub String);

/// The other pool, which the shop's pool is a client of.
#[derive(UserPool, Deserialize)]
#[user_pool(sign_in = "username", self_sign_up, domain = "gatehouse-members")]
pub struct Member {
    pub sub: String,
}

#[derive(UserPoolClient)]
#[client(
    pool = Member,
    scopes = ["openid", "email"],
    callbacks = ["https://gatehouse.auth.us-east-1.amazoncognito.com/oauth2/idpresponse"],
    secret
)]
pub struct Gate;

/// Reads all orders at night.
#[derive(UserPoolClient)]
#[client(pool = Shopper, flows = ["client-credentials"], scopes = ["orders/read"])]
pub struct Nightly;

/// Writes orders, and may not read them.
#[derive(UserPoolClient)]
#[client(pool = Shopper, flows = ["client-credentials"], scopes = ["orders/write"])]
pub struct Importer;

/// Couriers sign in with a phone number, and each time show that they have the phone.
#[derive(UserPool, Deserialize)]
#[user_pool(
    sign_in = "phone",
    self_sign_up,
    domain = "gatehouse-couriers",
    mfa = "required",
    mfa_methods = ["sms"],
    oauth(scopes = ["openid", "phone"], callbacks = ["http://localhost:3000/signed-in"])
)]
pub struct Courier {
    pub sub: String,
}

/// Guards show a second factor if they have one, may be remembered by their device, and come from another directory, too.
#[derive(UserPool, Deserialize)]
#[user_pool(
    sign_in = "email",
    self_sign_up,
    domain = "gatehouse-guards",
    mfa = "optional",
    mfa_methods = ["totp", "email"],
    email_identity = "example.com",
    remember_devices = "always",
    challenge_required_on_new_device
)]
pub struct Guard {
    pub sub: String,
    pub post: Option<String>,
}

/// A server that keeps a secret.
#[derive(UserPoolClient)]
#[client(pool = Guard, scopes = ["openid", "email"], callbacks = ["http://localhost:3000/signed-in"], secret)]
pub struct Barracks;

#[handler(user_pool = Guard, on = "pre-sign-up")]
async fn enlist(event: PreSignUp<Guard>) -> Result<PreSignUpReply, Error> {
    match event.attribute("email").unwrap_or_default() {
        email if email.starts_with("spy") => Err(Error::forbidden("spies are not wanted")),
        email => Ok(PreSignUpReply { auto_confirm_user: email.starts_with("known"), ..PreSignUpReply::default() }),
    }
}

#[handler(user_pool = Guard, on = "custom-message")]
async fn password_of_the_day(event: CustomMessage<Guard>) -> CustomMessageReply {
    let text = format!("halt, say {}", event.code_parameter);
    CustomMessageReply { email_message: Some(text), ..CustomMessageReply::default() }
}

#[handler(user_pool = Guard, on = "pre-token-generation")]
async fn assign(_: PreTokenGeneration<Guard>) -> TokensReply {
    TokensReply::new().id_claim("post", "north gate")
}

#[handler(user_pool = Guard, on = "migrate-user")]
async fn veteran(event: MigrateUser<Guard>) -> Option<MigratedUser> {
    let known = event.username() == "veteran@example.com" && event.password == "Veteran-horse-1";
    let user = MigratedUser::new(FinalStatus::Confirmed).attribute("email", event.username());
    known.then(|| user.attribute("email_verified", "true"))
}

#[derive(Serialize)]
pub struct Caller {
    sub: String,
    email: Option<String>,
    client_id: Option<String>,
}

/// Who has signed in.
#[handler(GET "/me", auth = Shopper)]
async fn me(shopper: Shopper) -> Json<Caller> {
    Json(Caller { sub: shopper.sub, email: shopper.email, client_id: shopper.client_id })
}

/// For people and machines whose token says so.
#[handler(GET "/orders", auth = Shopper, scopes = ["orders/read"])]
async fn orders(caller: Shopper) -> Json<Caller> {
    Json(Caller { sub: caller.sub, email: caller.email, client_id: caller.client_id })
}

/// Where a guard stands.
#[handler(GET "/post", auth = Guard)]
async fn post(guard: Guard) -> Json<Option<String>> {
    Json(guard.post)
}
