use kernel::{Month, Timestamp};
use platform::{
    Context,
    config::Config,
    db::DbError,
    module::{Spending, Spent},
};

use super::slow::count_slow_statements;
use crate::{
    model::Accounts,
    rules::{Advice, Elapsed, ServiceCost, advice, in_gigabytes},
    store::storage::{self, MeanSizes},
};

/// The costs of a month so far.
#[derive(Clone, Debug)]
pub struct MonthCosts {
    pub month: Month,
    pub elapsed: Elapsed,
    /// The services, those of modules first.
    pub services: Vec<ServiceCost>,
    /// The budget of all services; 0 if there is none.
    pub budget: i64,
    /// Ways to lower the costs.
    pub advice: Vec<Advice>,
}

impl MonthCosts {
    /// Returns the cost of all services so far.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.services.iter().map(|service| service.cost).sum()
    }

    /// Returns what the whole month will cost.
    #[must_use]
    pub fn projected(&self) -> i64 {
        self.services.iter().map(|service| service.projected).sum()
    }

    /// Returns what the previous month cost, of the services that were measured; absent if none was.
    #[must_use]
    pub fn previous(&self) -> Option<i64> {
        let known: Vec<i64> = self.services.iter().filter_map(|service| service.previous).collect();
        (!known.is_empty()).then(|| known.into_iter().sum())
    }
}

/// The month whose costs are computed, with the instant until which it is known.
#[derive(Clone, Copy)]
struct Period {
    month: Month,
    now: Timestamp,
    elapsed: Elapsed,
}

impl Period {
    fn at(now: Timestamp) -> Self {
        let month = Month::of(now);
        Self { month, now, elapsed: Elapsed::of(month, now) }
    }
}

/// Returns the costs of the current month.
///
/// # Errors
/// When the database fails.
pub async fn month_costs(context: &Context, accounts: &Accounts) -> Result<MonthCosts, DbError> {
    let (period, config) = (Period::at(context.now()), &*accounts.config);
    let mut services = Vec::new();
    for spending in accounts.modules.iter().flat_map(|module| module.spending) {
        services.push(paid_by_use(context, config, spending, period).await?);
    }
    let [database, disk] = storage(context, config, period).await?;
    let slow = count_slow_statements(&context.db).await?;
    let advice = advice(&services, &database, slow);
    services.extend([database, disk, machines(config, period)]);
    Ok(MonthCosts {
        month: period.month,
        elapsed: period.elapsed,
        services,
        budget: amount(config.budget),
        advice,
    })
}

/// Returns the cost of the database in the current month.
///
/// # Errors
/// When the database fails.
pub async fn database_cost(context: &Context, config: &Config) -> Result<ServiceCost, DbError> {
    let [database, _] = storage(context, config, Period::at(context.now())).await?;
    Ok(database)
}

async fn paid_by_use(
    context: &Context,
    config: &Config,
    spending: &Spending,
    period: Period,
) -> Result<ServiceCost, DbError> {
    let (month, before) = (period.month, period.month.previous());
    let Spent { units, cost } =
        (spending.read)(context, config, (month.start(), month.end())).await?;
    let previous = (spending.read)(context, config, (before.start(), before.end())).await?;
    Ok(ServiceCost {
        code: spending.code,
        title: spending.title,
        unit: spending.units,
        units: Some(units),
        cost,
        projected: period.elapsed.projected(cost),
        previous: Some(previous.cost),
        budget: amount((spending.budget)(config)),
        priced_by: spending.priced_by,
        cheaper: spending.cheaper,
    })
}

/// Returns the costs of the database and of other files, by their mean sizes.
async fn storage(
    context: &Context,
    config: &Config,
    period: Period,
) -> Result<[ServiceCost; 2], DbError> {
    let mut now = storage::of_month(&context.db, period.month).await?;
    if now.database_bytes.is_none() {
        now.database_bytes = Some(context.db.size().await?);
    }
    let before = storage::of_month(&context.db, period.month.previous()).await?;
    let cost = |of: fn(&MeanSizes) -> Option<i64>, price: u64| {
        let projected = of(&now).map_or(0, |bytes| in_gigabytes(bytes, price));
        ServiceCost {
            unit: "bytes",
            units: of(&now),
            cost: period.elapsed.so_far(projected),
            projected,
            previous: of(&before).map(|bytes| in_gigabytes(bytes, price)),
            ..ServiceCost::default()
        }
    };
    Ok([
        ServiceCost {
            code: "database",
            title: "Database",
            budget: amount(config.database_budget),
            priced_by: "GUILDHALL_DATABASE_PRICE_USD",
            ..cost(|sizes| sizes.database_bytes, config.database_price)
        },
        ServiceCost {
            code: "disk",
            title: "Other files",
            budget: amount(config.disk_budget),
            priced_by: "GUILDHALL_DISK_PRICE_USD",
            ..cost(|sizes| sizes.disk_bytes, config.disk_price)
        },
    ])
}

/// Returns the cost of the machines, which run all the time.
fn machines(config: &Config, period: Period) -> ServiceCost {
    let of_hours =
        |hours: i64| Spent::at(hours.saturating_mul(config.machines), config.machine_price);
    let hours = |month: Month| (month.end() - month.start()).num_hours();
    let so_far = of_hours((period.now - period.month.start()).num_hours());
    ServiceCost {
        code: "machines",
        title: "Machines",
        unit: "machine hours",
        units: Some(so_far.units),
        cost: so_far.cost,
        projected: of_hours(hours(period.month)).cost,
        previous: Some(of_hours(hours(period.month.previous())).cost),
        budget: amount(config.machine_budget),
        priced_by: "GUILDHALL_MACHINE_PRICE_USD",
        cheaper: None,
    }
}

/// Converts an amount of the configuration.
fn amount(configured: u64) -> i64 {
    i64::try_from(configured).unwrap_or(i64::MAX)
}
