use std::fmt;

use serde_json::{Value, json};

use crate::model::{BadgeAudience, Metric, OWN_METRIC, Share};

/// The condition under which people earn a badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Criteria {
    /// The first merged pull request.
    FirstPr,
    /// A number of merged pull requests.
    PrCount {
        /// The number.
        at_least: u32,
    },
    /// An average rating.
    QualityRating {
        /// The average in hundredths, 100 to 500.
        average: u32,
        /// The minimum number of rated merged pull requests.
        over: u32,
    },
    /// Consecutive months (UTC) with a merged pull request.
    Streak {
        /// The number of months.
        months: u32,
    },
    /// A share of a project's merged pull requests.
    ProjectChampion(Share),
    /// A metric of a programme.
    Metric {
        /// Its code.
        metric: String,
        /// The sum to reach.
        at_least: u32,
    },
    /// Only admins award it.
    Manual,
}

impl Criteria {
    /// Returns the JSON document, which [`parse`](Self::parse) reads.
    #[must_use]
    pub fn document(&self) -> Value {
        match self {
            Self::FirstPr => json!({ "kind": "first_pr" }),
            Self::PrCount { at_least } => json!({ "kind": "pr_count", "at_least": at_least }),
            Self::QualityRating { average, over } => json!({
                "kind": "quality_rating", "average": f64::from(*average) / 100.0, "over": over,
            }),
            Self::Streak { months } => json!({ "kind": "streak", "months": months }),
            Self::ProjectChampion(Share { percent, minimum }) => {
                json!({ "kind": "project_champion", "share": percent, "minimum": minimum })
            }
            Self::Metric { metric, at_least } => {
                json!({ "kind": "metric", "metric": metric, "at_least": at_least })
            }
            Self::Manual => json!({ "kind": "manual" }),
        }
    }

    /// Returns a sentence about how to earn the badge. `metrics` are those that the programmes declare.
    #[must_use]
    pub fn sentence(&self, metrics: &[&Metric]) -> String {
        match self {
            Self::FirstPr => "Have a pull request merged.".to_owned(),
            Self::PrCount { at_least } => {
                format!("Have {} merged.", Count(*at_least, "pull request", "pull requests"))
            }
            Self::QualityRating { average, over } => format!(
                "Reach an average rating of {} over at least {}.",
                rating(*average),
                Count(*over, "rated merged pull request", "rated merged pull requests")
            ),
            Self::Streak { months } => {
                format!("Have a pull request merged in each of {months} consecutive months (UTC).")
            }
            Self::ProjectChampion(Share { percent, minimum }) => format!(
                "Make {percent}\u{a0}% of a project's merged pull requests, at least {minimum} of them."
            ),
            Self::Metric { metric, at_least } => {
                match metrics.iter().find(|it| it.code == metric) {
                    Some(known) => format!("Reach {}.", Count(*at_least, known.one, known.many)),
                    None => {
                        format!("Reach {at_least} in “{metric}”, which is not counted now.")
                    }
                }
            }
            Self::Manual => "Admins award this badge.".to_owned(),
        }
    }

    /// Returns who is shown a badge with these criteria.
    #[must_use]
    pub fn audience(&self) -> BadgeAudience {
        match self {
            Self::Metric { metric, .. } if metric.starts_with(OWN_METRIC) => BadgeAudience::Own,
            _ => BadgeAudience::Everyone,
        }
    }

    /// Returns true if the criteria are reached by achievements of a person alone.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        !matches!(self, Self::ProjectChampion(_) | Self::Manual)
    }
}

/// Formats a rating in hundredths with at least one decimal: 4.0, 4.5, 4.25.
pub(super) fn rating(hundredths: u32) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.strip_suffix('0').map_or(text.clone(), str::to_owned)
}

struct Count(u32, &'static str, &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(count, one, many) = self;
        write!(f, "{count} {}", if *count == 1 { one } else { many })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_said_in_words() {
        let placements = Metric { code: "placements", one: "placement", many: "placements" };
        let metric = |at_least| Criteria::Metric { metric: "placements".to_owned(), at_least };
        for (criteria, said) in [
            (Criteria::PrCount { at_least: 10 }, "Have 10 pull requests merged."),
            (
                Criteria::QualityRating { average: 400, over: 10 },
                "Reach an average rating of 4.0 over at least 10 rated merged pull requests.",
            ),
            (metric(1), "Reach 1 placement."),
            (metric(3), "Reach 3 placements."),
            (Criteria::Manual, "Admins award this badge."),
        ] {
            assert_eq!(criteria.sentence(&[&placements]), said);
        }
        assert!(metric(1).sentence(&[]).contains("which is not counted now"));
    }

    #[test]
    fn badges_of_what_concerns_a_person_alone_are_their_own() {
        let metric = |code: &str| Criteria::Metric { metric: code.to_owned(), at_least: 1 };
        assert_eq!(metric("own_solves").audience(), BadgeAudience::Own);
        for criteria in [metric("wins"), metric("renown_own_"), Criteria::Manual] {
            assert_eq!(criteria.audience(), BadgeAudience::Everyone, "{criteria:?}");
        }
        assert!(BadgeAudience::Own > BadgeAudience::Everyone, "the narrower is kept");
    }

    #[test]
    fn ratings_keep_their_decimals() {
        for (hundredths, text) in [(400, "4.0"), (450, "4.5"), (425, "4.25"), (500, "5.0")] {
            assert_eq!(rating(hundredths), text);
        }
    }
}
