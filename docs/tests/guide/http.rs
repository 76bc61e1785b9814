//! An argument of one's own.

// ANCHOR: session
use serde::{Deserialize, Serialize};
use skyloom::{
    Error, FromEvent, Needs, Principal, Public, Read, Rejection, RequestContext, RequestEvent, Scope, Table, handler,
    trigger::Http,
};

#[derive(Table, Serialize, Deserialize)]
pub struct Session {
    #[partition_key]
    pub id: String,
    pub user: String,
}

impl<P: Principal> FromEvent<Http<P>> for Session {
    const NEEDS: Needs = <Read<Session> as FromEvent<Http<P>>>::NEEDS;

    async fn from_event<'a>(event: &'a RequestEvent<'a>, scope: &'a Scope) -> Result<Self, Rejection> {
        let request = <RequestContext as FromEvent<Http<P>>>::from_event(event, scope).await?;
        let sessions = <Read<Session> as FromEvent<Http<P>>>::from_event(event, scope).await?;
        let id = request.cookie("session").ok_or(Rejection::Missing("there is no session".into()))?;
        let session = sessions.get(id).await.map_err(|error| Rejection::Internal(error.to_string().into()))?;
        session.ok_or(Rejection::Forbidden("the session is over".into()))
    }
}

/// Greets whoever has a session, and everyone else.
#[handler(GET "/welcome", auth = Public)]
async fn welcome(session: Option<Session>) -> Result<String, Error> {
    Ok(session.map_or("Welcome!".into(), |session| format!("Welcome back, {}!", session.user)))
}
// ANCHOR_END: session

mod tests {
    use skyloom_local::Local;

    use super::Session;

    #[skyloom_local::test]
    async fn a_cookie_makes_a_session(app: Local) {
        app.table::<Session>().put(&Session { id: "s1".into(), user: "Ann".into() }).await;
        let welcome = |cookie: &'static str| app.get("/welcome").header("cookie", cookie).send();
        assert_eq!(welcome("a=b; session=s1").await.expect(200).text(), "Welcome back, Ann!");
        assert_eq!(welcome("a=b").await.expect(200).text(), "Welcome!");
        welcome("session=s2").await.expect(403);
    }
}
