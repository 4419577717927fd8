use std::collections::BTreeSet;

use kernel::Timestamp;

use super::{
    answer::Refusal,
    world::{HostedPull, HostedRepository, Issue, Role, World},
};
use crate::{
    payloads::{self, Account, IssueState, Label, PullState},
    story::StoryEvent,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueAct {
    /// It is given a title and a description.
    Edited(String, Option<String>),
    /// It is closed, `true` as completed and `false` as not planned.
    Closed(bool),
    /// It is opened again.
    Reopened,
    Labeled(String),
    /// It loses a label.
    Unlabeled(String),
    Assigned(String),
    /// It is no longer assigned to a person.
    Unassigned(String),
    Locked,
    Unlocked,
    Commented(String),
    /// It gets a reaction, for which GitHub sends no event.
    Reacted,
    Deleted,
    /// It is moved to another repository.
    Transferred,
}

impl IssueAct {
    /// Returns the action of the event; `None` if there is no event.
    fn action(&self) -> Option<&'static str> {
        Some(match self {
            Self::Edited(..) => "edited",
            Self::Closed(_) => "closed",
            Self::Reopened => "reopened",
            Self::Labeled(_) => "labeled",
            Self::Unlabeled(_) => "unlabeled",
            Self::Assigned(_) => "assigned",
            Self::Unassigned(_) => "unassigned",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Deleted => "deleted",
            Self::Transferred => "transferred",
            Self::Commented(_) | Self::Reacted => return None,
        })
    }
}

impl World {
    pub(super) fn open_issue(
        &mut self,
        place: usize,
        author: &Account,
        shape: impl FnOnce(&mut IssueState),
    ) -> i64 {
        let (id, now) = (self.id(), self.now());
        let target = &self.places[place];
        let number = target.next_number();
        let mut state = IssueState::opened(number, id, author.clone(), "", now);
        state.association = target.association(author.id);
        shape(&mut state);
        let comments = Vec::new();
        let target = &mut self.places[place];
        target.issues.insert(number, Issue { state, comments });
        self.emit_issue(place, number, "opened", author);
        number
    }

    /// Applies an act to an issue and notifies the hooks.
    pub(super) fn act_on_issue(
        &mut self,
        place: usize,
        number: i64,
        act: &IssueAct,
        by: &Account,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let person = match act {
            IssueAct::Assigned(login) | IssueAct::Unassigned(login) => {
                Some(self.person(login)?.clone())
            }
            _ => None,
        };
        let association = self.places[place].association(by.id);
        let issue = self.places[place].issues.get_mut(&number).ok_or_else(Refusal::not_found)?;
        issue.apply(act, person, now);
        match act {
            IssueAct::Commented(text) => {
                issue.comments.push((now, association));
                let body = payloads::issue_comment(
                    &self.places[place].repo,
                    &self.places[place].issues[&number].state,
                    text,
                    by,
                );
                self.emit(place, &StoryEvent { name: "issue_comment", body });
            }
            act => {
                if let Some(action) = act.action() {
                    self.emit_issue(place, number, action, by);
                }
            }
        }
        if matches!(act, IssueAct::Deleted | IssueAct::Transferred) {
            self.places[place].issues.remove(&number);
        }
        Ok(())
    }

    fn emit_issue(&mut self, place: usize, number: i64, action: &str, by: &Account) {
        let target = &self.places[place];
        let Some(issue) = target.issues.get(&number) else {
            return;
        };
        let body = payloads::issues(action, &target.repo, &issue.state, by, &[]);
        self.emit(place, &StoryEvent { name: "issues", body });
    }

    /// Touches the issues that a pull request says it closes, and closes them when it is merged to the default branch.
    pub(super) fn touch_closed_by(
        &mut self,
        place: usize,
        number: i64,
        is_merged: bool,
        by: &Account,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let target = &self.places[place];
        let pull = target.pulls.get(&number).map(|pull| &pull.story.pull);
        let Some(pull) = pull.filter(|pull| pull.base_ref == target.repo.default_branch) else {
            return Ok(());
        };
        let named = closed_by(pull);
        for issue in named {
            let target = &mut self.places[place];
            let Some(known) = target.issues.get_mut(&issue) else {
                continue;
            };
            known.state.updated_at = now;
            if is_merged && known.state.closed_at.is_none() {
                self.act_on_issue(place, issue, &IssueAct::Closed(true), by)?;
            }
        }
        Ok(())
    }
}

impl Issue {
    fn apply(&mut self, act: &IssueAct, person: Option<Account>, now: Timestamp) {
        let state = &mut self.state;
        match act {
            IssueAct::Edited(title, body) => {
                (state.title, state.body) = (title.clone(), body.clone());
            }
            IssueAct::Closed(is_completed) => {
                state.closed_at = Some(now);
                state.state_reason = Some(if *is_completed { "completed" } else { "not_planned" });
            }
            IssueAct::Reopened => (state.closed_at, state.state_reason) = (None, Some("reopened")),
            IssueAct::Labeled(name) if state.labels.iter().all(|label| label.name != *name) => {
                state.labels.push(Label::named(name.clone()));
            }
            IssueAct::Unlabeled(name) => state.labels.retain(|label| label.name != *name),
            IssueAct::Assigned(_) => state.assignees.extend(person),
            IssueAct::Unassigned(login) => {
                state.assignees.retain(|account| account.login != *login);
            }
            IssueAct::Locked => state.locked = true,
            IssueAct::Unlocked => state.locked = false,
            IssueAct::Commented(_) => state.comments += 1,
            IssueAct::Reacted => state.reactions += 1,
            IssueAct::Labeled(_) | IssueAct::Deleted | IssueAct::Transferred => {}
        }
        // Reactions do not count as an update on GitHub.
        if *act != IssueAct::Reacted {
            state.updated_at = now;
        }
    }

    /// Returns the pull requests to the default branch that say that they close this issue.
    pub(super) fn closing_pulls<'a>(
        &self,
        place: &'a HostedRepository,
    ) -> impl Iterator<Item = &'a HostedPull> {
        let number = self.state.number;
        let digits = number.to_string();
        place.pulls.values().filter(move |pull| {
            let pull = &pull.story.pull;
            // Most descriptions do not have the number at all, and reading them takes long.
            let names_it = pull.body.as_ref().is_some_and(|body| body.contains(&digits));
            names_it
                && pull.base_ref == place.repo.default_branch
                && closed_by(pull).contains(&number)
        })
    }
}

impl HostedRepository {
    /// Returns the next number of an issue or a pull request.
    pub(super) fn next_number(&self) -> i64 {
        let last = |numbers: Option<&i64>| numbers.copied().unwrap_or_default();
        last(self.pulls.keys().next_back()).max(last(self.issues.keys().next_back())) + 1
    }

    /// Returns an account's relation to the repository.
    pub(super) fn association(&self, account: i64) -> &'static str {
        let merged = |pull: &super::world::HostedPull| {
            let pull = &pull.story.pull;
            pull.merged_at.is_some()
                && pull.author.as_ref().is_some_and(|author| author.id == account)
        };
        match self.roles.get(&account) {
            _ if self.repo.owner.id == account => "OWNER",
            Some(role) if *role >= Role::Triage => "COLLABORATOR",
            _ if self.pulls.values().any(merged) => "CONTRIBUTOR",
            _ => "NONE",
        }
    }
}

impl World {
    /// Returns the numbers of the issues of its repository that a pull request to the default branch closes.
    pub(super) fn closed_issues(&self, pull: &PullState) -> BTreeSet<i64> {
        let mut places = self.places.iter();
        let place = places.find(|place| place.repo.id == pull.repo.id);
        let place = place.filter(|place| place.repo.default_branch == pull.base_ref);
        let mut numbers = closed_by(pull);
        numbers.retain(|number| place.is_some_and(|place| place.issues.contains_key(number)));
        numbers
    }
}

/// Returns the numbers of the issues of its repository that a pull request says it closes, by a keyword such as `Fixes #7`. The
/// repository may be named, as in `owner/name#7` or in the URL of the issue.
fn closed_by(pull: &PullState) -> BTreeSet<i64> {
    const KEYWORDS: [&str; 9] =
        ["close", "closes", "closed", "fix", "fixes", "fixed", "resolve", "resolves", "resolved"];
    let own = pull.repo.full_name().to_lowercase();
    let url = format!("https://github.com/{own}/issues/");
    let body = without_code(pull.body.as_deref().unwrap_or_default()).to_lowercase();
    let words: Vec<&str> = body.split_whitespace().collect();
    let pairs = words.windows(2).filter(|pair| KEYWORDS.contains(&pair[0].trim_end_matches(':')));
    let numbers = pairs.filter_map(|pair| {
        let named = pair[1].strip_prefix(&*own).unwrap_or(pair[1]);
        let digits = named.strip_prefix('#').or_else(|| pair[1].strip_prefix(&*url))?;
        digits.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok()
    });
    numbers.collect()
}

/// Returns a text without comments and without code, which closes nothing.
fn without_code(text: &str) -> String {
    let comments = text.split("<!--").enumerate().map(|(index, part)| match index {
        0 => part,
        _ => part.split_once("-->").map_or("", |(_, after)| after),
    });
    let text: String = comments.collect::<Vec<_>>().join(" ");
    let outside = text.split('`').step_by(2);
    outside.collect::<Vec<_>>().join(" ` ")
}

impl super::FakeGithub {
    /// Opens an issue and returns its number. `shape` changes it before it is announced.
    ///
    /// # Errors
    /// When the repository or the person is unknown.
    pub fn open_issue(
        &self,
        repo: &str,
        login: &str,
        shape: impl FnOnce(&mut IssueState),
    ) -> Result<i64, Refusal> {
        let mut world = self.0.shared.world();
        let (place, author) = (world.place(repo)?, world.person(login)?.clone());
        Ok(world.open_issue(place, &author, shape))
    }

    /// Applies an act to an issue.
    ///
    /// # Errors
    /// When the repository, the issue or a person is unknown.
    pub fn act_on_issue(
        &self,
        repo: &str,
        number: i64,
        act: &IssueAct,
        login: &str,
    ) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let (place, by) = (world.place(repo)?, world.person(login)?.clone());
        world.act_on_issue(place, number, act, &by)
    }

    /// Sets whether a repository has guidelines for contributors.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn set_guidelines(&self, repo: &str, has_guidelines: bool) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        world.places[place].has_guidelines = has_guidelines;
        Ok(())
    }
}

/// Returns the issues of a place and its pull requests, which GitHub lists as issues too, in the form of the REST API.
pub(super) fn listed(place: &HostedRepository) -> Vec<(Timestamp, Timestamp, bool, i64)> {
    let issues = place.issues.values().map(|issue| {
        let state = &issue.state;
        (state.updated_at, state.created_at, state.closed_at.is_some(), state.number)
    });
    let pulls = place.pulls.values().map(|pull| {
        let pull = &pull.story.pull;
        (pull.updated_at, pull.created_at, pull.closed_at.is_some(), pull.number)
    });
    issues.chain(pulls).collect()
}
