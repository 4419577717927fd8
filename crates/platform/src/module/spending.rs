use futures_util::future::BoxFuture;
use kernel::Timestamp;

use crate::{Context, config::Config, db::DbError};

/// The use of a service in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// The number of units.
    pub units: i64,
    /// The cost, in millionths of a dollar.
    pub cost: i64,
}

impl Spent {
    /// Returns the cost of units at a price in millionths of a dollar each.
    #[must_use]
    pub fn at(units: i64, price: u64) -> Self {
        let price = i64::try_from(price).unwrap_or(i64::MAX);
        Self { units, cost: units.saturating_mul(price) }
    }
}

/// A function that returns the use of a service from an instant until before another one.
pub type SpentFn = for<'a> fn(
    &'a Context,
    &'a Config,
    (Timestamp, Timestamp),
) -> BoxFuture<'a, Result<Spent, DbError>>;

/// A service that the operator pays by use.
#[derive(Clone, Copy, Debug)]
pub struct Spending {
    /// Its code in the API: `language_model`.
    pub code: &'static str,
    /// Its name for people: "Language model".
    pub title: &'static str,
    /// The units, such as "calls".
    pub units: &'static str,
    /// The environment variables of its prices, in words: "`GUILDHALL_EMAIL_PRICE_USD`".
    pub priced_by: &'static str,
    /// Returns the budget of a month in millionths of a dollar; 0 if there is none.
    pub budget: fn(&Config) -> u64,
    /// Reads its use.
    pub read: SpentFn,
    /// The step that makes its units cheaper, as a sentence; absent if there is none.
    pub cheaper: Option<&'static str>,
}
