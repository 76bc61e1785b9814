//! Queries of random tables, compared with what they mean in Rust; and random structs, written and read back.

#[path = "model/answers.rs"]
mod answers;
#[path = "model/kept.rs"]
mod kept;
#[path = "model/question.rs"]
mod question;
#[path = "model/rows.rs"]
mod rows;

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use skyloom::__private::application;
use skyloom_local::{__private::run, Local};

use self::{
    answers::Answer,
    question::{Question, question},
    rows::{Row, row},
};

/// The same cases in every run.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Every case has tables of its own, so that a failing one can be made smaller.
#[test]
fn a_query_means_the_same_to_dynamodb_and_in_rust() {
    let cases = (vec(row(), 0..60), vec(question(), 1..24));
    let compare = |(rows, questions): (Vec<Row>, Vec<Question>)| {
        let case = (&rows, &questions);
        let answers: Result<Vec<Answer>, String> =
            run(application(env!("CARGO_PKG_NAME")), "a query", async |app: Local| app.invoke("answers", &case).await);
        let answers = answers.map_err(TestCaseError::fail)?;
        prop_assert_eq!(answers.len(), questions.len());
        for (question, answer) in questions.iter().zip(&answers) {
            question.check(&rows, answer).map_err(|why| TestCaseError::fail(format!("{question:?}: {why}")))?;
        }
        Ok(())
    };
    runner(48).run(&cases, compare).unwrap_or_else(|failure| panic!("{failure}"));
}
