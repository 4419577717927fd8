//! Queries for the pages and the API, and what they say of the server's state.

mod active;
pub(crate) mod backups;
mod costs;
mod feedback;
pub(crate) mod log_copies;
mod own;
mod slow;
mod usage;

use platform::{Context, db::DbError};

pub(crate) use active::{ACTIVE_PEOPLE, people_of_days};
pub use active::{active_by_sign_up, active_known_since, active_people, active_since};
pub use costs::{MonthCosts, database_cost, month_costs};
pub use feedback::{feedback, feedback_before, open_feedback, own_feedback};
pub(crate) use own::export;
pub use slow::{RequestRow, StatementRow, slow_requests, slow_statements};
pub(crate) use usage::{ACTIVE, Numbers, Usage, before, retention, shown_series, usage};

/// Sets the gauges.
pub(crate) async fn measure(context: &Context) -> Result<(), DbError> {
    backups::measure(context).await?;
    log_copies::measure(context);
    active::measure(context).await
}
