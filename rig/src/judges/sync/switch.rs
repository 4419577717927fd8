use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::{Surroundings, scene::Scene};
use crate::{fake_github::SESSION, game_platform::OFF, http::with_cookies, rosters::trigger};

const COMPETITORS: u32 = 40;
/// The longest time until the calls stop.
const MOST: Duration = Duration::from_secs(5);
/// How long the calls are watched.
const WATCHED: Duration = Duration::from_secs(8);

/// Judges two servers, one of which is in a long run, when an operator turns the integration off.
pub(super) async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let postgres = around.postgres.context("PostgreSQL is missing")?;
    let database = postgres.new_database("sync_switch")?;
    let mut scene = Scene::open(around, ("switch", database), COMPETITORS).await?;
    let two = ("GAME_PLATFORM_CONCURRENCY", "2".to_owned());
    scene.installation.settings.push(two);
    let one = scene.installation.serve(&[]).await?;
    let other = scene.installation.serve(&[]).await?;
    let slow = json!({ "latency_ms": 1_000 });
    scene.platform.change("/_switches", &slow).await?;
    let run = tokio::spawn(trigger(one.port));
    let before = scene.platform.calls().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    ensure!(scene.platform.calls().await? > before, "nothing is called");

    turn(&scene, false).await?;
    let (start, mut last) = (Instant::now(), Duration::ZERO);
    let mut calls = scene.platform.calls().await?;
    while start.elapsed() < WATCHED {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let now = scene.platform.calls().await?;
        if now > calls {
            (calls, last) = (now, start.elapsed());
        }
    }
    ensure!(last <= MOST, "the last call was {last:.1?} after the UPDATE");
    let run = run.await??.json()?;
    ensure!(run["outcome"] == "switched_off", "the run ended with {run}");
    let (page, session) = &scene.roster;
    let cookie = format!("{SESSION}={session}");
    for port in [one.port, other.port] {
        let refused = trigger(port).await?;
        ensure!(refused.status == 409, "it was answered {}", refused.status);
        let page = with_cookies(port, page, &cookie).await?;
        ensure!(page.status == 200 && page.text().contains(OFF), "no banner");
    }
    ensure!(scene.platform.calls().await? == calls, "it was called later");

    scene.platform.change("/_switches", &json!({ "latency_ms": 0 })).await?;
    turn(&scene, true).await?;
    // Either server may take the run, so both must have learned of it.
    for port in [one.port, other.port] {
        learns_it_is_on(port, page, &cookie).await?;
    }
    let run = scene.synced(other.port).await?;
    ensure!(run["outcome"] == "success", "the next run ended with {run}");
    println!(
        "the last call was {last:.1?} after the UPDATE; both servers refused syncs, and the next one worked"
    );
    around.count("integrations turned off", 1);
    drop((one, other));
    scene.close(around).await
}

/// Waits until a server's page no longer says that the integration is off.
async fn learns_it_is_on(port: u16, page: &str, cookie: &str) -> Result<()> {
    let start = Instant::now();
    while with_cookies(port, page, cookie).await?.text().contains(OFF) {
        ensure!(start.elapsed() < MOST, "the banner stays");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn turn(scene: &Scene, enabled: bool) -> Result<()> {
    let sql = match enabled {
        true => "UPDATE feature_flags SET enabled = true WHERE name = 'game_platform_integration'",
        false => {
            "UPDATE feature_flags SET enabled = false WHERE name = 'game_platform_integration'"
        }
    };
    let changed = sqlx::query(sql).execute(&scene.pool).await?;
    ensure!(changed.rows_affected() == 1, "the flag has no row");
    Ok(())
}
