//! Files in `ops`, which agree with the program.

mod dashboards;
mod drills;
mod expression;
mod workflow;
