//! The list of a competitor's solves.

use serde::Deserialize;
use ui::{
    csv::Cell,
    format::{Instant, Number, asked},
};

use crate::{
    pages::dashboard::domain_name,
    reads::{SolveFilter, SolveOrder, SolveView},
    rules::{difficulty::Difficulty, nice},
};

/// The number of solves on a page.
pub(super) const ROWS: i64 = 25;
/// The highest number of a page, so that the position stays a number.
const LAST_PAGE: i64 = 1_000_000;

/// The part of the list that a URL selects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SolveQuery {
    pub(super) domain: String,
    sort: String,
    page: String,
}

impl SolveQuery {
    pub(super) fn filter(&self) -> SolveFilter {
        SolveFilter { domain: self.domain.clone(), order: SolveOrder::named(&self.sort) }
    }

    /// Returns the number of the page, from 1.
    pub(super) fn page(&self) -> i64 {
        let page = self.page.trim().parse().unwrap_or(1);
        i64::clamp(page, 1, LAST_PAGE)
    }

    /// Returns the number of rows before the page.
    pub(super) fn skipped(&self) -> i64 {
        (self.page() - 1) * ROWS
    }

    /// Returns the query parameters of the same list in an order, from its beginning.
    pub(super) fn ordered(&self, order: SolveOrder) -> String {
        let fields = [("domain", self.domain.as_str()), ("sort", order.as_str())];
        asked(fields).replacen('&', "?", 1)
    }

    /// Returns the query parameters of a page of the same list.
    pub(super) fn at_page(&self, page: i64) -> String {
        let order = self.filter().order;
        format!("{}&page={page}", self.ordered(order))
    }
}

/// A solve in the table.
pub(super) struct SolveRow {
    pub(super) title: String,
    pub(super) category: String,
    pub(super) domain: String,
    pub(super) source: &'static str,
    pub(super) difficulty: &'static str,
    pub(super) points: Number,
    pub(super) at: Instant,
    pub(super) marks: Vec<(&'static str, &'static str, Option<Instant>)>,
}

impl SolveRow {
    pub(super) fn of(solve: &SolveView) -> Self {
        Self {
            title: solve.title.clone(),
            category: solve.category.clone(),
            domain: domain_name(&solve.domain),
            source: solve.source.heading(),
            difficulty: difficulty(solve.points).unwrap_or("–"),
            points: Number(solve.points),
            at: Instant(solve.solved_at),
            marks: marks(solve),
        }
    }
}

fn difficulty(points: i64) -> Option<&'static str> {
    Difficulty::of(points).map(Difficulty::heading)
}

/// Returns the class, the words and the time of each mark.
fn marks(solve: &SolveView) -> Vec<(&'static str, &'static str, Option<Instant>)> {
    let corrected = solve.corrected_at.map(|at| ("t-or", "Corrected", Some(Instant(at))));
    let vanished =
        solve.vanished_at.map(|at| ("t-gules", "No longer stated, not counted", Some(Instant(at))));
    let retired = solve.is_retired.then_some(("t-sable", "Retired", None));
    [corrected, vanished, retired].into_iter().flatten().collect()
}

/// The columns of the CSV.
pub(super) const HEAD: [&str; 10] = [
    "challenge",
    "category",
    "domain",
    "source",
    "points",
    "difficulty",
    "solved_at",
    "nice_work_roles",
    "corrected_at",
    "vanished_at",
];

pub(super) fn cells(solve: SolveView) -> [Cell; 10] {
    let (source, domain) = (solve.source.heading(), domain_name(&solve.domain));
    [
        solve.title.into(),
        solve.category.into(),
        domain.into(),
        source.into(),
        solve.points.into(),
        difficulty(solve.points).unwrap_or_default().into(),
        solve.solved_at.into(),
        nice::codes(&solve.nice_work_roles).join(" ").into(),
        solve.corrected_at.into(),
        solve.vanished_at.into(),
    ]
}
