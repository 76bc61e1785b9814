/// How likely each fault is, from 0, never, to 1, always. A test sets them by name:
/// `#[skyloom_local::test(orders, seeds = 200, faults(throttle = 0.2, crash = 0))]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// DynamoDB refuses a call because there are too many.
    pub throttle: f64,
    /// DynamoDB does only a part of a batch.
    pub unprocessed: f64,
    /// DynamoDB fails, and has done nothing.
    pub error: f64,
    /// DynamoDB does what it was asked, but the answer never arrives.
    pub lost_answer: f64,
    /// A transaction is at work on the item; only where there are transactions.
    pub conflict: f64,
    /// A batch of a stream is delivered twice.
    pub duplicate: f64,
    /// A function's environment ends before it begins, at a call of DynamoDB, or when all is done.
    pub crash: f64,
    /// A function runs in a new environment although another is idle.
    pub cold_start: f64,
    /// A new environment takes seconds to start.
    pub slow_start: f64,
    /// A call or a delivery takes a while, so that others overtake it.
    pub delay: f64,
}

impl Rates {
    /// What a test has that says nothing else: each kind comes up in most runs of a few dozen calls, and SDK and Lambda
    /// still get through by trying again.
    pub const DEFAULT: Self = Self {
        throttle: 0.02,
        unprocessed: 0.1,
        error: 0.01,
        lost_answer: 0.01,
        conflict: 0.02,
        duplicate: 0.1,
        crash: 0.01,
        cold_start: 0.1,
        slow_start: 0.02,
        delay: 0.1,
    };

    /// No fault at all, to name the few that a test is about.
    pub const NONE: Self = Self {
        throttle: 0.0,
        unprocessed: 0.0,
        error: 0.0,
        lost_answer: 0.0,
        conflict: 0.0,
        duplicate: 0.0,
        crash: 0.0,
        cold_start: 0.0,
        slow_start: 0.0,
        delay: 0.0,
    };
}
