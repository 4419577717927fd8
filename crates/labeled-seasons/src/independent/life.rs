use super::draft::{DraftDeed, DraftTurn};
use crate::gaming::{Person, PullRequest, PullStep, Repository, Review};
use testkit::{
    fake_github::ChangedFile,
    payloads::{AccountKind, Label, Verdict},
    rng::Rng,
    story::{Act, Diff, NewReview},
};

/// The life of one pull request after its opening.
pub(super) struct SeasonLife<'a> {
    pull: PullRequest,
    rng: &'a mut Rng,
    repository: &'a Repository,
    people: &'a [Person],
    review: i64,
}

impl<'a> SeasonLife<'a> {
    /// Opens the pull request.
    pub(super) fn new(
        mut pull: PullRequest,
        rng: &'a mut Rng,
        repository: &'a Repository,
        people: &'a [Person],
    ) -> Self {
        pull.steps.push(PullStep { at: pull.opened_at, by: pull.author, act: Act::Opened });
        Self { review: pull.id * 32, pull, rng, repository, people }
    }

    /// Returns the size of files, with a new commit.
    pub(super) fn size(files: &[ChangedFile], rng: &mut Rng) -> Diff {
        Diff {
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            changed_files: files.len() as i64,
            head_sha: rng.sha(),
        }
    }

    /// Lets a turn happen, unless GitHub or the rules would refuse it.
    pub(super) fn take(&mut self, turn: &DraftTurn) {
        if !self.allows(&turn.deed) {
            return;
        }
        let act = match turn.deed.clone() {
            DraftDeed::Review(verdict, body) => self.reviewed(turn, verdict, body),
            DraftDeed::Push => Act::Synchronized(Self::size(&self.pull.files, self.rng)),
            DraftDeed::Ready => Act::ReadyForReview,
            DraftDeed::Retitle(title) => {
                self.pull.title.clone_from(&title);
                Act::Edited(title)
            }
            DraftDeed::Label(name) => self.labeled(name),
            DraftDeed::Merge => Act::Merged,
            DraftDeed::Close => Act::Closed,
            DraftDeed::Reopen => Act::Reopened,
        };
        self.change(turn, &act);
        let DraftTurn { at, by, .. } = *turn;
        self.pull.steps.push(PullStep { at, by, act });
    }

    fn allows(&self, deed: &DraftDeed) -> bool {
        let pull = &self.pull;
        let open = pull.closed_at.is_none();
        match deed {
            DraftDeed::Reopen => !open && pull.merged_at.is_none(),
            DraftDeed::Label(name) => !pull.labels.iter().any(|own| own == name),
            DraftDeed::Ready => open && pull.draft,
            DraftDeed::Merge => open && !pull.draft,
            _ => open,
        }
    }

    fn change(&mut self, turn: &DraftTurn, act: &Act) {
        match act {
            Act::ReadyForReview => self.pull.draft = false,
            Act::Closed | Act::Merged => self.pull.closed_at = Some(turn.at),
            Act::Reopened => self.pull.closed_at = None,
            _ => {}
        }
        if *act == Act::Merged {
            self.pull.merged_at = Some(turn.at);
            self.pull.merged_by = Some(turn.by);
        }
    }

    fn reviewed(&mut self, turn: &DraftTurn, verdict: Verdict, body: Option<String>) -> Act {
        self.review += 1;
        self.pull.reviews.push(Review {
            reviewer: turn.by,
            verdict,
            at: turn.at,
            body: body.clone(),
        });
        Act::Reviewed(NewReview {
            id: self.review,
            verdict,
            body,
            association: self.role(turn.by),
            bare: false,
        })
    }

    fn role(&self, person: usize) -> &'static str {
        let own = self.repository;
        if own.repo.owner.id == self.people[person].account.id {
            return "OWNER";
        }
        let may = own.maintainers.contains(&person) || own.collaborators.contains(&person);
        match own.repo.owner.kind {
            AccountKind::Organization if may => "MEMBER",
            _ if may => "COLLABORATOR",
            _ => "NONE",
        }
    }

    fn labeled(&mut self, name: &str) -> Act {
        self.pull.labels.push(name.to_owned());
        let id = self.repository.repo.id + name.len() as i64;
        Act::Labeled(Label { id, name: name.to_owned(), color: String::from("d73a4a") })
    }

    /// Returns the pull request as it is at the end. If there were pushes, it was smaller when it was opened.
    pub(super) fn end(mut self) -> PullRequest {
        let pushes = self.pull.steps.iter();
        if pushes.clone().any(|step| matches!(step.act, Act::Synchronized(_))) {
            let opening = &mut self.pull.opening;
            opening.additions -= self.rng.between(0, opening.additions / 3);
            opening.deletions -= self.rng.between(0, opening.deletions / 3);
        }
        self.pull
    }
}
