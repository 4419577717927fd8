//! Simulates one pull request: an act changes its state and returns the event whose payload is a snapshot of that
//! state. Used by the season, the histories and the fake GitHub.

use std::sync::Arc;

use kernel::Timestamp;
use serde_json::{json, value::RawValue};

use crate::{
    delivery::Delivery,
    payloads::{
        Account, Label, PullState, PushState, Repo, ReviewState, Verdict, pull_request,
        pull_request_review, push,
    },
    rng::Rng,
};

/// Acts on a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// It was opened: always the first act.
    Opened,
    /// Its title was changed.
    Edited(String),
    Labeled(Label),
    Unlabeled(Label),
    /// Commits were pushed.
    Synchronized(Diff),
    ConvertedToDraft,
    ReadyForReview,
    /// It was closed without a merge.
    Closed,
    Merged,
    /// GitHub merges it as soon as it may be merged.
    AutoMergeEnabled,
    AutoMergeDisabled,
    /// It was added to the merge queue.
    Enqueued,
    /// It left the merge queue, with GitHub's reason.
    Dequeued(&'static str),
    Reopened,
    Reviewed(NewReview),
    /// The text of the review with this ID was changed.
    ReviewEdited(i64, String),
    /// The review with this ID was dismissed.
    ReviewDismissed(i64),
}

/// A pull request's size after a push.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    pub additions: i64,
    /// Lines removed.
    pub deletions: i64,
    pub changed_files: i64,
    /// The newest commit.
    pub head_sha: String,
}

/// A review that is not submitted yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReview {
    /// GitHub's id.
    pub id: i64,
    pub verdict: Verdict,
    /// The text.
    pub body: Option<String>,
    /// The reviewer's association with the repository.
    pub association: &'static str,
    /// See [`ReviewState::bare`].
    pub bare: bool,
}

/// A webhook event, without the metadata of a delivery.
#[derive(Clone, Debug)]
pub struct StoryEvent {
    /// The header `X-GitHub-Event`.
    pub name: &'static str,
    pub body: Box<RawValue>,
}

impl StoryEvent {
    /// Returns the push to the target branch that GitHub sends right after the merge of a pull request.
    #[must_use]
    pub fn push_of_merge(
        repo: &mut Arc<Repo>,
        pull: &PullState,
        by: &Account,
        at: Timestamp,
    ) -> Self {
        Arc::make_mut(repo).pushed_at = at;
        let state = PushState {
            reference: format!("refs/heads/{}", pull.base_ref),
            before: pull.base_sha.clone(),
            after: pull.head_sha.chars().rev().collect(),
            forced: false,
            message: format!("{} (#{})", pull.title, pull.number),
            at,
        };
        Self { name: "push", body: push(repo, &state, by) }
    }

    /// Returns the event's delivery, with a new ID.
    #[must_use]
    pub fn delivered(self, rng: &mut Rng, at: Timestamp) -> Delivery {
        Delivery {
            at: Some(at),
            event: self.name.to_owned(),
            delivery: rng.uuid(),
            body: self.body,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PastAct {
    /// When it happened.
    pub at: Timestamp,
    pub act: Act,
    pub by: Account,
    /// The title before.
    pub title: String,
    /// The verdict before, of a review that was dismissed.
    pub verdict: Option<Verdict>,
}

/// A pull request and its reviews.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub pull: PullState,
    /// Its reviews, oldest first.
    pub reviews: Vec<ReviewState>,
    /// The acts, oldest first.
    pub past: Vec<PastAct>,
}

impl Story {
    /// Creates the story of a pull request. [`Act::Opened`] yields its first event.
    #[must_use]
    pub fn new(pull: PullState) -> Self {
        Self { pull, reviews: Vec::new(), past: Vec::new() }
    }

    /// Returns true when GitHub would allow the act.
    #[must_use]
    pub fn allows(&self, act: &Act) -> bool {
        let pull = &self.pull;
        let open = pull.closed_at.is_none();
        let labeled = |label: &Label| pull.labels.iter().any(|own| own.name == label.name);
        let has_review = |id: i64| {
            self.reviews.iter().any(|own| own.id == id && own.verdict != Verdict::Dismissed)
        };
        match act {
            Act::Opened | Act::Edited(_) | Act::Reviewed(_) => true,
            Act::Labeled(label) => !labeled(label),
            Act::Unlabeled(label) => labeled(label),
            Act::Synchronized(_) | Act::Closed => open,
            Act::ConvertedToDraft => open && !pull.draft,
            Act::ReadyForReview => open && pull.draft,
            Act::Merged => open && !pull.draft,
            Act::AutoMergeEnabled => open && pull.auto_merge.is_none(),
            Act::AutoMergeDisabled => open && pull.auto_merge.is_some(),
            Act::Enqueued => open && !pull.draft && !pull.is_queued,
            Act::Dequeued(_) => pull.is_queued,
            Act::Reopened => !open && pull.merged_at.is_none(),
            Act::ReviewEdited(id, _) | Act::ReviewDismissed(id) => has_review(*id),
        }
    }

    /// Applies an act by `by` at `at`; returns `None` when GitHub would refuse it.
    pub fn act(&mut self, act: Act, by: &Account, at: Timestamp) -> Option<StoryEvent> {
        if !self.allows(&act) {
            return None;
        }
        if act != Act::Opened {
            self.pull.updated_at = at;
        }
        self.remember(&act, by, at);
        Some(match act {
            Act::Reviewed(review) => self.review(review, by, at),
            Act::ReviewEdited(id, body) => {
                self.change_review(id, "edited", by, |review| review.body = Some(body))
            }
            Act::ReviewDismissed(id) => self.change_review(id, "dismissed", by, |review| {
                review.verdict = Verdict::Dismissed;
            }),
            act => self.change_pull(act, by, at),
        })
    }

    fn remember(&mut self, act: &Act, by: &Account, at: Timestamp) {
        let dismissed = match act {
            Act::ReviewDismissed(id) => self.reviews.iter().find(|review| review.id == *id),
            _ => None,
        };
        self.past.push(PastAct {
            at,
            act: act.clone(),
            by: by.clone(),
            title: self.pull.title.clone(),
            verdict: dismissed.map(|review| review.verdict),
        });
    }

    fn change_pull(&mut self, act: Act, by: &Account, at: Timestamp) -> StoryEvent {
        let pull = &mut self.pull;
        let mut extra: Vec<(&str, String)> = Vec::new();
        let action = match act {
            Act::Edited(title) => {
                let before = std::mem::replace(&mut pull.title, title);
                extra.push(("changes", json!({ "title": { "from": before } }).to_string()));
                "edited"
            }
            Act::Labeled(label) => {
                extra.push(("label", label_json(&label)));
                pull.labels.push(label);
                "labeled"
            }
            Act::Unlabeled(label) => {
                pull.labels.retain(|own| own.name != label.name);
                extra.push(("label", label_json(&label)));
                "unlabeled"
            }
            Act::Synchronized(diff) => {
                extra.push(("before", json!(pull.head_sha).to_string()));
                extra.push(("after", json!(diff.head_sha).to_string()));
                pull.push(diff);
                "synchronize"
            }
            Act::Dequeued(reason) => {
                extra.push(("reason", json!(reason).to_string()));
                pull.is_queued = false;
                "dequeued"
            }
            act => pull.turn(&act, by, at),
        };
        let extra: Vec<_> = extra.iter().map(|(key, json)| (*key, json.as_str())).collect();
        StoryEvent { name: "pull_request", body: pull_request(action, pull, by, &extra) }
    }

    fn review(&mut self, new: NewReview, by: &Account, at: Timestamp) -> StoryEvent {
        let review = ReviewState {
            id: new.id,
            user: Some(by.clone()),
            verdict: new.verdict,
            body: new.body,
            submitted_at: at,
            commit_id: self.pull.head_sha.clone(),
            association: new.association,
            bare: new.bare,
        };
        let body = pull_request_review("submitted", &self.pull, &review, by);
        self.reviews.push(review);
        StoryEvent { name: "pull_request_review", body }
    }

    fn change_review(
        &mut self,
        id: i64,
        action: &str,
        by: &Account,
        change: impl FnOnce(&mut ReviewState),
    ) -> StoryEvent {
        let found = self.reviews.iter_mut().find(|review| review.id == id);
        let review = found.expect("`allows` has seen the review");
        change(review);
        StoryEvent {
            name: "pull_request_review",
            body: pull_request_review(action, &self.pull, review, by),
        }
    }

    /// Changes the account `id`; `None` when it was deleted.
    pub fn account_became(&mut self, id: i64, account: Option<&Account>) {
        let pull = &mut self.pull;
        let reviewers = self.reviews.iter_mut().map(|review| &mut review.user);
        let people = [&mut pull.author, &mut pull.merged_by, &mut pull.auto_merge];
        for own in reviewers.chain(people) {
            if own.as_ref().is_some_and(|own| own.id == id) {
                *own = account.cloned();
            }
        }
        if let Some(fork) = pull.head_repo.as_ref().filter(|fork| fork.owner.id == id) {
            pull.head_repo =
                account.map(|owner| Arc::new(Repo { owner: owner.clone(), ..(**fork).clone() }));
        }
    }

    /// Replaces the repository.
    pub fn repo_became(&mut self, repo: &Arc<Repo>) {
        if self.pull.repo.id == repo.id {
            self.pull.repo = Arc::clone(repo);
        }
    }
}

impl PullState {
    fn push(&mut self, diff: Diff) {
        self.additions = diff.additions;
        self.deletions = diff.deletions;
        self.changed_files = diff.changed_files;
        self.head_sha = diff.head_sha;
        self.commits += 1;
    }

    /// Applies an act that needs only an actor and a time; returns GitHub's name for it.
    fn turn(&mut self, act: &Act, by: &Account, at: Timestamp) -> &'static str {
        match act {
            Act::ConvertedToDraft => {
                self.draft = true;
                "converted_to_draft"
            }
            Act::ReadyForReview => {
                self.draft = false;
                "ready_for_review"
            }
            Act::Reopened => {
                self.closed_at = None;
                "reopened"
            }
            Act::AutoMergeEnabled => {
                self.auto_merge = Some(by.clone());
                "auto_merge_enabled"
            }
            Act::AutoMergeDisabled => {
                self.auto_merge = None;
                "auto_merge_disabled"
            }
            Act::Enqueued => {
                self.is_queued = true;
                "enqueued"
            }
            Act::Closed | Act::Merged => {
                self.closed_at = Some(at);
                if *act == Act::Merged {
                    (self.merged_at, self.merged_by) = (Some(at), Some(by.clone()));
                }
                "closed"
            }
            _ => "opened",
        }
    }
}

fn label_json(label: &Label) -> String {
    json!({
        "id": label.id,
        "name": label.name,
        "color": label.color,
        "default": false,
        "description": null,
    })
    .to_string()
}
