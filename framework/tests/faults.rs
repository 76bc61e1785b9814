//! An application under the faults of the cloud: what has to hold, holds under every seed; what does not, is found.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Change, Context, Error, Json, Path, Public, Table, Write, handler, table};
use skyloom_local::{
    __private::{Rates, run, run_seeds},
    Local,
};

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Parcel {
    #[partition_key]
    id: String,
    step: u32,
}

/// The steps of each parcel as they came, and how many there were.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Trace {
    #[partition_key]
    id: String,
    last: u32,
    count: u32,
}

/// One for each parcel that has come to its end.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Arrival {
    #[partition_key]
    id: String,
}

#[handler(PUT "/parcels/{id}", auth = Public)]
async fn move_parcel(Path(id): Path<String>, Json(step): Json<u32>, parcels: Write<Parcel>) -> Result<(), Error> {
    Ok(parcels.put(&Parcel { id, step }).await?)
}

/// Right: what comes twice is done once, and order is kept.
#[handler(stream = Parcel, batch_size = 5)]
async fn arrive(change: Change<Parcel>, arrivals: Write<Arrival>) -> Result<(), Error> {
    match change.into_new() {
        Some(Parcel { id, step: 3 }) => Ok(arrivals.put(&Arrival { id }).await?),
        _ => Ok(()),
    }
}

/// Wrong: what comes twice is counted twice. It also shows in which order steps come.
#[handler(stream = Parcel, batch_size = 5)]
async fn trace(change: Change<Parcel>, traces: Write<Trace>) -> Result<(), Error> {
    let Some(Parcel { id, step }) = change.into_new() else { return Ok(()) };
    traces.update(id).set(Trace::LAST, step).add(Trace::COUNT, 1).or_create().await?;
    Ok(())
}

/// Many at once.
#[handler(invoke)]
async fn put_many(Json(ids): Json<Vec<String>>, arrivals: Write<Arrival>) -> Result<(), Error> {
    let all: Vec<_> = ids.into_iter().map(|id| Arrival { id }).collect();
    Ok(arrivals.put_many(&all).await?)
}

/// Says what its table said.
#[handler(invoke)]
async fn try_put(arrivals: Write<Arrival>) -> Result<Json<String>, Error> {
    Ok(Json(match arrivals.put(&Arrival { id: "1".into() }).await {
        Ok(()) => "done".into(),
        Err(table::Error::Throttled) => "throttled".into(),
        Err(error) => error.to_string(),
    }))
}

/// Seconds since the epoch, and how many are left.
#[handler(invoke)]
async fn time(context: Context) -> Json<(u64, u64)> {
    let now = context.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs();
    Json((now, context.remaining_time().as_secs()))
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Echo {
    #[partition_key]
    id: String,
    count: u64,
}

/// A circle: it answers each change with another.
#[handler(stream = Echo)]
async fn echo(change: Change<Echo>, echoes: Write<Echo>) -> Result<(), Error> {
    let Some(Echo { id, count }) = change.into_new() else { return Ok(()) };
    Ok(echoes.put(&Echo { id, count: count + 1 }).await?)
}

const PARCELS: [&str; 4] = ["a", "b", "c", "d"];

async fn move_all(app: &Local) {
    for step in 1..=3_u32 {
        for id in PARCELS {
            app.put(&format!("/parcels/{id}")).json(&step).send_until_accepted().await.expect(204);
        }
    }
    app.advance(Duration::from_secs(3_600)).await;
}

#[skyloom_local::test(seeds = 30)]
async fn nothing_is_lost_and_the_order_of_an_item_is_kept(app: Local) {
    move_all(&app).await;
    for id in PARCELS {
        assert!(app.table::<Arrival>().get(id).await.is_some(), "{id} has arrived");
        let trace = app.table::<Trace>().get(id).await.expect("it was seen");
        assert_eq!(trace.last, 3);
        assert!(trace.count >= 3);
    }
}

#[skyloom_local::test]
async fn without_seeds_there_are_no_faults(app: Local) {
    move_all(&app).await;
    assert_eq!(app.table::<Trace>().get("a").await.map(|trace| trace.count), Some(3));
    assert!(!app.event_log().iter().any(|line| line.contains(" fault ")));
    assert_eq!(app.seed(), 0);
}

fn application() -> skyloom_manifest::bridge::Application {
    skyloom::__private::application("faults")
}

/// The message of the panic that has to come.
fn panic_of(test: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(test).expect_err("it fails");
    panic.downcast_ref::<String>().cloned().expect("a message")
}

async fn each_step_is_counted_once(app: Local) {
    move_all(&app).await;
    for id in PARCELS {
        assert_eq!(app.table::<Trace>().get(id).await.map(|trace| trace.count), Some(3));
    }
}

#[test]
fn a_failing_seed_comes_with_the_few_faults_that_it_takes() {
    let all = || run_seeds(application(), "tests::counted", 200, Rates::DEFAULT, each_step_is_counted_once);
    let report = panic_of(all);
    assert!(report.contains("tests::counted failed under seed "), "{report}");
    assert!(report.contains(" faults it takes 1:\n   1. 2026-01-01T0"), "{report}");
    assert!(report.contains("SKYLOOM_SEED="), "{report}");
    assert_eq!(panic_of(all), report);
}

#[test]
fn the_same_seed_is_the_same_run() {
    let logs = std::cell::RefCell::new(Vec::new());
    for _ in 0..2 {
        run_seeds(application(), "same", 5, Rates::DEFAULT, async |app: Local| {
            move_all(&app).await;
            logs.borrow_mut().push(app.event_log());
        });
    }
    let logs = logs.into_inner();
    assert_eq!(logs[..5], logs[5..]);
    assert_ne!(logs[0], logs[1]);
    assert!(logs.concat().iter().any(|line| line.contains(" fault ")));
}

/// What a function answers under faults that are sure to come.
fn answered(rates: Rates) -> String {
    let answers = std::cell::RefCell::new(Vec::new());
    run_seeds(application(), "answered", 1, rates, async |app: Local| {
        let answer: Result<String, String> = app.invoke("try_put", &()).await;
        answers.borrow_mut().push(answer.unwrap_or_else(|error| error));
    });
    answers.into_inner().concat()
}

#[test]
fn a_handler_is_told_once_the_retries_are_used_up() {
    assert_eq!(answered(Rates { throttle: 1.0, ..Rates::NONE }), "throttled");
    assert_eq!(answered(Rates { error: 1.0, ..Rates::NONE }), "InternalServerError: Internal server error");
    assert_eq!(answered(Rates { lost_answer: 1.0, ..Rates::NONE }), "no answer of DynamoDB");
    assert_eq!(answered(Rates::NONE), "done");
}

#[test]
fn a_function_that_dies_fails_as_lambda_says() {
    let answer = answered(Rates { crash: 1.0, ..Rates::NONE });
    assert!(answer.ends_with("Error: Runtime exited with error: signal: killed"), "{answer}");
}

#[test]
fn what_a_batch_leaves_undone_is_done_in_the_end() {
    let rates = Rates { unprocessed: 0.5, ..Rates::NONE };
    run_seeds(application(), "batches", 10, rates, async |app: Local| {
        let ids: Vec<_> = (0..60).map(|id| format!("{id:02}")).collect();
        app.invoke::<()>("put_many", &ids).await.expect("all are put");
        assert_eq!(app.table::<Arrival>().all().await.len(), 60);
    });
}

#[skyloom_local::test]
async fn a_handler_has_the_tests_time(app: Local) {
    let timeout = u64::from(app.manifest().functions.iter().find(|it| it.name == "time").expect("it is there").timeout);
    assert_eq!(app.invoke("time", &()).await, Ok((1_767_225_600, timeout)));
    app.advance(Duration::from_secs(86_400)).await;
    assert_eq!(app.invoke("time", &()).await, Ok((1_767_312_000, timeout)));
}

#[test]
fn work_without_end_is_told_with_who_did_what() {
    let report = panic_of(|| {
        run(application(), "circle", async |app: Local| {
            app.table::<Echo>().put(&Echo { id: "1".into(), count: 0 }).await;
            app.settle().await;
        });
    });
    assert!(report.contains("1000 × echo called PutItem on faults-Echo"), "{report}");
    assert!(report.contains("1000 × the stream of Echo invoked echo"), "{report}");
    assert!(report.contains("the last events:"), "{report}");
}
