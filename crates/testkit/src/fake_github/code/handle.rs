use serde_json::Value;

use super::{
    super::{FakeGithub, Refusal},
    story::{CodeStory, PushStory, WorkflowStory},
};
use crate::payloads::Repo;

impl FakeGithub {
    /// Adds a repository with the history that a story tells, without deliveries.
    ///
    /// # Errors
    /// When the name is taken, or a person is unknown.
    pub fn add_code(&self, story: &CodeStory) -> Result<Repo, Refusal> {
        let mut world = self.0.shared.world();
        let place = world.add_code(story)?;
        Ok((*world.places[place].repo).clone())
    }

    /// Pushes to a repository and delivers that; returns the branch's commits before and after.
    ///
    /// # Errors
    /// When the repository or a person is unknown.
    pub fn push_code(&self, repo: &str, push: &PushStory) -> Result<(String, String), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        let pushed = world.push_code(place, push)?;
        Ok((pushed.before, pushed.after))
    }

    /// Returns the newest commit of a branch, if there is one.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn head(&self, repo: &str, branch: &str) -> Result<Option<String>, Refusal> {
        let world = self.0.shared.world();
        let code = &world.places[world.place(repo)?].code;
        Ok(code.branches.get(branch).cloned())
    }

    /// Sets the workflow that runs for each push and each dispatch from now on.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn set_workflow(&self, repo: &str, workflow: WorkflowStory) -> Result<(), Refusal> {
        let mut world = self.0.shared.world();
        let place = world.place(repo)?;
        world.places[place].code.workflow = Some(workflow);
        Ok(())
    }

    /// Returns the types and payloads of the events that were dispatched to a repository.
    ///
    /// # Errors
    /// When the repository is unknown.
    pub fn dispatched(&self, repo: &str) -> Result<Vec<(String, Value)>, Refusal> {
        let world = self.0.shared.world();
        Ok(world.places[world.place(repo)?].code.dispatched.clone())
    }
}
