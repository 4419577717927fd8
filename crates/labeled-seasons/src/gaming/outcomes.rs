//! Draws reviews and outcomes that several scenes share.

use super::{changes::PullContent, life::PullLife};
use testkit::{
    payloads::{Label, Verdict},
    story::Act,
};

/// The chances that maintainers merge or close a pull request, and that they call it spam when they close it.
#[derive(Clone, Copy)]
pub(super) struct OutcomeChances {
    pub(super) merged: u64,
    pub(super) closed: u64,
    pub(super) spam: u64,
}

/// Draws the usual review and outcome of honest work.
pub(super) fn reviewed(life: &mut PullLife<'_>, change: &PullContent) {
    if life.rng.chance(9) {
        life.as_draft();
    }
    if life.rng.chance(50) {
        life.label(200, change.label);
    }
    life.discuss(28);
    match life.rng.below(100) {
        0..72 => life.approve_and_merge(),
        72..84 => life.decline(),
        // The others stay open.
        _ => {}
    }
}

impl PullLife<'_> {
    /// Closes honest work, rarely with a label that is meant for spam.
    fn decline(&mut self) {
        let by = if self.rng.chance(35) { self.author } else { self.maintainer() };
        if by != self.author && self.rng.chance(4) {
            self.label(900, "invalid");
        }
        self.later(6000, by, Act::Closed);
    }

    /// Draws comments and requests for changes, each answered by a push.
    pub(super) fn discuss(&mut self, percent: u64) {
        if self.rng.chance(22) {
            let (by, act) = (self.maintainer(), self.verdict(Verdict::Commented));
            self.later(500, by, act);
        }
        if self.rng.chance(percent) {
            let (by, act) = (self.maintainer(), self.verdict(Verdict::ChangesRequested));
            self.later(900, by, act);
            self.push(700);
        }
        while self.rng.chance(18) {
            self.push(300);
        }
    }

    fn approve_and_merge(&mut self) {
        let by = self.maintainer();
        if self.rng.chance(82) {
            let act = self.verdict(Verdict::Approved);
            self.later(900, by, act);
        }
        let other = self.maintainer();
        let merger = if self.rng.chance(75) { by } else { other };
        self.later(90, merger, Act::Merged);
    }

    /// Draws what busy maintainers do with a change that was not asked for.
    pub(super) fn judged(&mut self, fate: OutcomeChances) {
        let by = self.maintainer();
        let drawn = self.rng.below(100);
        if drawn < fate.merged {
            if self.rng.chance(45) {
                let act = self.verdict(Verdict::Approved);
                self.later(600, by, act);
            }
            self.later(300, by, Act::Merged);
        } else if drawn < fate.merged + fate.closed {
            if self.rng.chance(fate.spam) {
                let name = *self.rng.pick(&["spam", "invalid"]);
                self.later(240, by, Act::Labeled(Label::named(name)));
                self.soon(3, 90, by, Act::Closed);
            } else {
                self.later(900, by, Act::Closed);
            }
        }
    }
}
