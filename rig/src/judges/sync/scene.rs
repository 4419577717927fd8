use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::Value;
use sqlx::AnyPool;

use super::{Surroundings, folder};
use crate::{
    fake_github::Github,
    game_platform::{FLAG, GamePlatform},
    installation::Installation,
    rosters::{self, AdminPages, Mailbox, trigger, until_on},
    undone,
};

const COACH: &str = "coaching-cleo";
const PATIENCE: Duration = Duration::from_secs(120);

/// An installation with a roster whose competitors are on a simulated game platform.
pub(super) struct Scene {
    pub(super) installation: Installation,
    pub(super) platform: GamePlatform,
    pub(super) pool: AnyPool,
    /// The IDs of the competitors on the platform.
    pub(super) people: Vec<String>,
    /// The roster's page, and the session of its coach.
    pub(super) roster: (String, String),
    _github: Github,
    _mailbox: Mailbox,
}

impl Scene {
    /// Creates the roster as an admin and a coach would, and syncs it for the first time.
    pub(super) async fn open(
        around: &Surroundings<'_>,
        (name, database): (&str, String),
        competitors: u32,
    ) -> Result<Self> {
        let data = folder(around).join(name);
        let mut installation = Installation::fresh(around.program(), data, Some(database))?;
        let github = Github::start(&installation).await?;
        installation.github = Some(github.port);
        let mailbox = Mailbox::start(&mut installation)?;
        let platform = GamePlatform::start(&mut installation).await?;
        installation.settings.extend(rosters::settings());
        installation.settings.extend(
            [
                // Makes a killed server's run due again soon.
                ("GUILDHALL_JOB_LEASE_SECONDS", "3"),
                ("GUILDHALL_JOB_POLL_MILLISECONDS", "50"),
            ]
            .map(|(name, value)| (name, value.to_owned())),
        );
        let serving = installation.serve(&[]).await?;
        let admin = AdminPages::open(&installation, (&github, &mailbox), serving.port).await?;
        let coach = admin.coach(COACH).await?;
        let page = admin.roster(&coach, "Lantern Owls", competitors).await?;
        installation.quietly(&["flags", "set", FLAG, "100"])?;
        let pool = AnyPool::connect(&installation.database_url()).await?;
        let mut scene = Self {
            installation,
            platform,
            pool,
            people: Vec::new(),
            roster: (page, coach),
            _github: github,
            _mailbox: mailbox,
        };
        let (page, coach) = &scene.roster;
        until_on(serving.port, (page, coach)).await?;
        let run = scene.synced(serving.port).await?;
        let ids = "SELECT game_platform_id FROM competitors WHERE game_platform_id IS NOT NULL ORDER BY 1";
        scene.people = sqlx::query_scalar(ids).fetch_all(&scene.pool).await?;
        ensure!(
            scene.people.len() == usize::try_from(competitors)?,
            "{} of {competitors} competitors are on the platform after {run}",
            scene.people.len()
        );
        Ok(scene)
    }

    /// Syncs everyone, once the flag permits it.
    pub(super) async fn synced(&self, port: u16) -> Result<Value> {
        for _ in 0..60 {
            let answer = trigger(port).await?;
            if answer.status == 200 {
                return answer.json();
            }
            ensure!(answer.status == 409, "{}", answer.text());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::bail!("the flag is on, but the sync is refused")
    }

    /// Waits until all runs have ended.
    pub(super) async fn wait(&self) -> Result<()> {
        let open = "game_platform_sync_runs WHERE state <> 'finished'";
        undone::empty(&self.pool, open, PATIENCE).await
    }

    /// Ends it, and deletes its files unless they are kept.
    pub(super) async fn close(self, around: &Surroundings<'_>) -> Result<()> {
        self.pool.close().await;
        if !around.keep {
            std::fs::remove_dir_all(&self.installation.data)?;
        }
        Ok(())
    }
}
