//! Detectors of work that games a programme. Each compares the pull requests of a period and returns [`GamingFinding`]s: the
//! people, repositories and pull requests concerned, and the [`GamingSign`]s that led to it, in numbers. A finding is a reason
//! for a person to look; nothing is decided here.
//!
//! A single sign is not enough for a finding: teams review each other every day, maintainers merge quickly, and
//! newcomers begin with a typo. Every detector therefore asks for a structure (a repository, a group, a series) and for
//! several signs of work without substance in it.

mod activity;
mod alternates;
mod bursts;
mod copies;
mod groups;
#[cfg(test)]
mod judged;
mod known;
mod low_value;
pub mod notice;
pub mod penalty;
pub mod reports;
mod repositories;
mod reviewers;
mod rings;
mod signs;
#[cfg(test)]
mod tests;
mod words;

pub use activity::{
    PathsDigest, PeriodActivity, PullActivity, PullChanges, ReviewActivity, TitleDigest, is_small,
};
pub use known::{KnownFlag, Raise, raise};
pub use reviewers::{ReviewedPull, reviewer_findings};
pub use signs::{FindingKind, GamingFinding, GamingSign, PullProperty};

/// Returns the findings of all detectors, in the order of [`FindingKind`].
#[must_use]
pub fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let detectors = [
        repositories::findings,
        rings::findings,
        bursts::findings,
        copies::findings,
        alternates::findings,
        low_value::findings,
    ];
    detectors.into_iter().flat_map(|detect| detect(activity)).collect()
}
