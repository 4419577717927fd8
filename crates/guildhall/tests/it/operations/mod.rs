//! The operator's half: costs, and what was slow.

mod costs;
mod slow;
