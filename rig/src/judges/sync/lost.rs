use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
    time::{Duration, Instant, UNIX_EPOCH},
};

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use sqlx::{AnyPool, Row as _};

use super::{Dice, Surroundings, scene::Scene};
use crate::{rosters::trigger, undone};
use xtask::postgres::{self, Manner, Postgres};

const COMPETITORS: u32 = 12;
/// The syncs of each half. Both halves run side by side, each with a PostgreSQL and a platform of its own.
pub(super) const HALVES: [RangeInclusive<u64>; 2] = [1..=100, 101..=200];
/// One of this number of syncs is disturbed by killing the server, by crashing PostgreSQL or by an outage.
const KILLED: u64 = 14;
const CRASHED: u64 = 33;
const OUTAGE: u64 = 9;

/// Judges syncs while the platform gains, corrects and loses solves.
pub(super) async fn judge(
    around: &Surroundings<'_>,
    mut dice: Dice,
    turns: RangeInclusive<u64>,
) -> Result<()> {
    let programs = postgres::programs_or_install(around.install)?;
    let manner = Manner { durable: true, keep: around.keep };
    let mut postgres = Postgres::start(around.workspace, &programs, manner)?;
    let database = postgres.new_database("sync_lost")?;
    let (name, syncs) = (format!("lost-{}", turns.start()), turns.clone().count());
    let scene = Scene::open(around, (&name, database), COMPETITORS).await?;
    let mut serving = scene.installation.serve(&[]).await?;
    let (mut booked, mut answers) = (Booked::default(), BTreeMap::<String, u32>::new());
    let (mut kills, mut crashes, mut outages, start) = (0, 0, 0, Instant::now());
    for turn in turns {
        live(&scene, &mut dice, turn, &mut booked).await?;
        let faults = json!({
            "errors": 0.2, "limited": 0.03, "malformed": 0.02, "retry_after": dice.throw(0, 1),
            "latency_ms": dice.throw(0, 30), "outage": false,
        });
        scene.platform.change("/_switches", &faults).await?;
        let port = serving.port;
        let sync = tokio::spawn(trigger(port));
        let moment = Duration::from_millis(dice.throw(20, 900));
        if turn % KILLED == 0 {
            tokio::time::sleep(moment).await;
            serving.daemon.kill()?;
            serving = scene.installation.serve_at(port).await?;
            kills += 1;
        } else if turn % CRASHED == 0 {
            tokio::time::sleep(moment).await;
            postgres.crash()?;
            crashes += 1;
        } else if turn % OUTAGE == 0 {
            tokio::time::sleep(moment).await;
            let outage = json!({ "outage": true });
            scene.platform.change("/_switches", &outage).await?;
            outages += 1;
        }
        *answers.entry(said(sync.await?)).or_default() += 1;
        scene.wait().await?;
    }
    let took = start.elapsed();
    let calm =
        json!({ "errors": 0, "limited": 0, "malformed": 0, "latency_ms": 0, "outage": false });
    scene.platform.change("/_switches", &calm).await?;
    let found = settled(&scene, serving.port, &booked).await?;
    let runs = undone::count(&scene.pool, "game_platform_sync_runs").await?;
    around.count("syncs", syncs);
    around.count("kills", kills);
    around.count("crashes of PostgreSQL", crashes);
    around.count("outages", outages);
    around.count("solves", booked.solves.len());
    println!(
        "{syncs} syncs in {took:.0?} with {kills} kills of the server and {crashes} crashes of PostgreSQL, answers {answers:?}, \
         {runs} runs: {found}"
    );
    drop(serving);
    scene.close(around).await
}

/// Returns the answer to a trigger, or that it was lost with the server.
fn said(answer: Result<crate::http::Answer>) -> String {
    answer.map_or_else(
        |_| "none".to_owned(),
        |answer| match answer.json() {
            Ok(body) if answer.status == 200 => body["outcome"].to_string(),
            _ => answer.status.to_string(),
        },
    )
}

/// The solves that the platform was given so far.
#[derive(Default)]
struct Booked {
    solves: BTreeSet<i64>,
    vanished: BTreeSet<i64>,
    corrected: BTreeSet<i64>,
}

impl Booked {
    fn note(&mut self, answer: &Value) {
        let ids = answer["challenge_solve_ids"].as_array();
        let ids = ids.into_iter().flatten().filter_map(Value::as_i64);
        self.solves.extend(ids);
    }
}

/// Lets the platform's competitors solve something, and sometimes corrects or removes an earlier solve.
async fn live(scene: &Scene, dice: &mut Dice, turn: u64, booked: &mut Booked) -> Result<()> {
    let person = dice.one_of(&scene.people)?;
    let now = i64::try_from(UNIX_EPOCH.elapsed()?.as_secs())?;
    let solve = |at: i64| json!({ "syned_user_id": person, "timestamp_unix": at });
    let platform = &scene.platform;
    let bookings = match turn % 5 {
        // Two in the same second.
        0 => vec![solve(now - 5), solve(now - 5)],
        // Booked an hour late, and even later than the overlap of the cursor.
        1 => vec![solve(now - 3_600), solve(now - 3 * 3_600)],
        2 => {
            // Four events, which started within the last days.
            let event = i64::try_from(dice.throw(1, 4))?;
            let start = now - now % 86_400 - event * 86_400;
            let flash = json!({
                "syned_user_id": person, "flash_ctf_name": format!("Night {event}"),
                "flash_ctf_time_start_unix": start, "count": dice.throw(1, 3),
            });
            booked.note(&platform.change("/_flash", &flash).await?);
            vec![solve(now)]
        }
        _ => vec![json!({ "syned_user_id": person, "count": dice.throw(1, 3) })],
    };
    for booking in bookings {
        booked.note(&platform.change("/_solves", &booking).await?);
    }
    if turn.is_multiple_of(7) {
        revise(scene, dice, booked).await?;
    }
    Ok(())
}

/// Corrects or removes a solve that is stored here.
async fn revise(scene: &Scene, dice: &mut Dice, booked: &mut Booked) -> Result<()> {
    let stored = "SELECT challenge_solve_id FROM game_platform_challenge_solves \
                  WHERE vanished_at IS NULL AND source = 'odl' ORDER BY id";
    let stored: Vec<String> = sqlx::query_scalar(stored).fetch_all(&scene.pool).await?;
    let Ok(id) = dice.one_of(&stored) else {
        return Ok(());
    };
    let id: i64 = id.parse()?;
    if dice.throw(0, 1) == 0 {
        let gone = json!({ "challenge_solve_id": id });
        scene.platform.change("/_vanish", &gone).await?;
        booked.vanished.insert(id);
    } else {
        let corrected = json!({ "challenge_solve_id": id, "challenge_points": 77 });
        scene.platform.change("/_correct", &corrected).await?;
        booked.corrected.insert(id);
    }
    Ok(())
}

/// A solve: the competitor, its ID, the challenge, the points, the second and the source.
type Solve = (String, String, String, i64, i64, String);

/// Checks what is stored after an undisturbed sync, and again after operators deleted the state of the sync.
async fn settled(scene: &Scene, port: u16, booked: &Booked) -> Result<String> {
    // After its outages, the platform is asked again when its breaker permits it.
    for _ in 0..30 {
        let run = scene.synced(port).await?;
        if run["outcome"] == "success" {
            break;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let ids = |solves: &BTreeSet<Solve>| -> BTreeSet<(String, String)> {
        let id = |solve: &Solve| (solve.0.clone(), solve.1.clone());
        solves.iter().map(id).collect()
    };
    let (wanted, found) = (there(scene).await?, here(&scene.pool).await?);
    same(&ids(&wanted), &ids(&found))?;

    sqlx::query("DELETE FROM game_platform_sync_state WHERE 1=1").execute(&scene.pool).await?;
    let run = scene.synced(port).await?;
    ensure!(run["outcome"] == "success", "the last sync ended with {run}");
    let found = here(&scene.pool).await?;
    same(&wanted, &found)?;
    totals(scene).await?;
    let solves = "game_platform_challenge_solves";
    let rows = undone::count(&scene.pool, solves).await?;
    let vanished = format!("{solves} WHERE vanished_at IS NOT NULL");
    let vanished = undone::count(&scene.pool, &vanished).await?;
    let corrected = format!("{solves} WHERE corrected_at IS NOT NULL");
    let corrected = undone::count(&scene.pool, &corrected).await?;
    ensure!(rows == i64::try_from(booked.solves.len())?, "{rows} rows");
    ensure!(vanished == i64::try_from(booked.vanished.len())?, "{vanished} vanished");
    let kept = booked.corrected.difference(&booked.vanished).count();
    ensure!(corrected >= i64::try_from(kept)?, "{corrected} corrected, not {kept}");
    Ok(format!(
        "all {} solves are stored once and equal the platform's, {vanished} are marked as vanished and {corrected} as corrected",
        booked.solves.len()
    ))
}

fn same<T: Ord + std::fmt::Debug>(wanted: &BTreeSet<T>, found: &BTreeSet<T>) -> Result<()> {
    ensure!(
        wanted == found,
        "{} solves of the platform are missing, such as {:?}; {} are too many, such as {:?}",
        wanted.difference(found).count(),
        wanted.difference(found).next(),
        found.difference(wanted).count(),
        found.difference(wanted).next()
    );
    Ok(())
}

/// Returns the solves that the platform lists.
async fn there(scene: &Scene) -> Result<BTreeSet<Solve>> {
    let mut solves = BTreeSet::new();
    for person in &scene.people {
        let scores = format!("/scores/get_odl_scores?syned_user_id={person}");
        let scores = scene.platform.read(&scores).await?;
        add(&mut solves, person, (&scores, "odl"));
        let progress = format!("/scores/get_flash_ctf_progress?syned_user_id={person}");
        let progress = scene.platform.read(&progress).await?;
        let events = progress["flash_ctfs"].as_array();
        for event in events.into_iter().flatten() {
            add(&mut solves, person, (event, "flash_ctf"));
        }
    }
    Ok(solves)
}

fn add(solves: &mut BTreeSet<Solve>, person: &str, (listed, source): (&Value, &str)) {
    let number = |solve: &Value, field: &str| solve[field].as_i64().unwrap_or_default();
    let text = |solve: &Value, field: &str| match &solve[field] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let listed = listed["challenge_solves"].as_array();
    solves.extend(listed.into_iter().flatten().map(|solve| {
        (
            person.to_owned(),
            text(solve, "challenge_solve_id"),
            text(solve, "challenge_id"),
            number(solve, "challenge_points"),
            number(solve, "timestamp_unix"),
            source.to_owned(),
        )
    }));
}

/// Returns the solves that are stored here and have not vanished.
async fn here(pool: &AnyPool) -> Result<BTreeSet<Solve>> {
    let sql = "SELECT syned_user_id, challenge_solve_id, challenge_id, points, \
               CAST(extract(epoch FROM solved_at) AS BIGINT), source \
               FROM game_platform_challenge_solves WHERE vanished_at IS NULL";
    let rows = sqlx::query(sql).fetch_all(pool).await?;
    let solve = |row: &sqlx::any::AnyRow| -> Result<Solve> {
        Ok((
            row.try_get(0)?,
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
            row.try_get(4)?,
            row.try_get(5)?,
        ))
    };
    rows.iter().map(solve).collect()
}

/// Checks that the stored totals are those that the platform states.
async fn totals(scene: &Scene) -> Result<()> {
    for person in &scene.people {
        let scores = format!("/scores/get_odl_scores?syned_user_id={person}");
        let scores = scene.platform.read(&scores).await?;
        let sql = "SELECT s.challenges_completed, s.total_score FROM game_platform_stats s \
                   JOIN competitors c ON c.id = s.competitor_id WHERE c.game_platform_id = $1";
        let row = sqlx::query(sql).bind(person).fetch_one(&scene.pool).await?;
        let stored: (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let stated = (&scores["total_challenges_solved"], &scores["total_points"]);
        ensure!(
            json!([stored.0, stored.1]) == json!([stated.0, stated.1]),
            "{person}: {stored:?} instead of {stated:?}"
        );
    }
    Ok(())
}
