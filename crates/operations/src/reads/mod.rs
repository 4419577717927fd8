//! Queries for the pages and the API, and what they say of the server's state.

pub(crate) mod backups;
mod costs;
mod own;
mod slow;

pub use costs::{MonthCosts, database_cost, month_costs};
pub(crate) use own::export;
pub use slow::{RequestRow, StatementRow, slow_requests, slow_statements};
