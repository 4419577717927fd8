//! The numbers of use, for the page, its files and the API.

use chrono::{Days, NaiveDate};
use platform::{Context, db::DbError, module::UseSeries};

use super::active::{active_by_sign_up, active_known_since, active_people, active_since};
use crate::{
    model::Accounts,
    rules::{Cohort, Length, cohorts, midnight, summed},
};

/// The code of the numbers of active people, which no module declares.
pub(crate) const ACTIVE: &str = "active_people";

/// The use of the server by the periods of a length up to today.
pub(crate) struct Usage {
    /// The first days of the periods, oldest first.
    pub(crate) periods: Vec<NaiveDate>,
    /// The people who were active today, in the last 7 days and in the last 30 days.
    pub(crate) active: [i64; 3],
    /// The people who signed up in the last 7 days.
    pub(crate) sign_ups: i64,
    /// The active people, then the series of features that are on for someone.
    pub(crate) series: Vec<Numbers>,
    pub(crate) cohorts: Vec<Cohort>,
    /// The first day of which activity is known.
    pub(crate) known_since: Option<NaiveDate>,
}

/// A series of numbers by period.
pub(crate) struct Numbers {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    /// The unit, such as "people".
    pub(crate) unit: &'static str,
    /// The number of each period.
    pub(crate) values: Vec<i64>,
}

impl Numbers {
    /// Returns the sum of all periods; `None` for people, of whom several periods have the same.
    pub(crate) fn total(&self) -> Option<i64> {
        (self.code != ACTIVE).then(|| self.values.iter().sum())
    }
}

/// Returns the use of the server by the periods of a length.
///
/// # Errors
/// When the database fails.
pub(crate) async fn usage(
    context: &Context,
    accounts: &Accounts,
    length: Length,
) -> Result<Usage, DbError> {
    let (db, today) = (&context.db, context.now().date_naive());
    let periods = length.periods(today);
    let first = periods.first().copied().unwrap_or(today);
    let days = active_people(db, length, first).await?;
    let mut series = vec![Numbers {
        code: ACTIVE,
        title: "Active people",
        unit: "people",
        values: summed(&days, length, &periods),
    }];
    for shown in shown_series(context, accounts) {
        let days = (shown.read)(context, midnight(first)).await?;
        series.push(Numbers {
            code: shown.code,
            title: shown.title,
            unit: shown.unit,
            values: summed(&days, length, &periods),
        });
    }
    let known_since = active_known_since(db).await?;
    let (sign_ups, cohorts) = retention(context, accounts).await?;
    let week = before(today, 6);
    Ok(Usage {
        periods,
        active: [
            active_since(db, today).await?,
            active_since(db, week).await?,
            active_since(db, before(today, 29)).await?,
        ],
        sign_ups: sign_ups.iter().filter(|(day, _)| *day >= week).map(|(_, number)| number).sum(),
        series,
        cohorts,
        known_since,
    })
}

/// Returns the series of features that are on for someone.
pub(crate) fn shown_series<'a>(
    context: &'a Context,
    accounts: &Accounts,
) -> impl Iterator<Item = &'static UseSeries> + use<'a> {
    let all = accounts.modules.iter().flat_map(|module| module.series);
    all.filter(move |series| series.flag.is_none_or(|flag| context.flags.is_on_for_anyone(flag)))
}

/// Returns the sign-ups by day, and how many people of each month came back.
///
/// # Errors
/// When the database fails.
pub(crate) async fn retention(
    context: &Context,
    accounts: &Accounts,
) -> Result<(Vec<(NaiveDate, i64)>, Vec<Cohort>), DbError> {
    let today = context.now().date_naive();
    let months = Length::Month.periods(today);
    let first = months.first().copied().unwrap_or(today);
    let mut series = accounts.modules.iter().flat_map(|module| module.series);
    let sign_ups = match series.find(|series| series.code == "sign_ups") {
        Some(series) => (series.read)(context, midnight(first)).await?,
        None => Vec::new(),
    };
    let active = active_by_sign_up(&context.db, first).await?;
    let known_since = active_known_since(&context.db).await?;
    let cohorts = cohorts(&sign_ups, &active, known_since, today);
    Ok((sign_ups, cohorts))
}

/// Returns the day that is a number of days before another one.
pub(crate) fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}
