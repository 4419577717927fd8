use std::sync::Arc;

use super::{
    FakeGithub, Role,
    world::{HostedPull, World},
};
use crate::{
    highlights::Highlights,
    payloads::{Account, Repo},
    season::Season,
};

impl FakeGithub {
    /// Adds the repositories of the demo's season, and its highlights with their whole history and their files, without
    /// deliveries, so that they can be imported. The other pull requests of the season are known from deliveries only. Add
    /// it to an empty fake.
    pub fn add_demo(&self, season: &Season, highlights: &Highlights) {
        let mut world = self.0.shared.world();
        for project in &season.projects {
            let maintainers = project.maintainers.as_slice();
            for repo in &project.repositories {
                world.add_maintained(repo, maintainers);
            }
            for own in [&highlights.main, &highlights.junk] {
                if own.project == project.slug {
                    world.add_maintained(&own.repo, maintainers);
                }
            }
        }
        for person in highlights.people() {
            world.add_unknown(person);
        }
        for highlight in &highlights.pulls {
            let places = world.places.iter_mut();
            let place = places.rev().find(|place| place.repo.id == highlight.repo.id);
            let (story, _) = highlight.play();
            let files = Some(highlight.files.clone());
            if let Some(place) = place {
                place
                    .pulls
                    .insert(highlight.number, HostedPull { story, files, comments: Vec::new() });
            }
        }
    }
}

impl World {
    fn add_maintained(&mut self, repo: &Arc<Repo>, maintainers: &[Account]) {
        for person in maintainers {
            self.add_unknown(person);
        }
        let owner = &repo.owner;
        if self.people.iter().all(|person| person.id != owner.id) {
            self.people.push(owner.clone());
        }
        let place = self.add_repo((**repo).clone());
        let roles = maintainers.iter().map(|own| (own.id, Role::Maintain));
        place.roles.extend(roles);
        place.roles.insert(owner.id, Role::Admin);
    }

    fn add_unknown(&mut self, person: &Account) {
        if self.people.iter().all(|known| known.id != person.id) {
            self.add_person(person.clone());
        }
    }
}
