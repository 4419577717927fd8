use kernel::Timestamp;

use super::{ChangedFile, FakeGithub, Role, world::HostedPull};
use crate::{
    payloads::{Account, Repo},
    story::Story,
};

/// A repository with its whole history.
pub struct Finished {
    pub repo: Repo,
    /// Roles by the ID of an account, beside its owner's.
    pub roles: Vec<(i64, Role)>,
    /// HostedPull requests, with their files.
    pub pulls: Vec<(Story, Vec<ChangedFile>)>,
}

impl FakeGithub {
    /// Adds a person whose account was created at an instant.
    pub fn add_person(&self, account: Account, created_at: Timestamp) {
        let mut world = self.0.shared.world();
        world.joined.insert(account.id, created_at);
        world.add_person(account);
    }

    /// Adds a repository and its owner, without deliveries, so that its history can be imported.
    pub fn add_finished(&self, finished: Finished) {
        let Finished { repo, roles, pulls } = finished;
        let owner = repo.owner.clone();
        let mut world = self.0.shared.world();
        if world.people.iter().all(|person| person.id != owner.id) {
            world.people.push(owner.clone());
        }
        let place = world.add_repo(repo);
        place.roles.extend(roles);
        place.roles.insert(owner.id, Role::Admin);
        let numbered = |(story, files): (Story, Vec<ChangedFile>)| {
            (story.pull.number, HostedPull { story, files: Some(files), comments: Vec::new() })
        };
        place.pulls.extend(pulls.into_iter().map(numbered));
    }
}
