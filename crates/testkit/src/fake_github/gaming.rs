use super::{
    FakeGithub, Role,
    world::{Pull, World},
};
use crate::gaming::Season;

impl FakeGithub {
    /// Adds the people, repositories and pull requests of a season with their whole history, without deliveries, so
    /// that they can be imported. Add it to an empty fake.
    pub fn add_season(&self, season: &Season) {
        let mut world = self.0.shared.world();
        for person in &season.people {
            world.add_person(person.account.clone());
            world.joined.insert(person.account.id, person.created_at);
        }
        for index in 0..season.repositories.len() {
            world.add_place(season, index);
        }
    }
}

impl World {
    fn add_place(&mut self, season: &Season, index: usize) {
        let known = &season.repositories[index];
        let owner = &known.repo.owner;
        if self.people.iter().all(|person| person.id != owner.id) {
            self.people.push(owner.clone());
        }
        let place = self.add_repo(known.repo.clone());
        let id = |person: &usize| season.people[*person].account.id;
        for (people, role) in
            [(&known.collaborators, Role::Write), (&known.maintainers, Role::Maintain)]
        {
            place.roles.extend(people.iter().map(|own| (id(own), role)));
        }
        place.roles.insert(owner.id, Role::Admin);
        let pulls = season.pull_requests.iter().enumerate();
        for (at, pull) in pulls.filter(|(_, pull)| pull.repository == index) {
            let files = Some(pull.files.clone());
            let story = season.story(at);
            place.pulls.insert(pull.number, Pull { story, files });
        }
    }
}
