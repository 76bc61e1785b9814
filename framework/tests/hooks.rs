//! A hook calls the version that is being deployed, and tells CodeDeploy how it ended, whatever happens.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Deployment, Error, Json, Read, Table, handler};
use skyloom_local::{HookStatus, Local};

/// What the next hook has to cope with.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Trouble {
    #[partition_key]
    id: String,
    kind: String,
}

#[handler(invoke, deployment = canary("10%", "5m", before = smoke_test, after = look_around))]
async fn add(Json(numbers): Json<Vec<u64>>, troubles: Read<Trouble>) -> Result<Json<u64>, Error> {
    match trouble(&troubles).await?.as_deref() {
        Some("broken") => Err(Error::internal("it does not add any more")),
        Some("wrong") => Ok(Json(0)),
        _ => Ok(Json(numbers.iter().sum())),
    }
}

#[handler(invoke, deployment = all_at_once(after = look_around))]
async fn multiply(Json(numbers): Json<Vec<u64>>) -> Json<u64> {
    Json(numbers.iter().product())
}

async fn trouble(troubles: &Read<Trouble>) -> Result<Option<String>, Error> {
    Ok(troubles.get("next").await?.map(|trouble| trouble.kind))
}

/// Nobody gets a version of `add` that cannot add.
#[handler(hook, timeout = "30s")]
async fn smoke_test(deployment: Deployment, troubles: Read<Trouble>) -> Result<(), Error> {
    match trouble(&troubles).await?.as_deref() {
        Some("panic") => panic!("a panic of the hook"),
        Some("endless") => tokio::time::sleep(Duration::from_secs(3_600)).await,
        _ => {}
    }
    let three: u64 = deployment.invoke(&[1, 2]).await?;
    if three == 3 { Ok(()) } else { Err(Error::internal(format!("1 + 2 is {three}"))) }
}

/// Says which functions it is there for, as the error of what it cannot do.
#[handler(hook)]
async fn look_around(deployment: Deployment) -> Result<(), Error> {
    let six: u64 = deployment.invoke_function("multiply", &[2, 3]).await?;
    assert_eq!((six, deployment.id().starts_with("d-")), (6, true));
    let several = deployment.invoke::<u64>(&[1]).await.map(drop);
    let unknown = deployment.invoke_function::<u64>("ad", &[1]).await.map(drop);
    unknown.and(several)
}

async fn with_trouble(app: &Local, kind: &str) {
    app.table::<Trouble>().put(&Trouble { id: "next".into(), kind: kind.into() }).await;
}

fn said(app: &Local, hook: &str) -> String {
    app.logs(hook).concat()
}

#[skyloom_local::test]
async fn a_hook_that_is_content_succeeds(app: Local) {
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Succeeded));
    assert_eq!(app.invocations("add"), 1);
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:skyloom-add:1";
    let used: Vec<_> = app.used_permissions("smoke_test").into_iter().map(|(_, arn)| arn).collect();
    assert!(used.contains(&arn.to_owned()), "{used:?}");
}

#[skyloom_local::test]
async fn a_hook_fails_by_an_error(app: Local) {
    with_trouble(&app, "wrong").await;
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Failed));
    assert!(said(&app, "smoke_test").contains("1 + 2 is 0"));
}

#[skyloom_local::test]
async fn a_version_that_fails_is_told_with_its_own_words(app: Local) {
    with_trouble(&app, "broken").await;
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Failed));
    let said = said(&app, "smoke_test");
    assert!(said.contains("the new version of `add`") && said.contains("it does not add any more"), "{said}");
}

#[skyloom_local::test]
async fn a_panic_is_a_failure(app: Local) {
    with_trouble(&app, "panic").await;
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Failed));
}

#[skyloom_local::test]
async fn a_hook_that_takes_too_long_fails_before_lambda_stops_it(app: Local) {
    with_trouble(&app, "endless").await;
    let begin = app.now();
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Failed));
    let took = app.now().duration_since(begin).unwrap();
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(said(&app, "smoke_test").contains("longer than its `timeout`"));
}

#[skyloom_local::test]
async fn a_hook_may_call_nothing_without_its_permission(app: Local) {
    app.revoke("smoke_test", "lambda:InvokeFunction");
    assert_eq!(app.hook("smoke_test").await, Ok(HookStatus::Failed));
    assert!(said(&app, "smoke_test").contains("is not authorized to perform: lambda:InvokeFunction"));
    assert_eq!(app.invocations("add"), 0);
}

#[skyloom_local::test]
async fn a_hook_that_may_not_report_fails_itself(app: Local) {
    app.revoke("smoke_test", "codedeploy:PutLifecycleEventHookExecutionStatus");
    let error = app.hook("smoke_test").await.unwrap_err();
    assert!(error.contains("not authorized to perform: codedeploy:PutLifecycleEventHookExecutionStatus"), "{error}");
}

#[skyloom_local::test]
async fn a_hook_of_several_functions_names_the_one_that_it_calls(app: Local) {
    assert_eq!(app.hook("look_around").await, Ok(HookStatus::Failed));
    let said = said(&app, "look_around");
    assert!(said.contains("not there for a function `ad`; did you mean `add`?"), "{said}");
}

#[skyloom_local::test]
async fn only_a_hook_that_a_function_names_is_one(app: Local) {
    let error = app.hook("smoke_tset").await.unwrap_err();
    assert_eq!(error, "no function's `deployment` names a hook `smoke_tset`");
}
