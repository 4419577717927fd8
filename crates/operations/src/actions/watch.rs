use kernel::dollars;
use platform::{
    Context,
    alerts::{Incident, Severity},
    config::Config,
    db::DbError,
};

use crate::{
    reads::{database_cost, people_of_days},
    rules::{COMPARED_DAYS, fewer_people, is_far_over},
};

/// The kind of alert about the cost of the database.
pub(crate) const DATABASE_COST: &str = "database_cost";
/// The kind of alert for a day with few people.
pub(crate) const ACTIVITY: &str = "daily_active_people";

/// Returns the incident of a last full day with less than half of the people of the seven days before it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_activity(context: &Context) -> Result<Vec<Incident>, DbError> {
    let days = people_of_days(context, COMPARED_DAYS).await?;
    Ok(fewer_people(&days).into_iter().collect())
}

/// Returns the incident of a database that will cost more than 150 % of its budget.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_database_cost(
    context: &Context,
    config: &Config,
) -> Result<Vec<Incident>, DbError> {
    if config.database_budget == 0 {
        return Ok(Vec::new());
    }
    let cost = database_cost(context, config).await?;
    if !is_far_over(cost.projected, cost.budget) {
        return Ok(Vec::new());
    }
    let (projected, budget) = (dollars(cost.projected), dollars(cost.budget));
    Ok(vec![Incident {
        subject: "database".to_owned(),
        severity: Severity::High,
        title: format!("The database will cost {projected} this month, over 150 % of {budget}"),
        text: "Open the page of costs, then the health page, which lists the largest tables. Shorten retentions, or raise \
               GUILDHALL_DATABASE_BUDGET_USD, and restart."
            .to_owned(),
        link: "/admin/costs",
    }])
}
