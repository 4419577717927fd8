//! Deliveries that come in while something else is measured: what is read changes all the time, and jobs work beside it.

use std::{cell::Cell, future::Future, time::Duration};

use anyhow::{Result, ensure};
use sqlx::AnyPool;

use super::{
    contestants::{self, PROJECT},
    payload::repository_name,
    traffic::{REPOSITORIES, Traffic},
};
use crate::{http::Connection, installation::Installation, undone};

/// Number of deliveries per second.
pub(super) const RATE: u32 = 20;
const PEOPLE: u64 = 500;

/// A steady stream of signed deliveries.
pub(super) struct Stream {
    traffic: Traffic,
    next: Cell<u64>,
}

impl Stream {
    /// Gives the installation a project with the deliveries' repositories, and continues after those of an earlier run.
    pub(super) async fn of(installation: &Installation) -> Result<Self> {
        let pool = AnyPool::connect(&installation.database_url()).await?;
        let pulls = undone::count(&pool, "pull_requests").await?;
        let project = format!("projects WHERE slug = '{PROJECT}'");
        let has_project = undone::count(&pool, &project).await? > 0;
        let name = repository_name(*REPOSITORIES.start());
        let repository = format!("repositories WHERE full_name = '{name}'");
        let has_repositories = undone::count(&pool, &repository).await? > 0;
        pool.close().await;
        if !has_project {
            contestants::add_project(installation, PROJECT)?;
        }
        if !has_repositories {
            for repository in REPOSITORIES {
                contestants::add_repository(installation, repository)?;
            }
        }
        let traffic = Traffic {
            run: "live",
            people: PEOPLE,
            repositories: *REPOSITORIES.end(),
            first_pull: pulls.unsigned_abs(),
            is_slim: false,
        };
        Ok(Self { traffic, next: Cell::new(0) })
    }

    /// Sends deliveries to the server at `port` until `work` ends.
    pub(super) async fn during<T>(
        &self,
        port: u16,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        tokio::select! {
            done = work => done,
            Err(error) = self.send(port) => Err(error),
        }
    }

    async fn send(&self, port: u16) -> Result<()> {
        let mut connection = Connection::open(port).await?;
        let mut tick = tokio::time::interval(Duration::from_secs(1) / RATE);
        loop {
            tick.tick().await;
            let number = self.next.replace(self.next.get() + 1);
            let answer = connection.send(&self.traffic.request(number)).await?;
            ensure!(
                (200..300).contains(&answer.status),
                "delivery {number} was answered {}: {}",
                answer.status,
                answer.text()
            );
        }
    }

    /// Checks that the deliveries of this stream were processed.
    pub(super) async fn expect_processed(&self, installation: &Installation) -> Result<()> {
        let pool = AnyPool::connect(&installation.database_url()).await?;
        undone::wait_deliveries(&pool, Duration::from_secs(60)).await?;
        let pulls = undone::count(&pool, "pull_requests").await?.unsigned_abs();
        pool.close().await;
        let sent = self.next.get();
        // The last delivery may have been cut off, and two of them are of one pull request.
        let expected = self.traffic.first_pull + sent.saturating_sub(1) / 2;
        ensure!(
            sent > 0 && pulls >= expected,
            "of {sent} deliveries only {pulls} pull requests are known instead of {expected}"
        );
        Ok(())
    }
}
