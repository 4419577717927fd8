//! Decisions that override the points of a pull request.

use kernel::Points;

use super::{
    Explanation, Part, Pull, PullFacts, Reason, ScoreOverride,
    award::Product,
    explanation::{Award, Evidence, Overridden},
};

/// The largest number of points that a decision can set.
pub const MOST_POINTS: Points = 100_000;

impl ScoreOverride {
    fn effect(&self) -> Overridden {
        match self {
            Self::Freeze { .. } => Overridden::Frozen,
            Self::Set { points } => Overridden::Set { points: *points },
            Self::None => Overridden::None,
        }
    }

    fn awards(&self, facts: &PullFacts, part: Part) -> Vec<Award> {
        match self {
            Self::Freeze { awards } => {
                let of_part = awards.iter().filter(|award| award.reason.part() == part);
                of_part.cloned().collect()
            }
            Self::Set { points } if last_part(facts) == part => vec![set(part, *points)],
            Self::Set { .. } | Self::None => Vec::new(),
        }
    }
}

impl Reason {
    /// Returns the part that earns an award with this reason.
    fn part(self) -> Part {
        match self {
            Self::PrOpened | Self::Spam => Part::Opening,
            Self::PrMerged | Self::SizeBonus => Part::Merge,
        }
    }
}

/// Returns the part that earns the points that a decision sets: the merge, if there is one.
fn last_part(facts: &PullFacts) -> Part {
    match facts.merged_at {
        Some(_) => Part::Merge,
        None => Part::Opening,
    }
}

/// Returns the single award of a pull request whose points a decision set.
fn set(part: Part, points: Points) -> Award {
    let reason = match part {
        Part::Opening => Reason::PrOpened,
        Part::Merge => Reason::PrMerged,
    };
    Product::of(reason, Evidence::Decision, points).rounded()
}

/// Returns the explanation of a part after the decision on its pull request, if there is one.
pub(super) fn overridden(explanation: Explanation, pull: &Pull) -> Explanation {
    let Some(decision) = &pull.facts.score_override else {
        return explanation;
    };
    Explanation {
        awards: decision.awards(&pull.facts, explanation.part),
        overridden: Some(decision.effect()),
        excluded: None,
        assumptions: Vec::new(),
        ..explanation
    }
}
