//! The effect of rules that were checked.

use ui::format::{Instant, Number, Signed};

use super::pulls::{PullLink, profile};
use crate::{
    actions::RulesPreview,
    rules::comparison::{PullChange, RankChange},
};

/// The effect of rules on the latest pull requests.
pub(super) struct EffectFigures {
    pub(super) from: Instant,
    pub(super) to: Instant,
    pub(super) pulls: Number,
    pub(super) is_cut: bool,
    pub(super) before: Number,
    pub(super) after: Number,
    pub(super) difference: Signed,
    pub(super) changed: Number,
    pub(super) largest: Vec<PullRow>,
    pub(super) gained: Number,
    pub(super) lost: Number,
    pub(super) ranks: Vec<RankRow>,
}

/// A pull request whose points differ.
pub(super) struct PullRow {
    /// The link; absent for a private repository.
    pub(super) link: Option<PullLink>,
    pub(super) before: Number,
    pub(super) after: Number,
    pub(super) difference: Signed,
}

/// A person whose rank differs.
pub(super) struct RankRow {
    pub(super) login: String,
    pub(super) address: Option<String>,
    pub(super) before: Option<Number>,
    pub(super) after: Option<Number>,
    pub(super) is_gain: bool,
}

impl From<&RulesPreview> for EffectFigures {
    fn from(preview: &RulesPreview) -> Self {
        let comparison = &preview.comparison;
        let pulls = comparison.largest.iter();
        let ranks = comparison.ranks.iter();
        Self {
            from: Instant(preview.from),
            to: Instant(preview.to),
            pulls: number(preview.pull_requests),
            is_cut: preview.is_cut,
            before: Number(comparison.before),
            after: Number(comparison.after),
            difference: Signed(comparison.after - comparison.before),
            changed: number(comparison.changed),
            largest: pulls.map(|change| PullRow::of(change, preview)).collect(),
            gained: number(comparison.gained),
            lost: number(comparison.lost),
            ranks: ranks.map(|change| RankRow::of(change, preview)).collect(),
        }
    }
}

impl EffectFigures {
    /// Returns the number of people whose rank differs.
    pub(super) fn moved(&self) -> Number {
        Number(self.gained.0 + self.lost.0)
    }
}

fn number(count: usize) -> Number {
    Number(i64::try_from(count).unwrap_or(i64::MAX))
}

impl PullRow {
    fn of(change: &PullChange, preview: &RulesPreview) -> Self {
        let pull = preview.named.get(&change.pull_request_id.0);
        Self {
            link: pull.map(PullLink::of),
            before: Number(change.before),
            after: Number(change.after),
            difference: Signed(change.after - change.before),
        }
    }
}

impl RankRow {
    fn of(change: &RankChange, preview: &RulesPreview) -> Self {
        let login = preview.logins.get(&change.user_id);
        let login = login.cloned().unwrap_or_default();
        let rank = |rank: Option<u32>| rank.map(|rank| Number(rank.into()));
        Self {
            address: profile(&login),
            login,
            before: rank(change.before),
            after: rank(change.after),
            is_gain: change.is_gain(),
        }
    }
}
