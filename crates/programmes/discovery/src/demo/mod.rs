//! The module's part of the demo: repositories of the simulated GitHub with open issues, among them some of projects, which the
//! server finds by their names and reads like any others.

mod guest;
mod issues;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use github::model::ISSUES_CHANGED;
use kernel::{Timestamp, counted};
use platform::{
    Context,
    command::say,
    jobs,
    module::{Demo, Services},
};
use testkit::{
    fake_github::{FakeGithub, IssueAct, Role},
    payloads::Label,
    season::{Season, SeasonProject, SeasonSpec},
};

use self::issues::{ISSUES, Issue, OWN, REPOSITORIES, Repository};
use crate::{FLAG, actions, reads};

/// The module's part of the demo.
pub(crate) const DEMO: Demo = Demo {
    says: "open issues to claim",
    configure: |_| {},
    simulate: |services, until| Box::pin(async move { add(services, until) }),
    prepare: |_, _| Box::pin(async { Ok(()) }),
    fill: |services, _, until| Box::pin(fill(services, until)),
};

/// The number of times that the progress of reading is checked, and the time in between.
const CHECKS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Adds the repositories and their issues to the simulated GitHub, if there is one.
fn add(services: &Services, until: Timestamp) -> anyhow::Result<()> {
    let Some(github) = services.extensions.get::<Arc<FakeGithub>>() else {
        return Ok(());
    };
    for repository in &REPOSITORIES {
        add_repository(github, repository, until)?;
    }
    for issue in &ISSUES {
        let repository = &REPOSITORIES[issue.repository];
        open(github, &repository.full_name(), repository.maintainer, issue, until)?;
    }
    let season = Season::new(SeasonSpec::demo(until));
    for (issue, project) in of_projects(&season) {
        let (name, maintainer) = (first_of(project), &project.maintainers[0].login);
        github.set_guidelines(&name, true)?;
        github.shape(&name, |repo| repo.pushed_at = until - TimeDelta::days(1))?;
        open(github, &name, maintainer, issue, until)?;
    }
    Ok(())
}

/// Returns the issues of the season's projects, with their project.
fn of_projects(season: &Season) -> impl Iterator<Item = (&'static Issue, &SeasonProject)> {
    OWN.iter().filter_map(|issue| Some((issue, season.projects.get(issue.repository)?)))
}

/// Returns the full name of the first repository of a project.
fn first_of(project: &SeasonProject) -> String {
    project.repositories[0].full_name()
}

fn add_repository(github: &FakeGithub, own: &Repository, until: Timestamp) -> anyhow::Result<()> {
    github.add_repo(own.owner, own.name);
    github.add_user(own.maintainer);
    let name = own.full_name();
    github.permit(&name, own.maintainer, Role::Maintain)?;
    github.set_guidelines(&name, own.has_guidelines)?;
    github.shape(&name, |repo| {
        repo.description = Some(own.description.to_owned());
        repo.language = Some(own.language.to_owned());
        repo.topics = own.topics.iter().map(|&topic| topic.to_owned()).collect();
        repo.stars = own.stars;
        repo.license = Some("MIT".to_owned());
        repo.created_at = until - TimeDelta::days(900);
        repo.pushed_at = until - TimeDelta::days(own.quiet_days);
    })?;
    Ok(())
}

fn open(
    github: &FakeGithub,
    name: &str,
    maintainer: &str,
    issue: &Issue,
    until: Timestamp,
) -> anyhow::Result<()> {
    let opened = until - TimeDelta::hours(issue.hours_ago);
    let number = github.open_issue(name, maintainer, |state| {
        issue.title.clone_into(&mut state.title);
        state.body = Some(issue.body.to_owned());
        state.labels = issue.labels.iter().map(|&label| Label::named(label)).collect();
        state.reactions = issue.reactions;
        state.created_at = opened;
        state.updated_at = opened + TimeDelta::hours(issue.hours_ago / 3);
    })?;
    if issue.is_assigned {
        let act = IssueAct::Assigned(maintainer.to_owned());
        github.act_on_issue(name, number, &act, maintainer)?;
    }
    Ok(())
}

async fn is_read(context: &Context) -> anyhow::Result<bool> {
    let progress = reads::progress(&context.db).await?;
    let is_waiting = progress.waiting_names > 0
        || progress.issues.waiting > 0
        || jobs::is_raised(&context.db, ISSUES_CHANGED).await?;
    Ok(!is_waiting)
}

/// Follows the repositories, and waits until their issues are read. A server that is set up for another GitHub follows none, and
/// neither does one on which finding issues is off.
async fn fill(services: &Services, until: Timestamp) -> anyhow::Result<()> {
    let context = &services.context;
    let is_on = context.flags.is_on_for_anyone(FLAG);
    if !is_on || services.extensions.get::<Arc<FakeGithub>>().is_none() {
        return Ok(());
    }
    let season = Season::new(SeasonSpec::demo(until));
    let names: Vec<String> = REPOSITORIES.iter().map(Repository::full_name).collect();
    let own = of_projects(&season).map(|(_, project)| first_of(project));
    let names: Vec<String> = names.into_iter().chain(own).collect();
    let followed = names.len();
    let mut tx = context.begin().await?;
    actions::follow(&mut tx, context, names).await?;
    tx.commit().await?;
    for _ in 0..CHECKS {
        if is_read(context).await? {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    guest::begin(services).await?;
    say(format_args!(
        "Read {} of {}.",
        counted((ISSUES.len() + OWN.len()) as u64, "issue", "issues"),
        counted(followed as u64, "followed repository", "followed repositories")
    ));
    Ok(())
}
