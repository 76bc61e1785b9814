use skyloom::{Deployment, Error, Public, handler};

#[handler(GET "/", auth = Public, deployment = canary("10%", "5m", before = smoke_test), provisioned_concurrency = 5)]
async fn home() -> &'static str {
    "home"
}

#[handler(invoke, deployment = linear("25%", "1h", before = smoke_test, after = r#match,))]
async fn add() {}

#[handler(schedule = "rate(1 hour)", deployment = all_at_once)]
async fn report() {}

#[handler(hook, timeout = "5m", memory = 512)]
async fn smoke_test(deployment: Deployment) -> Result<(), Error> {
    let _: u64 = deployment.invoke(&1).await?;
    Ok(())
}

#[handler(hook)]
async fn r#match() {}
