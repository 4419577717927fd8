//! Installations with many pull requests of the past, a large one of which is kept for the next run.

use std::{
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::Result;
use sqlx::AnyPool;

use super::{
    Ground,
    contestants::{self, repository_of},
    load::{self, Push},
    traffic::{REPOSITORIES, Traffic},
};
use crate::{
    installation::{Installation, Serving},
    undone,
};

/// Pull requests per person.
const EACH: u64 = 10;
/// Pull requests per repository; small installations have as many repositories as most parts.
const IN_REPOSITORY: u64 = 500;
/// Number of projects.
pub(super) const PROJECTS: u64 = 20;
const PATIENCE: Duration = Duration::from_secs(3600);

/// The number of pull requests, and what follows from it.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) pulls: u64,
}

impl Size {
    /// Returns the number of people.
    pub(super) fn people(self) -> u64 {
        self.pulls / EACH
    }

    /// Returns the number of repositories.
    pub(super) fn repositories(self) -> u64 {
        (self.pulls / IN_REPOSITORY).max(*REPOSITORIES.end())
    }

    /// Returns deliveries from pull request `first_pull` on.
    pub(super) fn traffic(self, first_pull: u64, is_slim: bool) -> Traffic {
        Traffic {
            run: "growth",
            people: self.people(),
            repositories: self.repositories(),
            first_pull,
            is_slim,
        }
    }
}

/// Returns the slug of the project of a repository.
pub(super) fn project_of(repository: u64) -> String {
    format!("bench-{}", 1 + repository % PROJECTS)
}

/// Returns an installation of a size, with all points settled. One that is `kept` is that of an earlier run, if there
/// is one; it only grows.
pub(super) async fn filled(ground: &Ground<'_>, size: Size, kept: bool) -> Result<Installation> {
    let name = format!("growth-{}", size.pulls);
    let found = contestants::kept(ground, &name)?.filter(|_| kept);
    let installation = match found {
        Some(installation) => installation,
        None => furnished(ground, &name, size).await?,
    };
    let serving = installation.serve(&[]).await?;
    fill(&installation, &serving, size).await?;
    Ok(installation)
}

async fn furnished(ground: &Ground<'_>, name: &str, size: Size) -> Result<Installation> {
    let installation = contestants::empty(ground, name, None).await?;
    for number in 1..=PROJECTS {
        contestants::add_project(&installation, &format!("bench-{number}"))?;
    }
    for repository in 1..=size.repositories() {
        repository_of(&installation, &project_of(repository), repository)?;
    }
    Ok(installation)
}

async fn fill(installation: &Installation, serving: &Serving, size: Size) -> Result<()> {
    let pool = AnyPool::connect(&installation.database_url()).await?;
    let there = undone::count(&pool, "pull_requests").await?.unsigned_abs();
    let traffic = size.traffic(there, true);
    let push = Push { connections: 64, count: size.pulls.saturating_sub(there), first: 0 };
    let requests: load::Requests =
        Rc::new(move |number, request| request.extend_from_slice(&traffic.past(number)));
    let start = Instant::now();
    load::drive(serving.port, push, &requests).await?;
    undone::wait(&pool, PATIENCE).await?;
    pool.close().await;
    println!("{} pull requests were settled in {:.0?}", push.count, start.elapsed());
    Ok(())
}
