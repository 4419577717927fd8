//! The insights of a report card, in words.

use kernel::counted;
use ui::format::Number;

use super::card::LoadedCard;
use crate::{
    pages::dashboard::{compared, domain_name, said},
    rules::strengths::{FocusDomain, focus, percent},
};

/// Statements of a report card that compare a competitor with the division.
pub(super) struct Comparison {
    pub(super) peers: String,
    /// The percentile in a sentence; absent without solves in 90 days.
    pub(super) percentile: Option<String>,
    pub(super) focus: Vec<FocusDomain>,
}

impl Comparison {
    /// Compares a competitor with the peers of the division; `None` if there are too few of them.
    pub(super) fn of(loaded: &LoadedCard) -> Option<Self> {
        let peers = compared(loaded.division(), &loaded.peers)?;
        let all = loaded.peers.get("")?;
        let (solves, points) = loaded.quarter();
        let percentile = (solves > 0).then(|| {
            let percentile = all.quantiles().percentile(points);
            format!("More points in the last 90 days than {percentile} % of {peers}.")
        });
        let domains = loaded.peers.iter().filter(|(domain, _)| !domain.is_empty());
        let medians = domains.map(|(domain, it)| (domain.clone(), it.quantiles().median()));
        Some(Self {
            percentile,
            focus: focus(&loaded.points_of_quarter(), &medians.collect()),
            peers,
        })
    }
}

/// Returns the insights in sentences.
pub(super) fn insights(loaded: &LoadedCard, comparison: Option<&Comparison>) -> Vec<String> {
    let mut said_of = vec![loaded.trend().sentence()];
    let strong = loaded.strengths();
    if let Some(first) = strong.first() {
        let total: i64 = loaded.domains.iter().map(|domain| domain.points).sum();
        let share = percent(first.points, total);
        let name = domain_name(&first.domain);
        said_of.push(format!("{name} is the strongest domain, with {share} % of all points."));
    }
    let untried = loaded.growth_areas().into_iter().filter(|(_, solves)| *solves == 0);
    let untried: Vec<String> = untried.map(|(domain, _)| domain_name(domain)).collect();
    if !untried.is_empty() {
        said_of.push(format!("No solves yet in {}.", untried.join(", ")));
    }
    if let Some(best) = loaded
        .events
        .iter()
        .filter(|it| it.vanished_at.is_none())
        .filter_map(|it| Some((it.rank?, it)))
        .min_by_key(|(rank, _)| *rank)
    {
        let (rank, event) = best;
        said_of.push(format!(
            "Best rank in a Flash CTF: {} in {}, with {}.",
            Number(rank),
            event.name,
            counted(event.challenges_solved, "solve", "solves")
        ));
    }
    if let Some(comparison) = comparison {
        said_of.extend(comparison.percentile.clone());
        let focus = comparison.focus.iter();
        said_of.extend(focus.map(|it| format!("Focus next: {}.", said(it))));
    }
    said_of
}
