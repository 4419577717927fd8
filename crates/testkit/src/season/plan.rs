use chrono::TimeDelta;
use kernel::Timestamp;

use crate::{
    payloads::{Account, Label, Verdict},
    rng::Rng,
    story::{Act, Diff, NewReview},
};

/// The kind of change in a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlanKind {
    Feature,
    Fix,
    Docs,
    Test,
    Refactor,
    Chore,
    Typo,
    Spam,
    Bump,
}

impl PlanKind {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        match rng.below(100) {
            0..25 => Self::Feature,
            25..53 => Self::Fix,
            53..66 => Self::Docs,
            66..74 => Self::Test,
            74..83 => Self::Refactor,
            83..87 => Self::Chore,
            87..92 => Self::Typo,
            92..94 => Self::Spam,
            _ => Self::Bump,
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Feature => "Type: Feature",
            Self::Fix => "bug",
            Self::Docs | Self::Typo => "documentation",
            Self::Test => "tests",
            Self::Refactor => "refactor",
            Self::Chore => "chore",
            Self::Spam => "spam",
            Self::Bump => "dependencies",
        }
    }

    /// Returns the maximum number of lines that such a change adds.
    fn most_lines(self) -> i64 {
        match self {
            Self::Feature => 1900,
            Self::Refactor => 1100,
            Self::Test => 500,
            Self::Fix | Self::Docs => 220,
            Self::Chore | Self::Bump => 60,
            Self::Typo => 7,
            Self::Spam => 4,
        }
    }

    pub(super) fn diff(self, rng: &mut Rng) -> Diff {
        // Squared, so that most changes are small.
        let share = |rng: &mut Rng| {
            let fraction = rng.fraction();
            (self.most_lines() as f64 * fraction * fraction) as i64
        };
        let (additions, deletions) = (1 + share(rng), share(rng) / 2);
        let changed_files = 1 + (additions + deletions) / rng.between(30, 90);
        Diff { additions, deletions, changed_files, head_sha: rng.sha() }
    }
}

/// A step of a pull request, with its time and actor.
pub(super) struct PlanStep {
    pub(super) at: Timestamp,
    pub(super) act: Act,
    pub(super) by: Account,
}

/// Plans the life of a pull request after its opening.
pub(super) struct Plan<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) kind: PlanKind,
    pub(super) author: &'a Account,
    /// Maintainers other than the author.
    pub(super) maintainers: Vec<Account>,
    /// The ID of its first review; later ones follow.
    pub(super) first_review: i64,
    pub(super) now: Timestamp,
    pub(super) steps: Vec<PlanStep>,
}

impl Plan<'_> {
    pub(super) fn steps(mut self, title: &str, draft: bool) -> Vec<PlanStep> {
        match self.kind {
            PlanKind::Spam => self.spam(),
            PlanKind::Bump => self.bump(),
            _ => self.work(title, draft),
        }
        self.steps
    }

    fn spam(&mut self) {
        let label = *self.rng.pick(&["spam", "invalid"]);
        self.maintain(40, Act::Labeled(Label::named(label)));
        self.maintain(1, Act::Closed);
    }

    fn bump(&mut self) {
        self.maintain(1, Act::Labeled(Label::named(self.kind.label())));
        if self.rng.chance(80) {
            self.review(600, Verdict::Approved);
            self.maintain(5, Act::Merged);
        } else {
            self.own(9000, Act::Closed);
        }
    }

    fn work(&mut self, title: &str, draft: bool) {
        if self.rng.chance(60) {
            self.maintain(30, Act::Labeled(Label::named(self.kind.label())));
        }
        if draft {
            self.push();
            self.own(900, Act::ReadyForReview);
        }
        if self.rng.chance(8) {
            self.own(60, Act::Edited(format!("{title} again")));
        }
        self.reviews();
        match self.rng.below(100) {
            0..72 => self.merge(),
            72..78 => self.second_try(),
            78..92 => self.maintain(9000, Act::Closed),
            // The others stay open.
            _ => {}
        }
    }

    fn reviews(&mut self) {
        if self.rng.chance(25) {
            self.review(300, Verdict::Commented);
        }
        if self.rng.chance(30) {
            self.review(500, Verdict::ChangesRequested);
            let asked = self.first_review - 1;
            self.push();
            if self.rng.chance(10) {
                self.maintain(200, Act::ReviewDismissed(asked));
            }
            if self.rng.chance(8) {
                self.own(90, Act::ConvertedToDraft);
                self.push();
                self.own(700, Act::ReadyForReview);
            }
        }
        while self.rng.chance(25) {
            self.push();
        }
    }

    fn merge(&mut self) {
        if self.rng.chance(88) {
            self.review(800, Verdict::Approved);
            if self.rng.chance(4) {
                let id = self.first_review - 1;
                self.maintain(
                    5,
                    Act::ReviewEdited(id, String::from("Thank you, this reads well.")),
                );
            }
        }
        self.maintain(120, Act::Merged);
    }

    /// Closes the pull request too early, reopens it and merges it.
    fn second_try(&mut self) {
        self.maintain(2000, Act::Closed);
        self.own(800, Act::Reopened);
        self.push();
        self.merge();
    }

    fn push(&mut self) {
        let diff = self.kind.diff(self.rng);
        self.own(400, Act::Synchronized(diff));
    }

    fn review(&mut self, minutes: i64, verdict: Verdict) {
        let review = NewReview {
            id: self.first_review,
            verdict,
            body: self.rng.chance(60).then(|| words(verdict).to_owned()),
            association: "MEMBER",
            bare: false,
        };
        self.first_review += 1;
        self.maintain(minutes, Act::Reviewed(review));
    }

    fn maintain(&mut self, minutes: i64, act: Act) {
        let by = self.rng.pick(&self.maintainers).clone();
        self.step(minutes, act, by);
    }

    fn own(&mut self, minutes: i64, act: Act) {
        self.step(minutes, act, self.author.clone());
    }

    /// Adds a step after about `minutes`, sometimes much later.
    fn step(&mut self, minutes: i64, act: Act, by: Account) {
        let stretch = *self.rng.pick(&[1, 2, 3, 4, 4, 5, 8, 13, 30]);
        let seconds = minutes * 60 * stretch / 4;
        self.now += TimeDelta::seconds(self.rng.between(seconds / 2, seconds + 1) + 1);
        self.steps.push(PlanStep { at: self.now, act, by });
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Approved => "Reads well, thank you.",
        Verdict::ChangesRequested => "Please cover the empty case, and say why in the comment.",
        _ => "What happens here when the list is empty?",
    }
}
