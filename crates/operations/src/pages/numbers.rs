//! The numbers of use, and their files.

use askama::Template;
use axum::{Extension, extract::State, response::Response};
use chrono::{Datelike as _, Days, NaiveDate};
use identity::access::Admin;
use kernel::Problem;
use platform::{Context, module::UseSeries, web::WebError};
use serde::Deserialize;
use ui::{
    Address, PageError, PageResult, QueryString,
    charts::{Look, Place, Plot, Series, Sketch},
    csv::{self, Cell},
    format::{Number, compact},
    show,
};

use super::midnight;
use crate::{
    model::Accounts,
    reads,
    rules::{Cohort, Length, cohorts, summed},
};

/// The days of a file.
const DAYS: u64 = 400;
/// The name of the file of active people.
const ACTIVE: &str = "active_people";
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

/// A chart with the file of its numbers.
struct Chart {
    code: &'static str,
    title: &'static str,
    total: Option<String>,
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
    let (today, length) = (context.now().date_naive(), Length::named(&query.by));
    let periods = length.periods(today);
    let first = periods.first().copied().unwrap_or(today);
    let active = reads::active_people(&context.db, length, first).await?;
    let mut charts = vec![Chart {
        code: ACTIVE,
        title: "Active people",
        total: None,
        plot: drawn(ACTIVE, "Active people", "people", length, &periods, &active),
    }];
    for series in shown(&context, &accounts) {
        let days = (series.read)(&context, midnight(first)).await?;
        let total: i64 = summed(&days, length, &periods).iter().sum();
        charts.push(Chart {
            code: series.code,
            title: series.title,
            total: Some(format!("{} {}", Number(total), series.unit)),
            plot: drawn(series.code, series.title, series.unit, length, &periods, &days),
        });
    }
    let known_since = reads::active_known_since(&context.db).await?;
    let (sign_ups, cohorts) = retention(&context, &accounts, today).await?;
    let week = before(today, 6);
    let new: i64 = sign_ups.iter().filter(|(day, _)| *day >= week).map(|(_, number)| number).sum();
    show(&UsePage {
        length,
        active: [
            Number(reads::active_since(&context.db, today).await?),
            Number(reads::active_since(&context.db, week).await?),
            Number(reads::active_since(&context.db, before(today, 29)).await?),
        ],
        sign_ups: Number(new),
        charts,
        cohorts: cohorts.into_iter().map(Into::into).collect(),
        known_since: known_since.map(|day| day.format("%-d %B %Y").to_string()),
    })
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
            let (_, cohorts) = retention(&context, &accounts, today).await?;
            return Ok(retention_file(cohorts));
        }
        ACTIVE => reads::active_people(&context.db, Length::Day, first).await?,
        _ => {
            let found = shown(&context, &accounts).find(|series| series.code == name);
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

/// Returns the series of features that are on for someone.
fn shown<'a>(
    context: &'a Context,
    accounts: &Accounts,
) -> impl Iterator<Item = &'static UseSeries> + use<'a> {
    let all = accounts.modules.iter().flat_map(|module| module.series);
    all.filter(move |series| series.flag.is_none_or(|flag| context.flags.is_on_for_anyone(flag)))
}

/// Returns the sign-ups by day, and how many people of each month came back.
async fn retention(
    context: &Context,
    accounts: &Accounts,
    today: NaiveDate,
) -> Result<(Vec<(NaiveDate, i64)>, Vec<Cohort>), WebError> {
    let months = Length::Month.periods(today);
    let first = months.first().copied().unwrap_or(today);
    let mut series = accounts.modules.iter().flat_map(|module| module.series);
    let sign_ups = match series.find(|series| series.code == "sign_ups") {
        Some(series) => (series.read)(context, midnight(first)).await?,
        None => Vec::new(),
    };
    let active = reads::active_by_sign_up(&context.db, first).await?;
    let known_since = reads::active_known_since(&context.db).await?;
    let cohorts = cohorts(&sign_ups, &active, known_since, today);
    Ok((sign_ups, cohorts))
}

/// Returns the day that is a number of days before another one.
fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

fn place(length: Length, first: NaiveDate) -> Place {
    match length {
        Length::Day => Place::new(first.day().to_string(), first.format("%-d %B").to_string()),
        Length::Week => Place::week(first),
        Length::Month => Place::month(first),
    }
}

/// Draws numbers by period.
fn drawn(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    length: Length,
    periods: &[NaiveDate],
    days: &[(NaiveDate, i64)],
) -> Plot {
    let values = summed(days, length, periods).into_iter().map(|number| Some(number as f64));
    Plot::drawn(&Sketch {
        id,
        title,
        unit,
        places: periods.iter().map(|first| place(length, *first)).collect(),
        series: vec![Series { name: title, look: Look::Bars, values: values.collect() }],
        most: None,
        shown: |value| compact(value as i64),
    })
}
