//! The operator's half: costs, use, and what was slow.

mod costs;
mod numbers;
mod slow;
