use orders as _;
fn main() { skyloom_local::__private::run(skyloom::__private::application("orders"), "x", |app| async move { let r = app.get("/health").send().await; println!("{r:?}"); }) }
