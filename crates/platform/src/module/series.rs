use chrono::NaiveDate;
use futures_util::future::BoxFuture;
use kernel::Timestamp;

use crate::{Context, db::DbError, flags::Flag};

/// A function that counts by day (UTC) since an instant, oldest first, without days that have none.
pub type SeriesFn =
    for<'a> fn(&'a Context, Timestamp) -> BoxFuture<'a, Result<Vec<(NaiveDate, i64)>, DbError>>;

/// An activity of people, counted by day, for the page of use.
#[derive(Clone, Copy, Debug)]
pub struct UseSeries {
    /// Its code in addresses and files: `sign_ups`.
    pub code: &'static str,
    /// Its name for people: "Sign-ups".
    pub title: &'static str,
    /// The unit, such as "people".
    pub unit: &'static str,
    /// The flag of the feature. `None` if the feature cannot be off.
    pub flag: Option<&'static Flag>,
    pub read: SeriesFn,
}
