//! Slow requests and slow statements of this process, until they are taken to be stored. What is noted is bounded, so that a slow
//! server does not run out of memory as well. Owns no table.

mod layer;
mod requests;
mod statements;

pub use layer::watch;
pub(crate) use requests::Trace;
pub use requests::{SlowRequest, SlowRequests};
pub use statements::SlowStatement;
pub(crate) use statements::{SlowStatements, Timed};
