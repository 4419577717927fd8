//! Most of the work was done before the opening.

use chrono::TimeDelta;
use testkit::{fake_github::code::CodeStory, rng::Rng};

use super::{
    super::{
        Window,
        names::Team,
        project::Project,
        steps::{Step, squashed},
        timeline::{Habit, grouped, habit, instant, spread},
        writer::{Writer, begun},
    },
    share,
};

/// Makes a submission whose work is openly from before, copied in a few big commits, or dated into the window.
pub(in super::super) fn submission(
    rng: &mut Rng,
    team: Team,
    window: Window,
) -> (CodeStory, Project) {
    let project = Project::new(rng, team);
    let mut early = project.steps.clone();
    let late = early.split_off(share(rng, early.len(), (65, 92)));
    let story = match rng.below(4) {
        0 => openly(rng, &project, window, (early, late)),
        1 => moved(rng, &project, window, (early, late)),
        2 => copied(rng, &project, window, (early, late)),
        _ => dated(rng, &project, window, (early, late)),
    };
    (story, project)
}

type Parts = (Vec<Step>, Vec<Step>);

/// Returns the weeks before the opening.
fn weeks_before(rng: &mut Rng, window: Window) -> Window {
    let opens = window.opens - TimeDelta::days(rng.between(8, 60));
    let closes = window.opens - TimeDelta::hours(rng.between(2, 90));
    Window { opens, closes }
}

/// Pushes the early work before the opening.
fn openly(rng: &mut Rng, project: &Project, window: Window, (mut early, late): Parts) -> CodeStory {
    let weeks = weeks_before(rng, window);
    spread(rng, &mut early, weeks);
    let mut writer = Writer::new(rng, project, weeks.opens - TimeDelta::minutes(9));
    writer.start(weeks.opens);
    let habit = habit(rng);
    let groups = grouped(rng, early, habit);
    writer.groups(rng, &groups, weeks.closes);
    go_on(rng, &mut writer, late, window);
    writer.story
}

/// Pushes the early work, with its true dates, soon after the opening.
fn moved(rng: &mut Rng, project: &Project, window: Window, (mut early, late): Parts) -> CodeStory {
    let weeks = weeks_before(rng, window);
    spread(rng, &mut early, weeks);
    let at = instant(rng, window.opens, window.opens + TimeDelta::hours(5));
    let mut writer = begun(rng, project, (window.opens, at));
    writer.push(&writer.pusher(&early), at, &early);
    go_on(rng, &mut writer, late, Window { opens: at + TimeDelta::minutes(30), ..window });
    writer.story
}

/// Commits the early work soon after the opening in one to three big commits.
fn copied(rng: &mut Rng, project: &Project, window: Window, (early, late): Parts) -> CodeStory {
    let mut at =
        instant(rng, window.opens + TimeDelta::minutes(3), window.opens + TimeDelta::minutes(150));
    let mut writer = begun(rng, project, (window.opens, at));
    let messages = ["First version", "Add the rest", "Add missing files"];
    let size = early.len().div_ceil(1 + rng.index(3));
    for (part, message) in early.chunks(size).zip(messages) {
        let big = squashed(part, message).map(|big| big.at(at));
        let pushed = at + TimeDelta::minutes(2);
        writer.push(&writer.pusher(big.as_slice()), pushed, big.as_slice());
        at += TimeDelta::minutes(rng.between(4, 40));
    }
    go_on(rng, &mut writer, late, Window { opens: at + TimeDelta::minutes(30), ..window });
    writer.story
}

/// Pushes the early work before the opening with times inside the window.
fn dated(rng: &mut Rng, project: &Project, window: Window, (mut early, late): Parts) -> CodeStory {
    let middle = window.opens + (window.closes - window.opens) * 3 / 4;
    spread(rng, &mut early, Window { closes: middle, ..window });
    let begin = window.opens - TimeDelta::hours(rng.between(20, 400));
    let mut writer = Writer::new(rng, project, begin);
    writer.start(begin + TimeDelta::minutes(1));
    let shows_committer = rng.chance(30);
    let groups = grouped(rng, early, Habit::AsTheyGo);
    let count = i32::try_from(groups.len()).unwrap_or(i32::MAX);
    let gap = (window.opens - TimeDelta::minutes(20) - begin) / (count + 1);
    for (number, mut group) in (1..).zip(groups) {
        let at = begin + gap * number;
        for step in group.iter_mut().filter(|_| shows_committer) {
            step.written = Some(step.at);
            step.at = at - TimeDelta::seconds(30);
        }
        writer.push(&writer.pusher(&group), at, &group);
    }
    go_on(rng, &mut writer, late, Window { opens: middle, ..window });
    writer.story
}

/// Does the rest of the work in the window as others do.
fn go_on(rng: &mut Rng, writer: &mut Writer<'_>, mut late: Vec<Step>, window: Window) {
    spread(rng, &mut late, window);
    let habit = habit(rng);
    let groups = grouped(rng, late, habit);
    writer.groups(rng, &groups, window.closes);
}
