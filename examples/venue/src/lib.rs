//! The Blue Hall: a house for concerts, and who has to do with it.
//!
//! | Who | comes by | proves it by |
//! |---|---|---|
//! | visitors | the site, an HTTP API | a token of their pool, whose scope says that it may buy |
//! | the crew | the site and the house's REST API | a token of their pool, after a second factor |
//! | ticket shops | the house's REST API | an API key, which counts and limits them |
//! | agencies | the house's REST API | headers that an authorizer reads; a policy says which acts are theirs |
//! | scanners at the doors | a WebSocket API | the token of the device |
//! | fans, and guests | AWS's own APIs, and signed routes | credentials of an identity pool |
//! | the accountant | the URL of a function | credentials of the account |
//!
//! Each module is one of the house's counters; [`people`] says who is who.

pub mod agencies;
pub mod doors;
pub mod fans;
pub mod house;
pub mod office;
pub mod people;
pub mod programme;
pub mod tickets;
