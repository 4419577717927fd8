//! The comparison with peers: competitors of the same division who solved something in the same number of days.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::range::LENGTHS;

/// The minimum number of competitors that a comparison needs.
pub const LEAST_COMPETITORS: i64 = 10;
/// The minimum number of rosters that a comparison needs.
pub const LEAST_ROSTERS: i64 = 3;
/// The number of quantiles that are kept: the lowest value, each percent, and the highest.
const QUANTILES: usize = 101;

/// The points of a competitor in a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerPoints {
    pub competitor: Uuid,
    pub roster: Uuid,
    /// The stored division.
    pub division: String,
    /// The stored domain.
    pub domain: String,
    /// The points in the last 7, 30 and 90 days.
    pub points: [i64; LENGTHS.len()],
    /// The number of solves in the same days.
    pub solves: [i64; LENGTHS.len()],
}

/// The figures of a division in a number of days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DivisionFigures {
    /// The stored division.
    pub division: String,
    pub days: u16,
    /// The stored domain; empty for all of them.
    pub domain: String,
    /// The number of competitors with a solve in these days.
    pub competitors: i64,
    pub rosters: i64,
    /// The distribution of their points.
    pub quantiles: Quantiles,
}

/// A distribution: its lowest value, each percent, and its highest value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantiles(pub Vec<i64>);

impl Quantiles {
    #[must_use]
    pub fn of(mut values: Vec<i64>) -> Self {
        values.sort_unstable();
        let last = values.len().saturating_sub(1);
        let at = |percent: usize| values.get((last * percent).div_ceil(QUANTILES - 1)).copied();
        Self((0..QUANTILES).filter_map(at).collect())
    }

    #[must_use]
    pub fn median(&self) -> i64 {
        self.0.get(QUANTILES / 2).copied().unwrap_or(0)
    }

    /// Returns the share of peers with less than a value, in whole percent.
    #[must_use]
    pub fn percentile(&self, value: i64) -> i64 {
        let below = self.0.iter().filter(|quantile| **quantile < value).count();
        i64::try_from(below.min(QUANTILES - 1)).unwrap_or(0)
    }
}

/// Returns whether a comparison with this many peers names no one: at least 10 competitors in 3 rosters.
#[must_use]
pub const fn is_enough(competitors: i64, rosters: i64) -> bool {
    competitors >= LEAST_COMPETITORS && rosters >= LEAST_ROSTERS
}

/// The points of the competitors of a division in a number of days.
#[derive(Debug, Default)]
struct DivisionPoints {
    /// The competitors with a solve, with their points by domain.
    competitors: BTreeMap<Uuid, BTreeMap<String, i64>>,
    rosters: BTreeSet<Uuid>,
}

impl DivisionPoints {
    fn add(&mut self, row: &PeerPoints, points: i64) {
        let own = self.competitors.entry(row.competitor).or_default();
        *own.entry(row.domain.clone()).or_default() += points;
        self.rosters.insert(row.roster);
    }

    /// Returns the distribution of the points in a domain, or of all points.
    fn quantiles(&self, domain: Option<&str>) -> Quantiles {
        let points = |own: &BTreeMap<String, i64>| match domain {
            Some(domain) => own.get(domain).copied().unwrap_or(0),
            None => own.values().sum(),
        };
        Quantiles::of(self.competitors.values().map(points).collect())
    }
}

/// Returns the figures of all divisions with enough competitors, by division, days and domain. Competitors without a solve in
/// the days are not counted; those without one in a domain count with 0 points there.
#[must_use]
pub fn divisions(rows: &[PeerPoints]) -> Vec<DivisionFigures> {
    let mut groups: BTreeMap<(&str, u16), DivisionPoints> = BTreeMap::new();
    for row in rows {
        for (days, (points, solves)) in
            LENGTHS.into_iter().zip(row.points.into_iter().zip(row.solves))
        {
            if solves > 0 {
                groups.entry((&row.division, days)).or_default().add(row, points);
            }
        }
    }
    groups.iter().flat_map(|((division, days), group)| figures(division, *days, group)).collect()
}

fn figures(division: &str, days: u16, group: &DivisionPoints) -> Vec<DivisionFigures> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let (competitors, rosters) = (number(group.competitors.len()), number(group.rosters.len()));
    if !is_enough(competitors, rosters) {
        return Vec::new();
    }
    let domains: BTreeSet<&str> =
        group.competitors.values().flat_map(|own| own.keys().map(String::as_str)).collect();
    let parts = std::iter::once(None).chain(domains.into_iter().map(Some));
    let figures = |domain: Option<&str>| DivisionFigures {
        division: division.to_owned(),
        days,
        domain: domain.unwrap_or_default().to_owned(),
        competitors,
        rosters,
        quantiles: group.quantiles(domain),
    };
    parts.map(figures).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(competitor: u128, roster: u128, domain: &str, points: i64) -> PeerPoints {
        PeerPoints {
            competitor: Uuid::from_u128(competitor),
            roster: Uuid::from_u128(roster),
            division: "high_school".to_owned(),
            domain: domain.to_owned(),
            points: [0, points, points],
            solves: [0, 1, 1],
        }
    }

    fn peers(competitors: u128, rosters: u128) -> Vec<PeerPoints> {
        let peer =
            |number: u128| row(number, number % rosters, "web", i64::try_from(number).unwrap_or(0));
        (1..=competitors).map(peer).collect()
    }

    #[test]
    fn ten_competitors_in_three_rosters_are_enough() {
        assert!(divisions(&peers(9, 3)).is_empty());
        assert!(divisions(&peers(10, 2)).is_empty());
        let found = divisions(&peers(10, 3));
        let keys: Vec<_> = found.iter().map(|it| (it.days, it.domain.as_str())).collect();
        assert_eq!(keys, [(30, ""), (30, "web"), (90, ""), (90, "web")]);
    }

    #[test]
    fn those_without_a_solve_in_a_domain_count_with_nothing() {
        let mut rows = peers(10, 3);
        rows.push(row(1, 1, "osint", 500));
        let found = divisions(&rows);
        let osint = found.iter().find(|it| it.domain == "osint" && it.days == 30);
        assert_eq!(osint.map(|it| it.quantiles.median()), Some(0));
        let all = found.iter().find(|it| it.domain.is_empty() && it.days == 30);
        assert_eq!(all.map(|it| it.competitors), Some(10));
    }

    #[test]
    fn percentiles_count_those_with_less() {
        let quantiles = Quantiles::of((1..=101).collect());
        assert_eq!((quantiles.median(), quantiles.percentile(1)), (51, 0));
        assert_eq!((quantiles.percentile(52), quantiles.percentile(1_000)), (51, 100));
        assert_eq!(Quantiles::default().percentile(5), 0);
        assert_eq!(Quantiles::of(vec![5]).median(), 5);
    }
}
