//! Runs that fail on purpose say nothing: what is of interest is only whether they fail.

use std::{cell::Cell, panic, sync::Once};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does it without the messages of panics in this thread; those of other threads, other tests, are written as ever.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> T {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                usual(panic);
            }
        }));
    });
    IS_QUIET.set(true);
    let _loud = Loud;
    run()
}

/// Ends the silence, also where a panic gets through.
struct Loud;

impl Drop for Loud {
    fn drop(&mut self) {
        IS_QUIET.set(false);
    }
}
