//! The title of a flag that waits for a moderator: the thing that it is about, and its people.

use kernel::{counted, plain_title};

use super::fair_play::FindingKind;
use crate::model::ReportReason;

/// A flag as its row counts it.
#[derive(Debug)]
pub(crate) struct Flagged {
    kind: FindingKind,
    pub(crate) people: i64,
    pulls: i64,
    reports: i64,
    /// The reason of the first report.
    reason: Option<ReportReason>,
}

impl Flagged {
    /// Reads the kind, the numbers and the reason, which spaces separate.
    pub(crate) fn read(detail: &str) -> Option<Self> {
        let mut parts = detail.split(' ');
        let kind = FindingKind::named(parts.next()?)?;
        let mut number = || parts.next()?.parse().ok();
        let (people, pulls, reports) = (number()?, number()?, number()?);
        let reason = parts.next().and_then(ReportReason::named);
        Some(Self { kind, people, pulls, reports, reason })
    }

    /// Returns whether it is about the one pull request that its row names.
    pub(crate) fn is_of_one_thing(&self) -> bool {
        self.kind == FindingKind::Report
    }

    /// Returns the flag as a title. `whom` names its people, `name` is the title of its first pull request, and `place` is its
    /// repository.
    pub(crate) fn title(&self, whom: &str, name: &str, place: &str) -> String {
        let pulls = counted(self.pulls, "pull request", "pull requests");
        match self.kind {
            FindingKind::JunkRepositories => format!("{pulls} by {whom} merged without substance"),
            FindingKind::ApprovalRing => format!("{whom}: waved each other through, {pulls}"),
            FindingKind::Burst => {
                let pulls = counted(self.pulls, "small pull request", "small pull requests");
                format!("{pulls} by {whom}")
            }
            FindingKind::SameDiff => format!("The same changes again by {whom}, {pulls}"),
            FindingKind::Alternates => format!("{whom}: new accounts that act as one, {pulls}"),
            FindingKind::LowValue => format!("{pulls} by {whom} that maintainers refuse"),
            FindingKind::Report => self.reported(whom, name, place),
            FindingKind::ReviewerAbuse => format!("Unusual reviews by {whom} of {pulls}"),
            FindingKind::ReciprocalRatings => format!("{whom}: rated each other 5, {pulls}"),
        }
    }

    fn reported(&self, whom: &str, name: &str, place: &str) -> String {
        let asks = match self.reason {
            Some(ReportReason::Spam) => "Is it spam?",
            Some(ReportReason::Copied) => "Is it copied?",
            Some(ReportReason::JunkRepository) => "Is it made to earn points?",
            Some(ReportReason::GamedReviews) => "Are its reviews a favor?",
            Some(ReportReason::Other) | None => "Is it fair?",
        };
        let what = match (name, place) {
            ("", "") => "work in a private repository".to_owned(),
            ("", place) => place.to_owned(),
            (name, _) => format!("“{}” by {whom}", plain_title(name)),
        };
        let people = counted(self.reports, "person", "people");
        format!("{asks} {what}, reported by {people}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_what_is_flagged_and_of_whom() {
        for (detail, name, place, title) in [
            (
                "report 1 1 2 spam",
                "fix: handle it",
                "octo-org/lantern #98",
                "Is it spam? “Handle it” by Wren Oak, reported by 2 people",
            ),
            (
                "report 0 0 1 junk_repository",
                "",
                "octo-org/junk",
                "Is it made to earn points? octo-org/junk, reported by 1 person",
            ),
            (
                "report 0 0 1 other",
                "",
                "",
                "Is it fair? work in a private repository, reported by 1 person",
            ),
            (
                "junk_repositories 3 12 0 ",
                "Add a line",
                "octo-org/junk #1",
                "12 pull requests by Wren Oak and 2 others merged without substance",
            ),
            ("burst 1 9 0 ", "", "", "9 small pull requests by Wren Oak"),
            (
                "approval_ring 3 12 0 ",
                "",
                "",
                "Wren Oak and 2 others: waved each other through, 12 pull requests",
            ),
            ("low_value 1 1 0 ", "", "", "1 pull request by Wren Oak that maintainers refuse"),
        ] {
            let flag = Flagged::read(detail).expect("a flag");
            let whom = match flag.people {
                ..=1 => "Wren Oak",
                _ => "Wren Oak and 2 others",
            };
            assert_eq!(flag.title(whom, name, place), title);
        }
        assert!(Flagged::read("unheard_of 1 1 0 ").is_none());
    }
}
