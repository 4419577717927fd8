//! Files in `ops`, which agree with the program.

mod dashboards;
mod expression;
mod workflow;
