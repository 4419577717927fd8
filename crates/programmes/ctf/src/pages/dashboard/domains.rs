//! The domains of a roster's solves, compared with the division.

use std::{collections::BTreeMap, sync::Arc};

use ui::format::Number;
use uuid::Uuid;

use super::radar::{Axis, Radar};
use crate::{
    model::Division,
    reads::{DomainTotals, PersonFigures, StoredFigures},
    rules::{
        domains::Domain,
        peers,
        strengths::{FocusDomain, focus},
        support::median,
    },
};

/// Returns the name of a stored domain. An unknown one is shown as the platform states it.
pub(in crate::pages) fn domain_name(stored: &str) -> String {
    Domain::named(stored).map_or_else(|| stored.to_owned(), |domain| domain.heading().to_owned())
}

/// Returns the name of a stored domain for a chart.
fn short_domain_name(stored: &str) -> String {
    match stored {
        "binary_exploitation" => "Binary expl.".to_owned(),
        "reverse_engineering" => "Reverse eng.".to_owned(),
        "operating_systems" => "Systems".to_owned(),
        "miscellaneous" => "Misc.".to_owned(),
        other => domain_name(other),
    }
}

pub(super) struct DomainRow {
    pub(super) name: String,
    pub(super) solves: Number,
    pub(super) points: Number,
    /// The points, for the bar.
    pub(super) bar: i64,
    /// The median of the roster's competitors who solved something.
    pub(super) own: Number,
    /// The median of the division.
    pub(super) median: Option<Number>,
}

pub(super) struct DomainsView {
    pub(super) rows: Vec<DomainRow>,
    /// The points of the domain with the most.
    pub(super) most: i64,
    pub(super) radar: Option<Radar>,
    /// The measure of the radar chart.
    pub(super) measure: &'static str,
    /// The division, its competitors and rosters, if it can be compared.
    pub(super) peers: Option<String>,
    /// The recommended domains, in sentences.
    pub(super) focus: Vec<String>,
}

impl DomainsView {
    /// Compares a roster's figures with those of its division.
    pub(super) fn of(
        figures: &BTreeMap<Uuid, Arc<PersonFigures>>,
        division: Option<&str>,
        stored: &BTreeMap<String, StoredFigures>,
    ) -> Self {
        let totals = totals(figures);
        let own: BTreeMap<String, i64> =
            totals.keys().map(|domain| (domain.clone(), own_median(figures, domain))).collect();
        let peers = compared(division, stored);
        let medians: BTreeMap<String, i64> = match peers {
            Some(_) => stored
                .iter()
                .filter(|(domain, _)| !domain.is_empty())
                .map(|(domain, figures)| (domain.clone(), figures.quantiles().median()))
                .collect(),
            None => BTreeMap::new(),
        };
        let rows: Vec<_> = ordered(&totals)
            .into_iter()
            .map(|(domain, total)| DomainRow {
                name: domain_name(domain),
                solves: Number(total.solves),
                points: Number(total.points),
                bar: total.points.max(0),
                own: Number(own.get(domain).copied().unwrap_or(0)),
                median: peers.as_ref().map(|_| Number(medians.get(domain).copied().unwrap_or(0))),
            })
            .collect();
        Self {
            most: rows.iter().map(|row| row.bar).max().unwrap_or(0).max(1),
            radar: Radar::drawn(&axes(&totals, &own, peers.as_ref().map(|_| &medians))),
            measure: match peers {
                Some(_) => {
                    "Median of points by competitor who solved something, and that of the division"
                }
                None => "Points by domain",
            },
            focus: focus(&own, &medians).iter().map(said).collect(),
            rows,
            peers,
        }
    }
}

/// Adds up the competitors by domain, with all nine domains.
fn totals(figures: &BTreeMap<Uuid, Arc<PersonFigures>>) -> TotalsByDomain {
    let mut totals = TotalsByDomain::default();
    for domain in Domain::ALL {
        totals.entry(domain.as_str().to_owned()).or_default();
    }
    for person in figures.values() {
        for (domain, figures) in &person.domains {
            totals.entry(domain.clone()).or_default().add(figures);
        }
    }
    totals
}

/// Returns the nine domains in their order, then others by name.
fn ordered(totals: &TotalsByDomain) -> Vec<(&String, &DomainTotals)> {
    let place = |stored: &str| Domain::ALL.into_iter().position(|domain| domain.as_str() == stored);
    let mut rows: Vec<_> = totals.iter().collect();
    rows.sort_by_key(|(domain, _)| place(domain).unwrap_or(usize::MAX));
    rows
}

/// Totals by stored domain.
type TotalsByDomain = BTreeMap<String, DomainTotals>;

/// Returns the median of points in a domain among the competitors who solved something.
fn own_median(figures: &BTreeMap<Uuid, Arc<PersonFigures>>, domain: &str) -> i64 {
    let points = |person: &Arc<PersonFigures>| person.domains.get(domain).map_or(0, |it| it.points);
    let active = figures.values().filter(|person| !person.domains.is_empty());
    median(active.map(points))
}

/// Names the peers, if there are enough of them.
pub(in crate::pages) fn compared(
    division: Option<&str>,
    stored: &BTreeMap<String, StoredFigures>,
) -> Option<String> {
    let all = stored.get("")?;
    let division = Division::named(division?)?;
    peers::is_enough(all.competitors, all.rosters).then(|| {
        format!(
            "{} competitors in {} rosters of the division {}",
            Number(all.competitors),
            Number(all.rosters),
            division.heading().to_lowercase()
        )
    })
}

/// Says a recommendation.
pub(in crate::pages) fn said(focus: &FocusDomain) -> String {
    format!(
        "{}: {} points, {} below the median of {}",
        domain_name(&focus.domain),
        Number(focus.own),
        Number(focus.missing()),
        Number(focus.median)
    )
}

fn axes(
    totals: &BTreeMap<String, DomainTotals>,
    own: &BTreeMap<String, i64>,
    medians: Option<&BTreeMap<String, i64>>,
) -> Vec<Axis> {
    let axis = |domain: Domain| {
        let key = domain.as_str();
        let value = match medians {
            Some(_) => own.get(key).copied(),
            None => totals.get(key).map(|total| total.points),
        };
        let other = medians.map(|medians| medians.get(key).copied().unwrap_or(0));
        (short_domain_name(key), value.unwrap_or(0), other)
    };
    Domain::ALL.into_iter().map(axis).collect()
}
