/// The form of events and answers between API Gateway and a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadFormat {
    /// 1.0, of REST APIs.
    One,
    /// 2.0, of HTTP APIs.
    Two,
}
