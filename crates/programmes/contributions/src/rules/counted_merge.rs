use super::{Explanation, explanation::Evidence};

/// How a merged pull request counts toward badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedMerge {
    /// The median rating, if it was rated.
    pub rating: Option<u8>,
    pub is_spam: bool,
}

impl Explanation {
    /// Returns how the merge that it explains counts; `None` if the rules exclude it, or if its author opened too many
    /// pull requests.
    #[must_use]
    pub fn counted_merge(&self) -> Option<CountedMerge> {
        let steps = || self.awards.iter().flat_map(|award| &award.steps);
        let has = |is: fn(&Evidence) -> bool| steps().any(|step| is(&step.evidence));
        let is_excess = has(|evidence| matches!(evidence, Evidence::Frequency { .. }));
        if self.excluded.is_some() || self.awards.is_empty() || is_excess {
            return None;
        }
        Some(CountedMerge {
            rating: steps().find_map(|step| match step.evidence {
                Evidence::Rating { median, .. } => median,
                _ => None,
            }),
            is_spam: has(|evidence| matches!(evidence, Evidence::Spam { .. })),
        })
    }
}
