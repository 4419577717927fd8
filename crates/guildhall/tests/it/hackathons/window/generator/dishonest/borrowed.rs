//! A considerable part of the commits is by people outside the team.

use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::{
    super::{Window, honest, names::Team, project::Project},
    share,
};

/// Makes a submission with commits of strangers, logins or `NAME <EMAIL>`.
pub(in super::super) fn submission(
    rng: &mut Rng,
    team: Team,
    window: Window,
    strangers: &[String],
) -> (CodeStory, Project) {
    let mut project = Project::new(rng, team);
    let count = share(rng, project.steps.len(), (35, 80));
    let mut places: Vec<usize> = (0..project.steps.len()).collect();
    rng.shuffle(&mut places);
    for place in places.into_iter().take(count) {
        let step = &mut project.steps[place];
        step.author = rng.pick(strangers).clone();
        step.co_authors.clear();
    }
    let story = honest::story(rng, &project, window);
    (story, project)
}
