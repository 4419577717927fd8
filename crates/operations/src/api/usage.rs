use axum::{Extension, Json, extract::State};
use chrono::NaiveDate;
use identity::access::Admin;
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    model::Accounts,
    reads::{self, Numbers},
    rules::{Cohort, Length},
};

/// How the server is used, by day, week or month (UTC).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "by": "week", "active_today": 14, "active_7_days": 61, "active_30_days": 140, "sign_ups_7_days": 5,
    "known_since": "2026-09-01",
    "series": [{
        "code": "sign_ups", "title": "Sign-ups", "unit": "people", "total": 5,
        "periods": [{ "first_day": "2026-10-26", "number": 5 }]
    }],
    "cohorts": [{ "month": "2026-09", "people": 20, "percent_active_later": [45, null, null, null, null, null] }]
}))]
pub(super) struct Usage {
    /// The length of the periods: `day`, `week` or `month`.
    by: &'static str,
    /// The people who were active today.
    active_today: i64,
    /// The people who were active in the last 7 days.
    active_7_days: i64,
    /// The people who were active in the last 30 days.
    active_30_days: i64,
    /// The people who signed up in the last 7 days.
    sign_ups_7_days: i64,
    /// The first day of which activity is known. Null before the first.
    #[schema(value_type = Option<String>, format = Date)]
    known_since: Option<NaiveDate>,
    /// The active people, then what they did.
    series: Vec<UsageSeries>,
    /// The people who signed up in each of the last six full months.
    cohorts: Vec<UsageCohort>,
}

/// Numbers by period.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct UsageSeries {
    /// Its code, such as `sign_ups`, which is the name of its CSV file at `/admin/use`.
    code: &'static str,
    /// Its name.
    title: &'static str,
    /// The unit, such as "people".
    unit: &'static str,
    /// The sum of all periods. Null for active people, of whom several periods have the same.
    total: Option<i64>,
    /// The last 30 days, 13 weeks or 12 months, oldest first.
    periods: Vec<UsagePeriod>,
}

/// The number of a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct UsagePeriod {
    /// The first day of the period. Weeks begin on Monday.
    #[schema(value_type = String, format = Date)]
    first_day: NaiveDate,
    /// The number.
    number: i64,
}

/// The people who signed up in a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct UsageCohort {
    /// The month, `YYYY-MM`.
    month: String,
    /// Their number.
    people: i64,
    /// How many percent of them were active one month later, two months later and so on. Null where it is not known.
    percent_active_later: Vec<Option<i64>>,
}

impl Usage {
    fn of(usage: reads::Usage, length: Length) -> Self {
        let [active_today, active_7_days, active_30_days] = usage.active;
        let series = usage.series.into_iter();
        Self {
            by: length.name(),
            active_today,
            active_7_days,
            active_30_days,
            sign_ups_7_days: usage.sign_ups,
            known_since: usage.known_since,
            series: series.map(|numbers| UsageSeries::of(&numbers, &usage.periods)).collect(),
            cohorts: usage.cohorts.into_iter().map(Into::into).collect(),
        }
    }
}

impl UsageSeries {
    fn of(numbers: &Numbers, periods: &[NaiveDate]) -> Self {
        let periods = periods.iter().zip(&numbers.values);
        let period = |(first_day, number): (&NaiveDate, &i64)| UsagePeriod {
            first_day: *first_day,
            number: *number,
        };
        Self {
            code: numbers.code,
            title: numbers.title,
            unit: numbers.unit,
            total: numbers.total(),
            periods: periods.map(period).collect(),
        }
    }
}

impl From<Cohort> for UsageCohort {
    fn from(cohort: Cohort) -> Self {
        Self {
            month: cohort.month.format("%Y-%m").to_string(),
            people: cohort.people,
            percent_active_later: cohort.came_back,
        }
    }
}

/// The length of the periods that a request selects.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct UsageSearch {
    /// The length of the periods: `day`, `week` or `month`. A week by default.
    #[param(value_type = String, required = false, example = "week", pattern = "^(day|week|month)$")]
    by: Option<String>,
}

impl UsageSearch {
    fn length(&self) -> Result<Length, Problem> {
        let Some(by) = self.by.as_deref() else {
            return Ok(Length::Week);
        };
        Length::ALL.into_iter().find(|length| length.name() == by).ok_or_else(|| {
            let detail = format!("by is '{by}'. Use day, week or month.");
            Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
        })
    }
}

/// Returns how many people are active, what they do, and how many come back.
#[utoipa::path(
    get,
    path = "/api/v1/admin/use",
    operation_id = "get_usage",
    tag = "Admin",
    params(UsageSearch),
    responses((status = 200, description = "The numbers", body = Usage)),
    security(("session" = []), ("bearer" = ["admin"]))
)]
pub(super) async fn usage(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
    Query(search): Query<UsageSearch>,
) -> Result<Json<Usage>, WebError> {
    let length = search.length()?;
    Ok(Json(Usage::of(reads::usage(&context, &accounts, length).await?, length)))
}
