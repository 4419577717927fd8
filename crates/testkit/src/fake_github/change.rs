use std::sync::Arc;

use super::{
    answer::Refusal,
    world::{HookRecord, HostedPull, Role, World},
};
use crate::{
    payloads::{self, Account, PullState, Repo},
    story::{Act, Story, StoryEvent},
};

/// Changes of the world, each with its webhook events.
impl World {
    /// Opens a pull request and returns its number.
    pub(super) fn open(
        &mut self,
        place: usize,
        author: &Account,
        shape: impl FnOnce(&mut PullState),
    ) -> Result<i64, Refusal> {
        let (now, id) = (self.now(), self.id());
        let target = &self.places[place];
        let number = target.next_number();
        let repo = Arc::clone(&target.repo);
        let mut pull = PullState::opened(repo, number, id, author.clone(), now);
        shape(&mut pull);
        let pull = HostedPull { story: Story::new(pull), files: None, comments: Vec::new() };
        self.places[place].pulls.insert(number, pull);
        self.act(place, number, Act::Opened, author)?;
        Ok(number)
    }

    /// Applies an act to a pull request and notifies the hooks.
    pub(super) fn act(
        &mut self,
        place: usize,
        number: i64,
        act: Act,
        by: &Account,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let merged = act == Act::Merged;
        let target = &mut self.places[place];
        let repo = Arc::clone(&target.repo);
        let pull = target.pulls.get_mut(&number).ok_or_else(Refusal::not_found)?;
        pull.story.pull.repo = repo;
        let refused = || Refusal::invalid("The pull request's present state does not allow this.");
        let event = pull.story.act(act, by, now).ok_or_else(refused)?;
        self.emit(place, &event);
        self.touch_closed_by(place, number, merged, by)?;
        if merged {
            self.push(place, number, by);
        }
        Ok(())
    }

    /// Emits the push of a merge to the default branch.
    fn push(&mut self, place: usize, number: i64, by: &Account) {
        let now = self.now();
        let target = &mut self.places[place];
        let Some(pull) = target.pulls.get(&number).map(|pull| &pull.story.pull) else {
            return;
        };
        let push = StoryEvent::push_of_merge(&mut target.repo, pull, by, now);
        self.emit(place, &push);
    }

    /// Changes a repository and notifies the hooks; `action` is GitHub's name for the change.
    pub(super) fn change_repo(
        &mut self,
        place: usize,
        action: &str,
        by: &Account,
        extra: &[payloads::Extra<'_>],
        change: impl FnOnce(&mut Repo),
    ) {
        let now = self.now();
        let target = &mut self.places[place];
        let before = target.repo.full_name().to_lowercase();
        let repo = Arc::make_mut(&mut target.repo);
        change(repo);
        repo.updated_at = now;
        if repo.full_name().to_lowercase() != before {
            target.old_names.push(before);
        }
        let repo = Arc::clone(&target.repo);
        for pull in target.pulls.values_mut() {
            pull.story.repo_became(&repo);
        }
        let body = payloads::repository(action, &repo, by, extra);
        self.emit(place, &StoryEvent { name: "repository", body });
    }

    /// Gives a person a role in a repository, or removes them, and notifies the hooks.
    pub(super) fn change_role(
        &mut self,
        place: usize,
        member: &Account,
        role: Option<Role>,
        by: &Account,
    ) {
        let target = &mut self.places[place];
        let before = match role {
            Some(role) => target.roles.insert(member.id, role),
            None => target.roles.remove(&member.id),
        };
        let action = match (before, role) {
            (None, None) => return,
            (None, Some(_)) => "added",
            (Some(_), Some(_)) => "edited",
            (Some(_), None) => "removed",
        };
        let repo = Arc::clone(&target.repo);
        let body = payloads::member(action, &repo, member, by);
        self.emit(place, &StoryEvent { name: "member", body });
    }

    /// Changes a person's login. GitHub sends no event for this.
    pub(super) fn rename_person(&mut self, id: i64, login: &str) {
        let Some(person) = self.people.iter_mut().find(|person| person.id == id) else {
            return;
        };
        login.clone_into(&mut person.login);
        let person = person.clone();
        for place in &mut self.places {
            if place.repo.owner.id == id {
                place.old_names.push(place.repo.full_name().to_lowercase());
                Arc::make_mut(&mut place.repo).owner = person.clone();
            }
            for pull in place.pulls.values_mut() {
                pull.story.account_became(id, Some(&person));
                pull.story.pull.repo = Arc::clone(&place.repo);
            }
        }
    }

    /// Sends an event to every hook of the repository that subscribes to it.
    pub(super) fn emit(&mut self, place: usize, event: &StoryEvent) {
        let wants = |record: &HookRecord| {
            let asked = |own: &String| own == "*" || own == event.name;
            record.hook.active && record.hook.events.iter().any(asked)
        };
        let hooks = self.places[place].hooks.iter().filter(|record| wants(record));
        let ids: Vec<i64> = hooks.map(|record| record.hook.id).collect();
        for hook in ids {
            let guid = self.rng.uuid();
            self.send(place, hook, guid, event.name, event.body.get().into(), false);
        }
        let repository = self.places[place].repo.id;
        self.emit_to_app(repository, event.name, event.body.get());
    }

    /// Sends the ping event to a hook.
    pub(super) fn ping(&mut self, place: usize, hook: i64, by: &Account) {
        let target = &self.places[place];
        if let Some(record) = target.hooks.iter().find(|record| record.hook.id == hook) {
            let body = payloads::ping(&target.repo, &record.hook, by);
            let guid = self.rng.uuid();
            self.send(place, hook, guid, "ping", body.get().into(), false);
        }
    }
}
