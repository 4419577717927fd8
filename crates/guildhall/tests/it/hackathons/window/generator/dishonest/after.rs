//! The work goes on after the end.

use chrono::TimeDelta;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::{
    super::{
        Window,
        names::Team,
        project::Project,
        timeline::{Habit, grouped, habit, instant, spread},
        writer::begun,
    },
    share,
};

/// Makes a submission whose last part was pushed after the end, with true times or with earlier ones.
pub(in super::super) fn submission(
    rng: &mut Rng,
    team: Team,
    window: Window,
) -> (CodeStory, Project) {
    let project = Project::new(rng, team);
    let mut steps = project.steps.clone();
    let mut late = steps.split_off(share(rng, steps.len(), (50, 85)).min(steps.len() - 1));
    spread(rng, &mut steps, window);
    let last = steps.last().map_or(window.opens, |step| step.at);
    let first = steps.first().map_or(window.opens, |step| step.at);
    let mut writer = begun(rng, &project, (window.opens, first));
    let usual = habit(rng);
    let groups = grouped(rng, steps, usual);
    writer.groups(rng, &groups, window.closes);
    let begin = window.closes + TimeDelta::minutes(rng.between(5, 90));
    let end = begin + TimeDelta::minutes(rng.between(60, 2_400));
    spread(rng, &mut late, Window { opens: begin, closes: end });
    let (is_dated, shows_committer) = (rng.chance(60), rng.chance(30));
    let groups = grouped(rng, late, Habit::AsTheyGo);
    let mut claimed = last;
    for mut group in groups {
        let Some(true_end) = group.last().map(|step| step.at) else {
            continue;
        };
        for step in group.iter_mut().filter(|_| is_dated) {
            let until = claimed + (window.closes - TimeDelta::minutes(2) - claimed) / 4;
            claimed = instant(rng, claimed, until.max(claimed));
            match shows_committer {
                true => step.written = Some(claimed),
                false => step.at = claimed,
            }
        }
        let at = true_end + TimeDelta::seconds(rng.between(20, 60));
        let by = writer.pusher(&group);
        writer.push(&by, at, &group);
    }
    (writer.story, project)
}
