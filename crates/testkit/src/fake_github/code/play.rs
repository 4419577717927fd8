//! Plays stories.

use std::sync::Arc;

use kernel::Timestamp;

use super::{
    super::{
        answer::Refusal,
        people::email,
        world::{Role, World},
    },
    git::{self, NONE, Signature},
    objects::{Commit, History, RecordedChange},
    story::{CodeStory, CommitStory, PushStory},
};
use crate::{
    payloads::{Account, PushState, Repo, push},
    story::StoryEvent,
};

pub(super) struct RecordedPush {
    pub(super) branch: String,
    pub(super) before: String,
    pub(super) after: String,
    by: Account,
    is_forced: bool,
    message: String,
    at: Timestamp,
}

impl World {
    /// Adds a repository with its history, without deliveries; returns its place.
    pub(super) fn add_code(&mut self, story: &CodeStory) -> Result<usize, Refusal> {
        let unnamed = || Refusal::invalid("Set repository to OWNER/NAME.");
        let (owner, name) = story.repository.split_once('/').ok_or_else(unnamed)?;
        if self.place(&story.repository).is_ok() {
            return Err(Refusal::custom("Repository", "name already exists on this account"));
        }
        let parent = story.fork_of.as_deref().map(|name| self.place(name));
        let parent = parent.transpose()?;
        let owner = self.owner(owner);
        let id = story.github_id.unwrap_or_else(|| self.id());
        self.reserve(id);
        let repo = Repo {
            private: story.is_private,
            fork: parent.is_some(),
            default_branch: story.default_branch.clone(),
            license: story.license.clone(),
            size: Some(0),
            ..Repo::new(id, owner, name, story.created_at)
        };
        let mut roles = Vec::new();
        for login in &story.collaborators {
            roles.push((self.member(login)?.id, Role::Write));
        }
        let code = History {
            workflow: story.workflow.clone(),
            ..parent.map_or_else(History::default, |parent| self.forked(parent))
        };
        let place = self.add_repo(repo);
        place.roles.extend(roles);
        place.code = code;
        let place = self.places.len() - 1;
        for push in &story.pushes {
            self.apply_push(place, push)?;
        }
        Ok(place)
    }

    /// Returns an account, which becomes an organization if it is unknown.
    fn owner(&mut self, login: &str) -> Account {
        if let Ok(known) = self.person(login) {
            return known.clone();
        }
        let account = Account::organization(self.id(), login);
        self.people.push(account.clone());
        account
    }

    fn member(&self, login: &str) -> Result<&Account, Refusal> {
        let unknown = |_| Refusal::invalid(format!("There is no person {login}: add them first."));
        self.person(login).map_err(unknown)
    }

    fn forked(&self, parent: usize) -> History {
        let parent = &self.places[parent];
        History {
            commits: parent.code.commits.clone(),
            branches: parent.code.branches.clone(),
            parent: Some(parent.repo.id),
            ..History::default()
        }
    }

    /// Applies a push and delivers its events.
    pub(super) fn push_code(
        &mut self,
        place: usize,
        story: &PushStory,
    ) -> Result<RecordedPush, Refusal> {
        let pushed = self.apply_push(place, story)?;
        let state = PushState {
            reference: format!("refs/heads/{}", pushed.branch),
            before: pushed.before.clone(),
            after: pushed.after.clone(),
            forced: pushed.is_forced,
            message: pushed.message.clone(),
            at: pushed.at,
        };
        let body = push(&self.places[place].repo, &state, &pushed.by);
        self.emit(place, &StoryEvent { name: "push", body });
        if pushed.after != NONE {
            self.run_workflow(
                place,
                "push",
                pushed.branch.as_str(),
                pushed.after.as_str(),
                &pushed.by,
            );
        }
        Ok(pushed)
    }

    /// Applies a push, without deliveries.
    pub(super) fn apply_push(
        &mut self,
        place: usize,
        story: &PushStory,
    ) -> Result<RecordedPush, Refusal> {
        let at = story.at.unwrap_or_else(|| self.now());
        let by = self.member(&story.by)?.clone();
        let target = &self.places[place];
        let default = target.repo.default_branch.clone();
        let branch = story.branch.clone().unwrap_or_else(|| default.clone());
        let known = target.code.branches.get(&branch).cloned();
        let base = match (&known, story.keeps) {
            (None, _) => target.code.branches.get(&default).cloned(),
            (Some(head), Some(keeps)) => target.code.line(head).into_iter().take(keeps).next_back(),
            (Some(head), None) => Some(head.clone()),
        };
        let mut head = base;
        for commit in &story.commits {
            head = Some(self.commit(place, head, commit)?);
        }
        let before = known.unwrap_or_else(|| NONE.to_owned());
        let head = if story.deletes { None } else { head };
        let message = story.commits.last().map(|own| own.message.clone());
        let pushed = RecordedPush {
            after: head.unwrap_or_else(|| NONE.to_owned()),
            branch,
            before,
            by,
            is_forced: story.keeps.is_some(),
            message: message.unwrap_or_default(),
            at,
        };
        self.record(place, story, &pushed);
        Ok(pushed)
    }

    fn record(&mut self, place: usize, story: &PushStory, pushed: &RecordedPush) {
        let kind = match story {
            _ if pushed.before == NONE => "branch_creation",
            _ if pushed.after == NONE => "branch_deletion",
            _ if pushed.is_forced => "force_push",
            _ if story.merges => "pr_merge",
            _ => "push",
        };
        let id = self.id();
        let target = &mut self.places[place];
        target.code.changes.push(RecordedChange {
            id,
            branch: pushed.branch.clone(),
            before: pushed.before.clone(),
            after: pushed.after.clone(),
            at: pushed.at,
            kind,
            by: pushed.by.id,
        });
        match pushed.after.as_str() {
            NONE => target.code.branches.remove(&pushed.branch),
            after => target.code.branches.insert(pushed.branch.clone(), after.to_owned()),
        };
        let head = target.code.commits.get(&pushed.after);
        let bytes = head.map_or(0, |head| head.files.values().map(|file| file.len()).sum());
        let repo = Arc::make_mut(&mut target.repo);
        repo.pushed_at = repo.pushed_at.max(pushed.at);
        repo.size = i64::try_from(bytes.div_ceil(1024)).ok();
    }

    /// Adds a commit; returns its SHA.
    fn commit(
        &mut self,
        place: usize,
        parent: Option<String>,
        story: &CommitStory,
    ) -> Result<String, Refusal> {
        let author = self.signature(&story.author, story.at)?;
        let committer = story.committer.as_deref().unwrap_or(&story.author);
        let committer = self.signature(committer, story.committed_at.unwrap_or(story.at))?;
        let mut message = story.message.clone();
        for (at, person) in story.co_authors.iter().enumerate() {
            let Signature { name, email, .. } = self.signature(person, story.at)?;
            let gap = if at == 0 { "\n\n" } else { "\n" };
            message.push_str(&format!("{gap}Co-authored-by: {name} <{email}>"));
        }
        let code = &mut self.places[place].code;
        let merged = story.merges.as_deref().map(|branch| code.find(branch));
        let unknown = || Refusal::invalid("There is no branch to merge.");
        let merged = merged.map(|found| found.cloned().ok_or_else(unknown));
        let merged = merged.transpose()?;
        let below = parent.as_ref().and_then(|sha| code.commits.get(sha));
        let mut files = below.map(|below| below.files.clone()).unwrap_or_default();
        if let Some(merged) = &merged {
            files.extend(merged.files.clone());
        }
        files.retain(|path, _| !story.removes.contains(path));
        for (path, contents) in &story.files {
            files.insert(path.clone(), contents.as_bytes().into());
        }
        let merged = merged.map(|merged| merged.sha.clone());
        let parents: Vec<String> = parent.into_iter().chain(merged).collect();
        let (tree, _) = git::tree(&files);
        let sha = git::commit(&tree, &parents, &author, &committer, &message);
        let commit = Commit {
            sha: sha.clone(),
            tree,
            parents,
            author,
            committer,
            message,
            files,
            is_verified: story.is_verified,
        };
        code.commits.insert(sha.clone(), Arc::new(commit));
        Ok(sha)
    }

    /// Returns the name and the email address of a login, or of `NAME <EMAIL>`, with the account that has the address.
    fn signature(&self, person: &str, at: Timestamp) -> Result<Signature, Refusal> {
        let written = person.strip_suffix('>').and_then(|text| text.split_once('<'));
        let Some((name, address)) = written else {
            let account = self.member(person)?;
            return Ok(Signature {
                name: account.login.replace('-', " "),
                email: email(account),
                account: Some(account.id),
                at,
            });
        };
        let is_own = |account: &&Account| {
            let hidden = format!("{}+{}@users.noreply.github.com", account.id, account.login);
            email(account) == address || hidden == address
        };
        Ok(Signature {
            name: name.trim().to_owned(),
            email: address.to_owned(),
            account: self.people.iter().find(is_own).map(|account| account.id),
            at,
        })
    }
}
