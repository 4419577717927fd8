//! Decisions that override the points of a pull request.

use kernel::Points;

use super::{
    AwardPart, EntryReason, Explanation, PullFacts, PullWithRules, ScoreOverride,
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

    fn awards(&self, facts: &PullFacts, part: AwardPart) -> Vec<Award> {
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

impl EntryReason {
    fn part(self) -> AwardPart {
        match self {
            Self::PrOpened | Self::Spam => AwardPart::Opening,
            Self::PrMerged | Self::SizeBonus => AwardPart::Merge,
        }
    }
}

/// Returns the part that earns the points that a decision sets: the merge, if there is one.
fn last_part(facts: &PullFacts) -> AwardPart {
    match facts.merged_at {
        Some(_) => AwardPart::Merge,
        None => AwardPart::Opening,
    }
}

/// Returns the single award of a pull request whose points a decision set.
fn set(part: AwardPart, points: Points) -> Award {
    let reason = match part {
        AwardPart::Opening => EntryReason::PrOpened,
        AwardPart::Merge => EntryReason::PrMerged,
    };
    Product::of(reason, Evidence::Decision, points).rounded()
}

/// Returns the explanation of a part after the decision on its pull request, if there is one.
pub(super) fn overridden(explanation: Explanation, pull: &PullWithRules) -> Explanation {
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
