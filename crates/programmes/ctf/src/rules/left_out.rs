//! Competitors whom a run of the sync would leave out, by reason.

use uuid::Uuid;

use crate::model::CompetitorId;

/// The number of competitors that the dry run lists for one reason.
const LISTED: usize = 200;

/// A competitor whom a run would leave out, or who would fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOutCompetitor {
    pub competitor: CompetitorId,
    /// One word.
    pub kind: &'static str,
    /// The reason and the next step, without names.
    pub message: String,
    /// True if they would fail, false if they would be skipped.
    pub fails: bool,
}

/// Competitors whom a run would leave out for one reason.
#[derive(Clone, Debug)]
pub struct LeaveOutReason {
    pub message: String,
    pub fails: bool,
    pub count: usize,
    /// The first of them, with room for their names.
    pub competitors: Vec<(Uuid, String)>,
}

impl LeaveOutReason {
    /// Returns the number of those who are not listed.
    #[must_use]
    pub fn others(&self) -> usize {
        self.count - self.competitors.len()
    }

    fn add(&mut self, competitor: Uuid) {
        self.count += 1;
        if self.competitors.len() < LISTED {
            self.competitors.push((competitor, String::new()));
        }
    }
}

/// Groups those who would be left out: failures first, then the reasons of most competitors.
#[must_use]
pub fn reasons(left: &[LeftOutCompetitor]) -> Vec<LeaveOutReason> {
    let mut reasons: Vec<LeaveOutReason> = Vec::new();
    for left in left {
        let known = reasons.iter_mut().find(|reason| reason.message == left.message);
        match known {
            Some(reason) => reason.add(left.competitor.0),
            None => reasons.push(LeaveOutReason {
                message: left.message.clone(),
                fails: left.fails,
                count: 1,
                competitors: vec![(left.competitor.0, String::new())],
            }),
        }
    }
    reasons.sort_by_key(|reason| (!reason.fails, std::cmp::Reverse(reason.count)));
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_lists_its_first_competitors_and_counts_the_others() {
        let left = |number: u128, fails| LeftOutCompetitor {
            competitor: Uuid::from_u128(number).into(),
            kind: "no_email",
            message: format!("It fails: {fails}."),
            fails,
        };
        let all: Vec<LeftOutCompetitor> =
            (0..205).map(|it| left(it, false)).chain([left(900, true)]).collect();
        let reasons = reasons(&all);
        let sums: Vec<_> = reasons
            .iter()
            .map(|it| (it.fails, it.count, it.competitors.len(), it.others()))
            .collect();
        assert_eq!(sums, [(true, 1, 1, 0), (false, 205, 200, 5)]);
    }
}
