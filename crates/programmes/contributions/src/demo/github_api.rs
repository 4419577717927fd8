//! The simulated GitHub of the demo. Deliveries list no files, so those of the highlights are read from its API.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use github::model::SyncProgress;
use kernel::Timestamp;
use platform::{SystemClock, module::Services};
use testkit::{
    fake_github::{FakeGithub, Options},
    highlights::{HighlightRepo, Highlights},
    season::{Season, SeasonSpec},
};

/// The number of times that the progress of reading is checked, and the time in between. A server whose requests to GitHub are
/// switched off reads nothing.
const CHECKS: usize = 300;
const PAUSE: Duration = Duration::from_millis(100);

/// Starts a simulated GitHub with the highlights of the season that ends at `until`, and has the server read repositories from
/// it. It runs for as long as the services. A server that is set up for another simulation, or for people and repositories of the
/// real GitHub, keeps its settings.
pub(super) async fn simulate(services: &mut Services, until: Timestamp) -> anyhow::Result<()> {
    let config = Arc::make_mut(&mut services.config);
    if !config.github_api_url.starts_with("https:") {
        return Ok(());
    }
    // The IDs of sample repositories are invented: on the real GitHub, they are other people's.
    config.github_api_token = None;
    if config.github_client_id.is_some() || config.github_app_id.is_some() {
        return Ok(());
    }
    let season = Season::new(SeasonSpec::demo(until));
    let options =
        Options { clock: Arc::clone(&services.context.clock), ..Options::new(SystemClock) };
    let github = FakeGithub::start(options).await.context("cannot start the simulated GitHub")?;
    github.add_demo(&season, &Highlights::new(&season));
    let reader = &season.projects[0].maintainers[0].login;
    github.url().clone_into(&mut config.github_api_url);
    config.github_api_token = Some(format!("token-{reader}").into());
    services.extensions.insert(Arc::new(github));
    services.outside = services.modules().services(&services.config, &services.post);
    Ok(())
}

/// Waits until the server has read the repositories of the highlights, if there is a simulated GitHub.
pub(super) async fn wait(services: &Services, highlights: &Highlights) -> anyhow::Result<()> {
    if services.extensions.get::<Arc<FakeGithub>>().is_none() {
        return Ok(());
    }
    let db = &services.context.db;
    let ids = [&highlights.main, &highlights.junk].map(|HighlightRepo { repo, .. }| repo.id);
    let repositories = github::reads::repository_ids(db, &ids).await?;
    let repositories: Vec<_> = repositories.into_values().map(|id| id.0).collect();
    for _ in 0..CHECKS {
        let states = github::reads::sync_states(db, repositories.iter().copied()).await?;
        let is_read = states.values().all(|state| {
            let progress = state.progress();
            !matches!(progress, SyncProgress::Waiting | SyncProgress::Reading)
        });
        if is_read {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}
