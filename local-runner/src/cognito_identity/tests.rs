use std::time::UNIX_EPOCH;

use expect_test::{Expect, expect};
use serde_json::json;
use skyloom_manifest::{
    AmbiguousRoleResolution, FORMAT_VERSION, Grants, IdentityPool, MatchType, RuledRole, SourceLocation,
};

use super::*;

const PROVIDER: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_Shopper";

/// User pools whose tokens are the name of the user, and an IAM that gives whoever asks what they want.
#[derive(Default)]
struct Rest(Mutex<Vec<Wanted>>);

impl Around for Rest {
    fn claims(&self, _: &str, token: &str) -> Result<Map<String, Value>, String> {
        let groups: Vec<&str> = token.split(':').skip(1).collect();
        match token.split(':').next() {
            Some("expired") => Err("Token expired".into()),
            user => Ok(json!({ "sub": user, "cognito:groups": groups }).as_object().cloned().unwrap()),
        }
    }

    fn client(&self, user_pool: &str) -> Option<String> {
        (user_pool == "Shopper").then(|| "a-client".into())
    }

    fn provider(&self, user_pool: &str) -> Option<String> {
        (user_pool == "Shopper").then(|| PROVIDER.into())
    }

    fn assume(&self, wanted: Wanted) -> Credentials {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "secret".into(),
            session_token: "token".into(),
            expires: UNIX_EPOCH + wanted.life,
            role_id: "AROAEXAMPLE:session".into(),
            arn: "arn".into(),
        };
        self.0.lock().unwrap().push(wanted);
        credentials
    }

    fn sign(&self, claims: &Value) -> String {
        claims.to_string()
    }

    fn opened(&self, token: &str) -> Option<Map<String, Value>> {
        serde_json::from_str(token).ok()
    }
}

struct Bench {
    pools: CognitoIdentities,
    rest: Rest,
    pool: String,
}

fn bench(guests: bool) -> Bench {
    bench_with(guests, AmbiguousRoleResolution::default())
}

fn bench_with(guests: bool, resolution: AmbiguousRoleResolution) -> Bench {
    let staff = RuledRole {
        name: "staff".into(),
        claim: "cognito:groups".into(),
        match_type: MatchType::Contains,
        value: "staff".into(),
        grants: Grants::default(),
    };
    let pool = IdentityPool {
        name: "Visitors".into(),
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        providers: vec!["Shopper".into()],
        authenticated: Grants::default(),
        unauthenticated: guests.then(Grants::default),
        roles: vec![staff],
        classic_flow: true,
        ambiguous_role_resolution: resolution,
    };
    let manifest = Manifest {
        version: FORMAT_VERSION,
        application: "orders".into(),
        apis: Vec::new(),
        functions: Vec::new(),
        tables: Vec::new(),
        user_pools: Vec::new(),
        secrets: Vec::new(),
        identity_pools: vec![pool],
        integrations: Vec::new(),
    };
    let clock = Clock::starting_at(UNIX_EPOCH);
    let pools = CognitoIdentities::new(&manifest, Site::new("orders", "us-east-1"), clock, Random::seeded(1));
    let pool = pools.summaries()[0].id.clone();
    Bench { pools, rest: Rest::default(), pool }
}

impl Bench {
    fn call(&self, operation: &str, body: Value) -> Result<Value, String> {
        let target = format!("{TARGET}{operation}");
        let response = self.pools.handle(&target, body.to_string().as_bytes(), &self.rest);
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        let error = || format!("{}: {}", body["__type"].as_str().unwrap(), body["message"].as_str().unwrap());
        if response.status() == 200 { Ok(body.clone()) } else { Err(error()) }
    }

    fn get_id(&self, logins: Value) -> Result<String, String> {
        let body = json!({ "IdentityPoolId": self.pool, "Logins": logins });
        self.call("GetId", body).map(|output| output["IdentityId"].as_str().unwrap().to_owned())
    }

    fn credentials(&self, id: &str, logins: Value) -> Result<Value, String> {
        self.call("GetCredentialsForIdentity", json!({ "IdentityId": id, "Logins": logins }))
    }

    fn refused(&self, result: Result<impl Into<Value>, String>, expected: Expect) {
        expected.assert_eq(&result.map(Into::into).unwrap_err());
    }

    fn last(&self) -> Wanted {
        self.rest.0.lock().unwrap().last().cloned().unwrap()
    }
}

fn of(user: &str) -> Value {
    json!({ PROVIDER: user })
}

#[tokio::test]
async fn a_user_has_one_identity_and_guests_one_each() {
    let bench = bench(true);
    let ann = bench.get_id(of("ann")).unwrap();
    assert_eq!(bench.get_id(of("ann")), Ok(ann.clone()));
    assert_ne!(bench.get_id(of("bob")), Ok(ann.clone()));
    assert_ne!(bench.get_id(Value::Null), bench.get_id(Value::Null));
    assert_eq!((&ann[..10], ann.len()), ("us-east-1:", 46));
    assert_eq!(self::bench(true).get_id(of("ann")), Ok(ann), "it is the same in the next run");
}

#[tokio::test]
async fn credentials_are_of_the_role_that_the_token_leads_to() {
    let bench = bench(true);
    let of_user = |user: &str| {
        let id = bench.get_id(of(user)).unwrap();
        bench.credentials(&id, of(user)).unwrap();
        bench.last()
    };
    let ann = of_user("ann");
    assert_eq!(ann.role, "orders-Visitors-authenticated");
    let amr = ["authenticated", PROVIDER, &format!("{PROVIDER}:CognitoSignIn:ann")];
    assert_eq!(ann.identity.amr, amr);
    assert_eq!(of_user("eve:staff").role, "orders-Visitors-staff");
    let guest = bench.get_id(Value::Null).unwrap();
    let output = bench.credentials(&guest, Value::Null).unwrap();
    assert_eq!(bench.last().role, "orders-Visitors-unauthenticated");
    assert_eq!(output["Credentials"]["Expiration"], json!(3_600.0));
}

#[tokio::test]
async fn a_pool_can_refuse_whose_token_fits_no_rule() {
    let bench = bench_with(true, AmbiguousRoleResolution::Deny);
    let credentials = |user: &str| bench.credentials(&bench.get_id(of(user)).unwrap(), of(user));
    assert!(credentials("eve:staff").is_ok());
    let expected = expect!["NotAuthorizedException: The ambiguous role mapping rules denied this request."];
    bench.refused(credentials("ann"), expected);
    let guest = bench.get_id(Value::Null).unwrap();
    assert!(bench.credentials(&guest, Value::Null).is_ok(), "rules are for who has a token");
}

#[tokio::test]
async fn a_role_by_name_is_the_one_that_the_token_leads_to() {
    let bench = bench(true);
    let eve = bench.get_id(of("eve:staff")).unwrap();
    let with = |role: &str| {
        let arn = format!("arn:aws:iam::000000000000:role/orders-Visitors-{role}");
        let input = json!({ "IdentityId": eve, "Logins": of("eve:staff"), "CustomRoleArn": arn });
        bench.call("GetCredentialsForIdentity", input)
    };
    assert!(with("staff").is_ok());
    bench.refused(
        with("authenticated"),
        expect!["InvalidParameterException: Requested role is not one of the roles in the token"],
    );
}

#[tokio::test]
async fn who_is_taken_from_an_identity_is_somebody_new() {
    let bench = bench(true);
    let ann = bench.get_id(of("ann")).unwrap();
    let unlink = |user: &str| {
        let input = json!({ "IdentityId": ann, "Logins": of(user), "LoginsToRemove": [PROVIDER] });
        bench.call("UnlinkIdentity", input)
    };
    bench.refused(
        unlink("bob"),
        expect!["NotAuthorizedException: Logins don't match. Please include at least one valid login for this identity or identity pool."],
    );
    assert_eq!(unlink("ann"), Ok(json!({})));
    let forbidden = format!("NotAuthorizedException: Access to Identity '{ann}' is forbidden.");
    assert_eq!(bench.credentials(&ann, Value::Null), Err(forbidden.clone()), "it is no guest's");
    assert_eq!(bench.credentials(&ann, of("ann")), Err(forbidden));
    let again = bench.get_id(of("ann")).unwrap();
    assert_ne!(again, ann);
    assert_eq!(bench.get_id(of("ann")), Ok(again));
}

#[tokio::test]
async fn the_owner_sees_the_roles_and_their_rules() {
    let bench = bench(true);
    let roles = bench.call("GetIdentityPoolRoles", json!({ "IdentityPoolId": bench.pool })).unwrap();
    expect![[r#"
        {
          "IdentityPoolId": "us-east-1:POOL",
          "RoleMappings": {
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_Shopper:a-client": {
              "AmbiguousRoleResolution": "AuthenticatedRole",
              "RulesConfiguration": {
                "Rules": [
                  {
                    "Claim": "cognito:groups",
                    "MatchType": "Contains",
                    "RoleARN": "arn:aws:iam::000000000000:role/orders-Visitors-staff",
                    "Value": "staff"
                  }
                ]
              },
              "Type": "Rules"
            }
          },
          "Roles": {
            "authenticated": "arn:aws:iam::000000000000:role/orders-Visitors-authenticated",
            "unauthenticated": "arn:aws:iam::000000000000:role/orders-Visitors-unauthenticated"
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&roles).unwrap().replace(&bench.pool, "us-east-1:POOL"));
}

#[tokio::test]
async fn nobody_gets_the_credentials_of_another() {
    let bench = bench(true);
    let ann = bench.get_id(of("ann")).unwrap();
    let expected = format!("NotAuthorizedException: Access to Identity '{ann}' is forbidden.");
    assert_eq!(bench.credentials(&ann, Value::Null), Err(expected));
    bench.refused(bench.credentials(&ann, of("bob")), expect!["NotAuthorizedException: Logins don't match. Please include at least one valid login for this identity or identity pool."]);
    bench.refused(
        bench.credentials(&ann, of("expired")),
        expect!["NotAuthorizedException: Invalid login token. Token expired"],
    );
    let other = json!({ "accounts.google.com": "ann" });
    bench.refused(
        bench.get_id(other),
        expect!["NotAuthorizedException: Token is not from a supported provider of this identity pool."],
    );
    bench.refused(
        bench.credentials("us-east-1:none", Value::Null),
        expect!["ResourceNotFoundException: Identity 'us-east-1:none' not found."],
    );
    assert!(bench.rest.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn guests_are_let_in_only_where_there_are_any() {
    let bench = bench(false);
    let expected = expect!["NotAuthorizedException: Unauthenticated access is not supported for this identity pool."];
    bench.refused(bench.get_id(Value::Null), expected);
}

#[tokio::test]
async fn a_guest_who_signs_in_keeps_the_identity() {
    let bench = bench(true);
    let guest = bench.get_id(Value::Null).unwrap();
    let output = bench.credentials(&guest, of("ann")).unwrap();
    assert_eq!((output["IdentityId"].as_str(), bench.get_id(of("ann"))), (Some(&*guest), Ok(guest.clone())));
    assert!(bench.credentials(&guest, Value::Null).is_err());
    let second = bench.get_id(Value::Null).unwrap();
    assert_eq!(bench.credentials(&second, of("ann")).unwrap()["IdentityId"], json!(guest));
}

#[tokio::test]
async fn a_token_for_sts_gives_the_roles_of_its_pool_and_kind() {
    let bench = bench(true);
    let ann = bench.get_id(of("ann")).unwrap();
    let token = bench.call("GetOpenIdToken", json!({ "IdentityId": ann, "Logins": of("ann") })).unwrap();
    let token = token["Token"].as_str().unwrap();
    let assume = |role: &str, seconds: Option<&str>| {
        let role_arn = format!("arn:aws:iam::000000000000:role/orders-Visitors-{role}");
        let policy = r#"{"Statement":[]}"#;
        let request = WithToken { role_arn: &role_arn, session: "web", token, policy: Some(policy), seconds };
        bench.pools.assume_with_token(&bench.rest, request).map(|_| bench.last())
    };
    let session = assume("authenticated", Some("900")).unwrap();
    assert!(session.limit.is_some() && session.life == Duration::from_secs(900) && session.session == "web");
    assert_eq!(assume("unauthenticated", None).unwrap_err(), StsError::AccessDenied);
    assert_eq!(assume("other", None).unwrap_err(), StsError::AccessDenied);
    assert_eq!(assume("authenticated", Some("60")).unwrap_err().code(), "ValidationError");
    let forged = WithToken { role_arn: "", session: "web", token: "{", policy: None, seconds: None };
    assert_eq!(bench.pools.assume_with_token(&bench.rest, forged).unwrap_err(), StsError::InvalidToken);
}

#[tokio::test]
async fn what_the_owner_asks_needs_a_signature() {
    let bench = bench(true);
    let needed =
        |operation: &str| bench.pools.required_access(&format!("{TARGET}{operation}"), br#"{"IdentityPoolId":"p"}"#);
    assert_eq!(needed("GetId"), None);
    let (action, resource) = needed("ListIdentities").unwrap();
    assert_eq!(action, "cognito-identity:ListIdentities");
    assert_eq!(resource, "arn:aws:cognito-identity:us-east-1:000000000000:identitypool/p");
    let ids = [bench.get_id(of("ann")).unwrap(), bench.get_id(of("bob")).unwrap()];
    let page = bench.call("ListIdentities", json!({ "IdentityPoolId": bench.pool, "MaxResults": 1 })).unwrap();
    let second = bench.call(
        "ListIdentities",
        json!({ "IdentityPoolId": bench.pool, "MaxResults": 1, "NextToken": page["NextToken"] }),
    );
    let second = second.unwrap();
    let mut listed = [&page, &second].map(|page| page["Identities"][0]["IdentityId"].as_str().unwrap().to_owned());
    listed.sort();
    let mut ids = ids;
    ids.sort();
    assert_eq!((listed, second.get("NextToken")), (ids, None));
    bench.refused(bench.call("LookupDeveloperIdentity", json!({})), expect!["NotImplementedException: LookupDeveloperIdentity, of developer identities, is not emulated on this machine: test it in an account"]);
}
