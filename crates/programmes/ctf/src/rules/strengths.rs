//! Strengths and growth areas of a competitor, the trend of their solves, and the domains to focus on.

use std::collections::BTreeMap;

use kernel::counted;

/// A domain is a strength with more than one of this many parts of all points.
const STRENGTH_PART: i64 = 5;
/// A domain with fewer solves is a growth area, and no strength.
const FEW_SOLVES: i64 = 3;
/// The number of domains that are recommended.
const MOST_FOCUS: usize = 3;
/// The length of the two spans that a trend compares, in days.
pub const TREND_DAYS: u16 = 14;

/// The rule as pages state it.
pub const RULE: &str = "A domain with more than a fifth of the points and at least 3 solves is a strength. A domain with fewer \
     than 3 solves is a growth area.";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainFigures {
    /// The stored name of the domain.
    pub domain: String,
    pub solves: i64,
    pub points: i64,
}

/// Returns the strengths among the domains, those with the most points first.
#[must_use]
pub fn strengths(figures: &[DomainFigures]) -> Vec<&DomainFigures> {
    let total: i64 = figures.iter().map(|domain| domain.points).sum();
    let mut strong: Vec<_> = figures.iter().filter(|domain| is_strength(domain, total)).collect();
    strong.sort_by(|a, b| b.points.cmp(&a.points).then_with(|| a.domain.cmp(&b.domain)));
    strong
}

/// Returns whether a domain is a strength; `total` is the number of points in all domains.
fn is_strength(domain: &DomainFigures, total: i64) -> bool {
    domain.solves >= FEW_SOLVES && domain.points.saturating_mul(STRENGTH_PART) > total
}

/// Returns the growth areas: those of `domains` with fewer than 3 solves, those with the fewest first.
#[must_use]
pub fn growth_areas<'a>(
    figures: &[DomainFigures],
    domains: impl IntoIterator<Item = &'a str>,
) -> Vec<(&'a str, i64)> {
    let growth = |domain: &'a str| {
        let found = figures.iter().find(|known| known.domain == domain);
        let solves = found.map_or(0, |found| found.solves);
        (solves < FEW_SOLVES).then_some((domain, solves))
    };
    let mut areas: Vec<_> = domains.into_iter().filter_map(growth).collect();
    areas.sort_by_key(|(_, solves)| *solves);
    areas
}

/// The trend of solves: the last 14 days compared with the 14 before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trend {
    /// The number of solves in the last 14 days.
    pub recent: i64,
    /// The number of solves in the 14 days before them.
    pub before: i64,
}

impl Trend {
    /// Says the trend and what to expect, in sentences without a subject's name.
    #[must_use]
    pub fn sentence(self) -> String {
        let Self { recent, before } = self;
        let solves = |number| counted(number, "solve", "solves");
        let compared =
            format!("{} in the last 14 days, {before} in the 14 days before.", solves(recent));
        match (recent, before) {
            (0, 0) => "No solves in the last 28 days, so no trend can be predicted.".to_owned(),
            (0, _) => {
                format!("{compared} Stopped: expect none in the next 14 days without a change.")
            }
            _ if self.is_steady() => {
                format!("{compared} Steady: expect about {recent} in the next 14 days.")
            }
            _ => {
                let word = if recent > before { "Rising" } else { "Falling" };
                let expected = self.expected();
                format!(
                    "{compared} {word}: expect about {expected} in the next 14 days if this goes on."
                )
            }
        }
    }

    /// Returns the number of solves to expect: the recent ones, and half of the change.
    #[must_use]
    pub fn expected(self) -> i64 {
        (self.recent + (self.recent - self.before) / 2).max(0)
    }

    /// Returns whether the change is at most a fifth of the earlier number, or one solve.
    fn is_steady(self) -> bool {
        let change = (self.recent - self.before).abs();
        change <= 1 || change * 5 <= self.before
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FocusDomain {
    /// The stored name of the domain.
    pub domain: String,
    /// The points in it.
    pub own: i64,
    /// The median of the division.
    pub median: i64,
}

impl FocusDomain {
    /// Returns the points that are missing to the median.
    #[must_use]
    pub const fn missing(&self) -> i64 {
        self.median - self.own
    }
}

/// Returns the domains that are furthest below the division's median, at most three, the furthest first.
#[must_use]
pub fn focus(own: &BTreeMap<String, i64>, medians: &BTreeMap<String, i64>) -> Vec<FocusDomain> {
    let compared = medians.iter().map(|(domain, median)| FocusDomain {
        domain: domain.clone(),
        own: own.get(domain).copied().unwrap_or(0),
        median: *median,
    });
    let mut below: Vec<_> = compared.filter(|focus| focus.missing() > 0).collect();
    below.sort_by_key(|focus| std::cmp::Reverse(focus.missing()));
    below.truncate(MOST_FOCUS);
    below
}

/// Returns the share of points in whole percent, rounded.
#[must_use]
pub const fn percent(points: i64, total: i64) -> i64 {
    let total = if total > 0 { total } else { 1 };
    points.saturating_mul(100).saturating_add(total / 2) / total
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(rows: &[(&str, i64, i64)]) -> Vec<DomainFigures> {
        let row = |(domain, solves, points): &(&str, i64, i64)| DomainFigures {
            domain: (*domain).to_owned(),
            solves: *solves,
            points: *points,
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn more_than_a_fifth_is_a_strength() {
        let rows = figures(&[("web", 4, 200), ("osint", 9, 500), ("forensics", 3, 300)]);
        let strong: Vec<_> = strengths(&rows).into_iter().map(|it| it.domain.as_str()).collect();
        assert_eq!(strong, ["osint", "forensics"], "web has exactly a fifth");
        assert!(strengths(&figures(&[("web", 0, 0)])).is_empty());
    }

    #[test]
    fn fewer_than_three_solves_are_a_growth_area() {
        let rows = figures(&[("web", 3, 10), ("osint", 2, 20), ("forensics", 1, 900)]);
        let domains = ["web", "osint", "forensics", "networking"];
        let areas = growth_areas(&rows, domains);
        assert_eq!(areas, [("networking", 0), ("forensics", 1), ("osint", 2)]);
        let strong: Vec<_> = strengths(&rows).into_iter().collect();
        assert!(strong.is_empty(), "one solve says little: {strong:?}");
    }

    #[test]
    fn trends_are_said_in_words() {
        let said = |recent, before| Trend { recent, before }.sentence();
        assert!(said(0, 0).starts_with("No solves in the last 28 days"));
        assert!(said(0, 4).contains("Stopped"));
        assert!(said(5, 4).contains("Steady: expect about 5"));
        assert!(said(10, 4).contains("Rising: expect about 13"));
        assert!(said(2, 10).contains("Falling: expect about 0"));
        assert!(said(1, 0).starts_with("1 solve in the last 14 days, 0 in"));
    }

    #[test]
    fn the_furthest_below_the_median_comes_first() {
        let of = |rows: &[(&str, i64)]| -> BTreeMap<String, i64> {
            rows.iter().map(|(domain, points)| ((*domain).to_owned(), *points)).collect()
        };
        let own = of(&[("web", 500), ("osint", 90), ("forensics", 10)]);
        let medians = of(&[
            ("web", 400),
            ("osint", 100),
            ("forensics", 200),
            ("networking", 50),
            ("misc", 5),
        ]);
        let found = focus(&own, &medians);
        let names: Vec<_> = found.iter().map(|it| (it.domain.as_str(), it.missing())).collect();
        assert_eq!(names, [("forensics", 190), ("networking", 50), ("osint", 10)]);
    }

    #[test]
    fn shares_are_rounded() {
        for (points, total, share) in
            [(470, 11_960, 4), (1, 3, 33), (2, 3, 67), (1, 2, 50), (0, 0, 0)]
        {
            assert_eq!(percent(points, total), share, "{points} of {total}");
        }
    }
}
