//! Figures of pull requests: charts with their tables. The same tables are the rows of the CSV files.

use std::fmt;

use axum::response::Response;
use chrono::NaiveDate;
use kernel::{Problem, ProblemKind};
use ui::{
    Who,
    charts::{Hours, Plot},
    csv::{self, Cell},
    format::{Number, duration},
};

mod drawn;
mod sheets;

pub(super) use sheets::contributors;

use crate::rules::analytics::Analytics;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum CellValue {
    /// The Monday of a week.
    Week(NaiveDate),
    Text(String),
    /// A person, who is gone if they are not shown.
    Person(Who),
    Count(i64),
    /// A number that may be absent.
    Known(Option<i64>),
    /// True if a goal was reached.
    Reached(bool),
    Percent(Option<f64>),
    Mean(Option<f64>),
    /// Seconds.
    Time(Option<i64>),
}

impl fmt::Display for CellValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week(first) => write!(f, "{}", first.format("%-d %b %Y")),
            Self::Text(text) => f.write_str(text),
            Self::Person(who) if who.is_gone() => f.write_str("(removed)"),
            Self::Person(who) => f.write_str(who.called()),
            Self::Reached(true) => f.write_str("Reached"),
            Self::Count(number) | Self::Known(Some(number)) => write!(f, "{}", Number(*number)),
            Self::Percent(Some(percent)) => write!(f, "{percent:.0}%"),
            Self::Mean(Some(mean)) => write!(f, "{mean:.2}"),
            Self::Time(Some(seconds)) => f.write_str(&duration(*seconds)),
            Self::Reached(false)
            | Self::Known(None)
            | Self::Percent(None)
            | Self::Mean(None)
            | Self::Time(None) => f.write_str("–"),
        }
    }
}

impl CellValue {
    /// Returns the person.
    pub(super) fn who(&self) -> Option<&Who> {
        match self {
            Self::Person(who) => Some(who),
            _ => None,
        }
    }

    /// Returns the day for a `datetime` attribute.
    pub(super) fn iso(&self) -> Option<String> {
        match self {
            Self::Week(first) => Some(first.to_string()),
            _ => None,
        }
    }

    /// Returns the value for a CSV: times in seconds.
    fn cell(&self) -> Cell {
        match self {
            Self::Week(first) => first.to_string().into(),
            Self::Text(text) => text.clone().into(),
            Self::Person(who) => who.login.clone().into(),
            Self::Count(number) | Self::Known(Some(number)) | Self::Time(Some(number)) => {
                (*number).into()
            }
            Self::Reached(is_reached) => if *is_reached { "yes" } else { "no" }.into(),
            Self::Percent(number) | Self::Mean(number) => Cell::Decimal(*number),
            Self::Known(None) | Self::Time(None) => Cell::Decimal(None),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Sheet {
    /// The name in addresses.
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// The rows and their order, in words.
    pub(super) caption: String,
    /// The columns: their labels and their names in the CSV.
    pub(super) head: Vec<(&'static str, &'static str)>,
    pub(super) rows: Vec<Vec<CellValue>>,
    /// The sums, below the rows.
    pub(super) total: Option<Vec<CellValue>>,
}

impl Sheet {
    /// Responds with the table as a file named `name` and after the table.
    pub(super) fn file(&self, name: &str) -> Response {
        let head: Vec<&str> = self.head.iter().map(|(_, name)| *name).collect();
        let rows = self.rows.iter().chain(&self.total);
        let rows = rows.map(|row| row.iter().map(CellValue::cell).collect::<Vec<Cell>>());
        csv::table(&format!("{name}-{}", self.name), &head, rows)
    }
}

/// Finds a table by its name in addresses.
pub(super) fn sheet_named(sheets: Vec<Sheet>, name: &str) -> Result<Sheet, Problem> {
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name).collect();
    let names = names.join(", ");
    let found = sheets.into_iter().find(|sheet| sheet.name == name);
    found.ok_or_else(|| {
        let detail = format!("table is '{name}'. Use one of {names}.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail).at("table")
    })
}

#[derive(Clone, Debug)]
pub(super) struct ChartedSheet {
    pub(super) sheet: Sheet,
    /// How the figures are counted.
    pub(super) note: &'static str,
    pub(super) plots: Vec<Plot>,
    pub(super) hours: Option<Hours>,
}

/// Returns the figures of a range of days.
pub(super) fn figures(analytics: &Analytics) -> Vec<ChartedSheet> {
    let figure = |sheet, note, plots| ChartedSheet { sheet, note, plots, hours: None };
    vec![
        figure(
            sheets::weeks(analytics),
            "An opening counts in the week of the opening, a merge or close in its own. The merge rate is the share of merges among the pull requests that were merged or closed.",
            vec![drawn::volume(analytics), drawn::rate(analytics)],
        ),
        figure(
            sheets::times(analytics),
            "From the opening to the first review, in the week of the review; and from the opening to the merge, in the week of the merge. Nine of ten pull requests took at most the 90th percentile.",
            vec![drawn::review(analytics), drawn::merge(analytics)],
        ),
        figure(
            sheets::ratings(analytics),
            "Each reviewer’s latest rating of the pull requests that were merged or closed, in the week of that.",
            vec![drawn::histogram(analytics), drawn::trend(analytics)],
        ),
        ChartedSheet {
            hours: Some(Hours::of(&analytics.hours, "changes")),
            ..figure(
                sheets::hours(analytics),
                "Openings, first reviews, merges and closes, by weekday and hour in UTC.",
                Vec::new(),
            )
        },
    ]
}

/// Returns the tables of a range of days.
pub(super) fn sheets(analytics: &Analytics) -> Vec<Sheet> {
    let figures = figures(analytics).into_iter();
    figures.map(|figure| figure.sheet).collect()
}
