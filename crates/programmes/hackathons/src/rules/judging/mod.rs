//! Judging: rubrics and orders, their results, decisions about ties, the assignment of projects to judges, and rounds.

pub mod assignment;
pub mod decisions;
pub mod insertion;
pub mod planner;
pub mod ranking;
pub mod results;
pub mod rounds;
pub mod rubric;
pub mod scores;
pub mod settings;
#[cfg(test)]
mod simulation;
