/// A type that stands for an API: what `api = …` of a handler names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no API, so `api` cannot name it",
    label = "no API",
    note = "derive it: `#[derive(skyloom::Api)] struct {Self};`"
)]
pub trait ApiType {
    /// Its name in the manifest.
    const NAME: &'static str;
}
