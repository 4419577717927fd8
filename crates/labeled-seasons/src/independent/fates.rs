use super::{
    draft::{Draft, DraftDeed},
    phrases::{APPROVALS, REQUESTS, STAMPS},
    world::World,
};
use testkit::payloads::Verdict;

impl World {
    /// Returns a maintainer of the repository who is not the author.
    pub(super) fn reviewer(&mut self, draft: &Draft) -> Option<usize> {
        let own = &self.repositories[draft.repository];
        let others: Vec<usize> =
            own.maintainers.iter().copied().filter(|person| *person != draft.author).collect();
        (!others.is_empty()).then(|| *self.rng.pick(&others))
    }

    /// Adds the pull request with what usually happens to honest work: most is approved and merged within days.
    pub(super) fn usual(&mut self, draft: Draft) {
        let Some(reviewer) = self.reviewer(&draft) else {
            let minutes = self.soon(1, 600);
            return self.self_merged(draft, minutes);
        };
        let ready = self.soon(20, 900);
        let author = draft.author;
        let draft = if draft.unready { draft.then(ready, author, DraftDeed::Ready) } else { draft };
        let draft = match self.rng.below(30) {
            0 => draft.then(3, author, DraftDeed::Close).then(4, author, DraftDeed::Reopen),
            1 => self.retitled(draft),
            _ => draft,
        };
        let wait = ready + self.soon(4, 5000);
        let draft = match self.rng.below(20) {
            0..=10 => self.approved_and_merged(draft, wait, reviewer),
            11 | 12 => draft.merged(wait, reviewer),
            13..=16 => self.revised(draft, wait, reviewer),
            17 => draft.then(wait, reviewer, DraftDeed::Close),
            18 => draft.then(wait, author, DraftDeed::Close),
            _ => draft,
        };
        self.add(draft);
    }

    /// Lets the author correct the title a few minutes after the opening.
    pub(super) fn retitled(&mut self, draft: Draft) -> Draft {
        let part = self.part(draft.repository);
        let title = self.work_title(draft.repository, part);
        let author = draft.author;
        draft.then(self.rng.between(2, 15), author, DraftDeed::Retitle(title))
    }

    fn approved_and_merged(&mut self, draft: Draft, wait: i64, reviewer: usize) -> Draft {
        let text = *self.rng.pick(APPROVALS);
        let after = wait + self.soon(0, 900);
        let author = draft.author;
        let may = self.repositories[draft.repository].maintainers.contains(&author);
        let merger = if may && self.rng.chance(60) { author } else { reviewer };
        draft.approved(wait, reviewer, text).merged(after, merger)
    }

    fn revised(&mut self, draft: Draft, wait: i64, reviewer: usize) -> Draft {
        let text = (*self.rng.pick(REQUESTS)).to_owned();
        let author = draft.author;
        let verdict = match self.rng.below(3) {
            0 => Verdict::Commented,
            _ => Verdict::ChangesRequested,
        };
        let pushed = wait + self.soon(15, 3000);
        let again = pushed + self.soon(5, 3000);
        let draft = draft.then(wait, reviewer, DraftDeed::Review(verdict, Some(text))).then(
            pushed,
            author,
            DraftDeed::Push,
        );
        self.approved_and_merged(draft, again, reviewer)
    }

    /// Adds the pull request, merged by its author without a review.
    pub(super) fn self_merged(&mut self, draft: Draft, minutes: i64) {
        let author = draft.author;
        let draft = Draft { unready: false, ..draft };
        self.add(draft.merged(minutes, author));
    }

    /// Adds the pull request, approved by `by` and merged by them or the author soon after the opening.
    pub(super) fn stamped(&mut self, draft: Draft, by: usize, low: i64, high: i64) {
        let text = *self.rng.pick(STAMPS);
        let wait = self.soon(low, high);
        let after = wait + self.soon(0, high / 4 + 1);
        let merger = if self.rng.chance(50) { by } else { draft.author };
        let draft = Draft { unready: false, ..draft };
        self.add(draft.approved(wait, by, text).merged(after, merger));
    }

    /// Adds a gamer's pull request to a project that did not ask for it: merged by a polite maintainer, closed, closed
    /// with a label, or left open.
    pub(super) fn unwanted(&mut self, draft: Draft, merged_percent: u64) {
        let draft = Draft { unready: false, ..draft };
        let Some(reviewer) = self.reviewer(&draft) else {
            return self.add(draft);
        };
        let wait = self.soon(6, 9000);
        if self.rng.chance(merged_percent) {
            let polite = *self.rng.pick(&["", "Thanks!", "ok, thanks", "LGTM"]);
            let draft =
                if self.rng.chance(40) { draft.approved(wait, reviewer, polite) } else { draft };
            return self.add(draft.merged(wait + 3, reviewer));
        }
        let draft = self.refused(draft, wait, reviewer);
        self.add(draft);
    }

    /// Closes the pull request, sometimes with a label, or leaves it open.
    fn refused(&mut self, draft: Draft, wait: i64, reviewer: usize) -> Draft {
        let draft = match self.rng.below(10) {
            0 => draft.then(wait, reviewer, DraftDeed::Label("spam")),
            1 => draft.then(wait, reviewer, DraftDeed::Label("invalid")),
            2..=5 => draft,
            _ => return draft,
        };
        draft.then(wait + 1, reviewer, DraftDeed::Close)
    }
}
