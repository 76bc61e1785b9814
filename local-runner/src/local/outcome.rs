use std::fmt::Debug;

/// What a test may return: nothing, or a `Result` that fails it.
#[diagnostic::on_unimplemented(message = "a test returns nothing or a `Result`, not `{Self}`")]
pub trait Outcome {
    /// Why the test failed, if it did.
    fn failure(&self) -> Option<String>;
}

impl Outcome for () {
    fn failure(&self) -> Option<String> {
        None
    }
}

impl<T, E: Debug> Outcome for Result<T, E> {
    fn failure(&self) -> Option<String> {
        self.as_ref().err().map(|error| format!("it returned {error:?}"))
    }
}
