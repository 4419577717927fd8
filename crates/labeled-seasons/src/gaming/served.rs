use testkit::fake_github::{FakeGithub, Finished, Role};

use super::{Season, model::Repository};

impl Season {
    /// Adds the people, repositories and pull requests with their whole history to an empty fake, without deliveries, so
    /// that they can be imported.
    pub fn serve(&self, github: &FakeGithub) {
        for person in &self.people {
            github.add_person(person.account.clone(), person.created_at);
        }
        for (index, known) in self.repositories.iter().enumerate() {
            github.add_finished(self.finished(index, known));
        }
    }

    fn finished(&self, index: usize, known: &Repository) -> Finished {
        let id = |person: &usize| self.people[*person].account.id;
        let writers = known.collaborators.iter().map(|own| (id(own), Role::Write));
        let maintainers = known.maintainers.iter().map(|own| (id(own), Role::Maintain));
        let pulls = self.pull_requests.iter().enumerate();
        let pulls = pulls.filter(|(_, pull)| pull.repository == index);
        Finished {
            repo: known.repo.clone(),
            roles: writers.chain(maintainers).collect(),
            pulls: pulls.map(|(at, pull)| (self.story(at), pull.files.clone())).collect(),
        }
    }
}
