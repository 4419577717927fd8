//! The numbers of use, and their files.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use chrono::{Datelike as _, NaiveDate};
use identity::access::Admin;
use kernel::Problem;
use platform::Context;
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString,
    charts::{Look, Place, Plot, Series, Sketch},
    csv::{self, Cell},
    format::{Number, compact},
    show,
};

use crate::{
    model::Accounts,
    reads::{self, ACTIVE, Numbers, Usage, before, retention, shown_series},
    rules::{Cohort, Length, midnight, usual},
};

/// The days of a file.
const DAYS: u64 = 400;
/// The name of the file of retention.
const RETENTION: &str = "retention";

#[derive(Template)]
#[template(path = "admin_use.html")]
struct UsePage {
    length: Length,
    /// The people active today, in 7 days and in 30 days.
    active: [Number; 3],
    sign_ups: Number,
    charts: Vec<Chart>,
    cohorts: Vec<CohortRow>,
    /// The first day of which activity is known, in words.
    known_since: Option<String>,
}

impl UsePage {
    fn of(usage: Usage, length: Length) -> Self {
        let chart = |numbers: &Numbers| Chart {
            code: numbers.code,
            title: numbers.title,
            total: numbers.total().map(|sum| format!("{} {}", Number(sum), numbers.unit)),
            usual: usual(&numbers.values).map(|(last, usual)| says_usual(length, last, usual)),
            plot: drawn(numbers, length, &usage.periods),
        };
        Self {
            length,
            active: usage.active.map(Number),
            sign_ups: Number(usage.sign_ups),
            charts: usage.series.iter().map(chart).collect(),
            cohorts: usage.cohorts.into_iter().map(Into::into).collect(),
            known_since: usage.known_since.map(|day| day.format("%-d %B %Y").to_string()),
        }
    }
}

/// A chart with the file of its numbers.
struct Chart {
    code: &'static str,
    title: &'static str,
    total: Option<String>,
    /// The number of the last full period beside the usual one, in a sentence; absent if too few are known.
    usual: Option<String>,
    plot: Plot,
}

/// The people who signed up in a month.
struct CohortRow {
    month: String,
    people: Number,
    came_back: Vec<Option<i64>>,
}

impl From<Cohort> for CohortRow {
    fn from(cohort: Cohort) -> Self {
        Self {
            month: cohort.month.format("%B %Y").to_string(),
            people: Number(cohort.people),
            came_back: cohort.came_back,
        }
    }
}

/// The length of the periods: `day`, `week` or `month`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UseQuery {
    by: String,
}

/// `GET /admin/use`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
    QueryString(query): QueryString<UseQuery>,
) -> PageResult {
    let length = Length::named(&query.by);
    let usage = reads::usage(&context, &accounts, length).await?;
    show(&UsePage::of(usage, length))
}

/// `GET /admin/use/{file}`: the numbers of a chart by day, or retention, as CSV.
pub(super) async fn file(
    State(context): State<Context>,
    Extension(accounts): Extension<Accounts>,
    _: Admin,
    Address(file): Address<String>,
) -> Result<Response, PageError> {
    let today = context.now().date_naive();
    let first = before(today, DAYS);
    let name = file.strip_suffix(".csv").unwrap_or_default();
    let days = match name {
        RETENTION => {
            let (_, cohorts) = retention(&context, &accounts).await?;
            return Ok(retention_file(cohorts));
        }
        ACTIVE => reads::active_people(&context.db, Length::Day, first).await?,
        _ => {
            let found = shown_series(&context, &accounts).find(|series| series.code == name);
            let unknown = || Problem::not_found(format!("Unknown file '{file}'. See /admin/use."));
            let series = found.ok_or_else(unknown)?;
            (series.read)(&context, midnight(first)).await?
        }
    };
    let rows =
        days.into_iter().map(|(day, number)| [Cell::from(day.to_string()), Cell::from(number)]);
    Ok(csv::file(name, ["day", "number"], rows))
}

fn retention_file(cohorts: Vec<Cohort>) -> Response {
    let rows = cohorts.into_iter().map(|cohort| {
        let mut cells: Vec<Cell> =
            vec![cohort.month.format("%Y-%m").to_string().into(), cohort.people.into()];
        let shares = cohort.came_back.into_iter();
        cells.extend(shares.map(|share| Cell::Decimal(share.map(|percent| percent as f64))));
        cells
    });
    let head = [
        "month",
        "people",
        "percent_after_1_month",
        "percent_after_2_months",
        "percent_after_3_months",
        "percent_after_4_months",
        "percent_after_5_months",
        "percent_after_6_months",
    ];
    csv::table(RETENTION, &head, rows)
}

fn place(length: Length, first: NaiveDate) -> Place {
    match length {
        Length::Day => Place::new(first.day().to_string(), first.format("%-d %B").to_string()),
        Length::Week => Place::week(first),
        Length::Month => Place::month(first),
    }
}

/// Compares the number of the last full period with the usual one: "207 in the last full week; 172 are usual."
fn says_usual(length: Length, last: i64, usual: i64) -> String {
    let are = if usual == 1 { "is" } else { "are" };
    format!("{} in the last full {}; {} {are} usual.", Number(last), length.name(), Number(usual))
}

/// Draws numbers by period.
fn drawn(numbers: &Numbers, length: Length, periods: &[NaiveDate]) -> Plot {
    let values = numbers.values.iter().map(|number| Some(*number as f64));
    Plot::drawn(&Sketch {
        id: numbers.code,
        title: numbers.title,
        unit: numbers.unit,
        places: periods.iter().map(|first| place(length, *first)).collect(),
        series: vec![Series { name: numbers.title, look: Look::Bars, values: values.collect() }],
        most: None,
        shown: |value| compact(value as i64),
    })
}
