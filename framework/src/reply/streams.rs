//! Whether a handler's reply is sent as it comes.
//!
//! Only the type that it returns says so, which need not be a reply at all: that is an error elsewhere, and not again here. So an
//! expansion calls a method on `&&Probe<T>`, and method resolution takes the first of these traits whose bounds hold.

use super::Reply;
pub use crate::openapi::probe::Probe;

/// A reply.
pub trait KnownReply {
    /// What it says.
    fn streams(&self) -> bool;
}

/// Any other type.
pub trait UnknownReply {
    /// It does not.
    fn streams(&self) -> bool {
        false
    }
}

impl<R: Reply> KnownReply for &Probe<R> {
    fn streams(&self) -> bool {
        R::STREAMS
    }
}

impl<R> UnknownReply for Probe<R> {}
