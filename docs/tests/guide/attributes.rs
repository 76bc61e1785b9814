//! Subscribers, whose plan is an attribute of their pool.

// ANCHOR: pool
use serde::Deserialize;
use skyloom::{UserPool, handler};

/// Who reads here has a plan, which the shop's server sets, and a shelf, which they choose.
#[derive(UserPool, Deserialize)]
#[user_pool(
    self_sign_up,
    attribute(name = "plan", type = "string", max_length = 20),
    attribute(name = "shelf", type = "number", min_value = 1, max_value = 60, writable),
    required = ["birthdate"]
)]
pub struct Subscriber {
    #[serde(rename = "custom:plan")]
    pub plan: Option<String>,
}

/// Says what the caller pays for.
#[handler(GET "/plan", auth = Subscriber)]
async fn plan(subscriber: Subscriber) -> String {
    subscriber.plan.unwrap_or_else(|| "free".into())
}
// ANCHOR_END: pool

mod tests {
    use serde_json::json;
    use skyloom_local::Local;

    use super::Subscriber;

    // ANCHOR: test
    #[skyloom_local::test]
    async fn a_plan_is_not_its_users_to_choose(app: Local) {
        let ann = app.sign_in::<Subscriber>("ann@example.com").attribute("custom:plan", "gold").await;
        assert_eq!(app.get("/plan").bearer(&ann).send().await.expect(200).text(), "gold");

        let wish =
            json!({"AccessToken": ann.access_token(), "UserAttributes": [{"Name": "custom:plan", "Value": "all"}]});
        let refused = app.cognito::<Subscriber>("UpdateUserAttributes", wish).await.unwrap_err();
        assert_eq!(refused, "NotAuthorizedException: A client attempted to write unauthorized attribute");
    }
    // ANCHOR_END: test

    #[skyloom_local::test]
    async fn who_signs_up_says_when_they_were_born_and_chooses_a_shelf(app: Local) {
        let ann =
            |attributes| json!({"Username": "ann@example.com", "Password": "P@ssw0rd", "UserAttributes": attributes});
        let refused = app.cognito::<Subscriber>("SignUp", ann(json!([]))).await.unwrap_err();
        assert_eq!(
            refused.trim_end(),
            "InvalidParameterException: Attributes did not conform to the schema: birthdate: The attribute is required"
        );
        let said = json!([{"Name": "birthdate", "Value": "2000-02-29"}, {"Name": "custom:shelf", "Value": "7"}]);
        app.cognito::<Subscriber>("SignUp", ann(said)).await.unwrap();
        let who = json!({"Username": "ann@example.com"});
        let known = app.cognito::<Subscriber>("AdminGetUser", who).await.unwrap();
        assert!(known["UserAttributes"].as_array().unwrap().contains(&json!({"Name": "custom:shelf", "Value": "7"})));
    }
}
