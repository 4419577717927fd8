//! The operator's half: costs, use, what was slow, and what people say about the server.

mod costs;
pub(crate) mod feedback;
mod numbers;
mod slow;
