use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::{Surroundings, scene::Scene};
use crate::{
    rosters::{last_calls, trigger},
    undone,
};

const COMPETITORS: u32 = 20;
const ROUNDS: u64 = 20;
const KILLS: u64 = 5;

/// Judges two servers on one PostgreSQL that are triggered at the same time.
pub(super) async fn judge(around: &Surroundings<'_>) -> Result<()> {
    let postgres = around.postgres.context("PostgreSQL is missing")?;
    let database = postgres.new_database("sync_replicas")?;
    let scene = Scene::open(around, ("replicas", database), COMPETITORS).await?;
    let one = scene.installation.serve(&[]).await?;
    let mut other = scene.installation.serve(&[]).await?;
    let slow = json!({ "latency_ms": 20 });
    scene.platform.change("/_switches", &slow).await?;
    let mut most = 0;
    for round in 0..ROUNDS {
        let before = (runs(&scene).await?, scene.platform.calls().await?);
        let (first, second) = tokio::try_join!(trigger(one.port), trigger(other.port))?;
        let (first, second) = (first.json()?, second.json()?);
        ensure!(
            first == second && first["outcome"] == "success",
            "round {round}: {first} and {second}"
        );
        ensure!(runs(&scene).await? == before.0 + 1, "round {round}: two runs");
        let calls = last_calls(&scene.pool).await?;
        let seen = scene.platform.calls().await? - before.1;
        // A call per competitor, and the sentinel's. Each server may check the token meanwhile.
        ensure!(
            calls <= u64::from(COMPETITORS) + 1 && (calls..=calls + 2).contains(&seen),
            "round {round}: the run states {calls} calls, and the platform counts {seen}"
        );
        most = most.max(calls);
        around.count("pairs of triggers", 1);
    }
    let before = runs(&scene).await?;
    for kill in 0..KILLS {
        let killed = tokio::spawn(trigger(other.port));
        tokio::time::sleep(Duration::from_millis(20 * (kill + 1))).await;
        let kept = tokio::spawn(trigger(one.port));
        let port = other.port;
        other.daemon.kill()?;
        around.count("kills", 1);
        let _lost = killed.await?;
        let run = kept.await??.json()?;
        ensure!(run["outcome"] == "success", "after kill {kill}: {run}");
        scene.wait().await?;
        other = scene.installation.serve_at(port).await?;
    }
    let after = runs(&scene).await? - before;
    ensure!((i64::try_from(KILLS)?..=2 * i64::try_from(KILLS)?).contains(&after), "{after} runs");
    println!(
        "{ROUNDS} rounds of two triggers: one run each, with at most {most} calls for {COMPETITORS} competitors; \
         {KILLS} kills of a server in a run: the other one ended it"
    );
    drop((one, other));
    scene.close(around).await
}

async fn runs(scene: &Scene) -> Result<i64> {
    undone::count(&scene.pool, "game_platform_sync_runs").await
}
