//! Sentences that explain points, rendered from the stored factors.

use kernel::counted;

use super::{
    Assumption, Exact, Exclusion, Explanation, Overridden, PatchContent, PullRequestFlag,
    explanation::{Award, Evidence, LowValue, LowValueSign, SpamSign},
};

impl Explanation {
    /// Returns all sentences: the exclusion, a decision, flags, substitutes for unknown facts, then each award.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let excluded = self.excluded.iter().map(Exclusion::sentence);
        let overridden = self.overridden.iter().map(Overridden::sentence);
        let flags = self.flags.iter().map(PullRequestFlag::sentence);
        let assumptions =
            self.assumptions.iter().map(|assumption| assumption.sentence().to_owned());
        let awards = self.awards.iter().map(Award::sentence);
        excluded.chain(overridden).chain(flags).chain(assumptions).chain(awards).collect()
    }
}

impl Explanation {
    /// Returns the reasons for which the pull request earns nothing or loses points, as far as its author may contest them:
    /// not that it is a draft, a bot's, or of an archived project or a paused repository.
    #[must_use]
    pub fn held(&self) -> Vec<String> {
        let excluded = self.excluded.filter(|excluded| {
            !matches!(
                excluded,
                Exclusion::Bot
                    | Exclusion::Draft
                    | Exclusion::ProjectArchived
                    | Exclusion::RepositoryPaused
            )
        });
        let overridden =
            self.overridden.filter(|overridden| matches!(overridden, Overridden::None));
        let steps = self.awards.iter().flat_map(|award| &award.steps);
        let void = steps.filter_map(|step| match &step.evidence {
            Evidence::Penalty { by } | Evidence::Spam { by } => {
                Some(format!("This pull request counts as {}.", by.words()))
            }
            _ => None,
        });
        let excluded = excluded.iter().map(Exclusion::sentence);
        let flags = self.flags.iter().map(PullRequestFlag::sentence);
        excluded
            .chain(overridden.iter().map(Overridden::sentence))
            .chain(flags)
            .chain(void)
            .collect()
    }

    /// Returns the number of the confirmed flag that takes the points, unless they are missing for another reason.
    #[must_use]
    pub fn held_by_flag(&self) -> Option<i64> {
        if matches!(self.overridden, Some(Overridden::None)) {
            return None;
        }
        if let Some(excluded) = &self.excluded {
            return match excluded {
                Exclusion::Flagged { number } => Some(*number),
                _ => None,
            };
        }
        let mut steps = self.awards.iter().flat_map(|award| &award.steps);
        steps.find_map(|step| match &step.evidence {
            Evidence::Penalty { by: SpamSign::Flag(number) }
            | Evidence::Spam { by: SpamSign::Flag(number) } => Some(*number),
            _ => None,
        })
    }
}

impl Award {
    /// Describes an award, such as "50 merged × 1.2 rating 4 = 60, capped at 35 (monthly cap)".
    /// Factors that change nothing are left out.
    #[must_use]
    pub fn sentence(&self) -> String {
        let terms: Vec<String> = self.steps.iter().enumerate().filter_map(term).collect();
        let mut sentence = terms.join(" × ");
        if terms.len() > 1 {
            sentence += &format!(" = {}", self.exact());
        }
        if self.exact() != Exact::from(self.rounded) {
            sentence += &format!(", rounded to {}", self.rounded);
        }
        if let Some(low) = &self.low_value {
            sentence += &low.clause();
        }
        if let Some(cap) = self.cap.filter(|cap| cap.granted < cap.uncapped) {
            sentence += &format!(", capped at {} (monthly cap)", cap.granted);
        }
        sentence
    }
}

/// Describes a step. The base is always included, a factor only if it changes something.
fn term((place, step): (usize, &super::explanation::CalculationStep)) -> Option<String> {
    let says = place == 0 || step.factor != Exact::ONE;
    says.then(|| format!("{} {}", step.factor, step.evidence.words()))
}

impl Evidence {
    fn words(&self) -> String {
        match self {
            Self::Opened => "opened".to_owned(),
            Self::Merged => "merged".to_owned(),
            Self::Size { lines: None, .. } => "size bonus while the size is unknown".to_owned(),
            Self::Size { lines: Some(1), .. } => "size bonus for 1 line".to_owned(),
            Self::Size { lines: Some(lines), .. } => format!("size bonus for {lines} lines"),
            Self::Decision => "set by a decision".to_owned(),
            Self::Penalty { by } | Self::Spam { by } => by.words(),
            Self::Rating { median: Some(median), count: Some(count @ 2..) } => {
                format!("rating {median} (median of {count})")
            }
            Self::Rating { median: Some(median), .. } => format!("rating {median}"),
            Self::Rating { median: None, .. } => "no rating".to_owned(),
            Self::Tests { .. } => "tests".to_owned(),
            Self::Docs { .. } => "docs".to_owned(),
            Self::Type { name: Some(name), .. } => format!("type {name}"),
            Self::Type { name: None, .. } => "no type".to_owned(),
            Self::Diminishing { place, .. } => format!("{} merge of the month", ordinal(*place)),
            Self::Frequency { openings, limit } => {
                format!("{} pull request opened in 24 hours (limit {limit})", ordinal(*openings))
            }
        }
    }
}

impl SpamSign {
    /// Describes the sign.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Mark => "spam (marked by a maintainer)".to_owned(),
            Self::Label(label) => format!("spam (label {label})"),
            Self::Flag(number) => format!("spam (a moderator confirmed flag F-{number})"),
        }
    }
}

impl LowValue {
    fn clause(&self) -> String {
        let by = match &self.by {
            LowValueSign::Mark => "marked by a maintainer".to_owned(),
            LowValueSign::Title { word, lines } => {
                let lines = counted(*lines, "line", "lines");
                format!("\"{word}\" in the title, {lines}")
            }
            LowValueSign::Patch { content } => content.words().to_owned(),
        };
        format!(", less {} for low value ({by}) = {}", self.deduction, self.remaining)
    }
}

impl PatchContent {
    /// Describes what the patch changes.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::WhiteSpace => "only white space changes",
            Self::OneWord => "only one word of prose changes",
            Self::Substantial => "more than one word changes",
        }
    }
}

impl Exclusion {
    /// Explains why the pull request earns no points.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Bot => "This pull request earns no points because its author is a bot.".to_owned(),
            Self::BannedAtOpening => {
                "This pull request earns no points because its author was banned when it was opened.".to_owned()
            }
            Self::OwnRepository => "This pull request earns no points because its author owns the repository.".to_owned(),
            Self::AccountTooNew { days, minimum } => format!(
                "This pull request earns no points because its author's GitHub account was {} old when it was opened. The rules require at least {}.",
                counted(*days, "day", "days"),
                counted(*minimum, "day", "days")
            ),
            Self::SelfMerged => {
                "This pull request earns no points because its author merged it without a review by another person."
                    .to_owned()
            }
            Self::SelfAutoMerged => {
                "This pull request earns no points because its author enabled auto-merge without a review by another person."
                    .to_owned()
            }
            Self::SelfQueued => {
                "This pull request earns no points because its author added it to the merge queue without a review by another person."
                    .to_owned()
            }
            Self::Draft => "This pull request earns no points while it is a draft.".to_owned(),
            Self::ProjectArchived => {
                "This pull request earns no points because its project was archived before it was opened.".to_owned()
            }
            Self::RepositoryPaused => {
                "This pull request earns no points because its repository was paused or archived in the project before it was opened.".to_owned()
            }
            Self::Flagged { number } => format!(
                "This pull request earns no points because a moderator confirmed flag F-{number}."
            ),
            Self::RepositoryExcluded => {
                "This pull request earns no points because a moderator excluded its repository.".to_owned()
            }
        }
    }
}

impl Overridden {
    /// Describes the decision.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Frozen => {
                "A decision froze the points of this pull request. They stay until it is lifted."
                    .to_owned()
            }
            Self::Set { points } => format!(
                "A decision set this pull request to {}.",
                counted(*points, "point", "points")
            ),
            Self::None => "This pull request earns no points because of a decision.".to_owned(),
        }
    }
}

impl PullRequestFlag {
    /// Describes the fact for a moderator.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Frequency { openings, limit } => format!(
                "Flagged: this is the {} pull request that its author opened within 24 hours. The limit is {limit}.",
                ordinal(*openings)
            ),
        }
    }
}

impl Assumption {
    /// Describes the unknown fact and the assumption.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::LineTotalsUsed => {
                "Webhooks don't list the changed files, so line totals are used, and test and docs multipliers don't apply."
            }
            Self::SizeUnknown => "The size of the change is unknown, so there is no size bonus.",
            Self::AccountAgeUnknown => {
                "The age of the author's GitHub account is unknown. It is assumed to be old enough."
            }
            Self::PatchUnknown => {
                "The patch of this small change is not known, so only its title tells whether it has low value."
            }
        }
    }
}

/// Formats an ordinal number, such as "1st", "2nd" or "11th".
#[must_use]
pub fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}
