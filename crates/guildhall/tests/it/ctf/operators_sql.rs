//! The statements that operators run on PostgreSQL.

use ctf::{reads, rules::runs::RunScope};
use platform::db::Engine;

use super::platform::{Synced, counts};
use crate::promised::statements::{WAITING, titled};

/// A server with synced competitors; `None` on SQLite, where these statements do not run.
async fn postgres() -> Option<Synced> {
    let synced = Synced::start().await;
    if synced.app.context().db.engine() == Engine::Sqlite {
        synced.app.finish().await;
        return None;
    }
    let (_, competitors) = synced.roster_of("coach", 4).await;
    for competitor in &competitors {
        synced.fake.book_some(&competitor.to_string(), 2);
    }
    synced.run(RunScope::All).await;
    Some(synced)
}

#[tokio::test]
async fn the_questions_of_operators_have_right_answers() {
    let Some(synced) = postgres().await else {
        return;
    };
    let app = &synced.app;
    let rate = "SELECT last_result || ' ' || COUNT(*) || ' ' || \
                round(COUNT(*) * 100.0 / SUM(COUNT(*)) OVER (), 1) AS value \
                FROM game_platform_sync_state WHERE last_attempt_at > TIMESTAMPTZ '2026-11-01' - INTERVAL '7 days' \
                GROUP BY last_result ORDER BY 1";
    assert_eq!(app.values(rate).await, ["success 4 100.0"]);
    app.change(
        "UPDATE game_platform_sync_state SET last_result = 'failure', error_message = 'It failed.' \
                WHERE syned_user_id = (SELECT min(syned_user_id) FROM game_platform_sync_state)",
    )
    .await
    .expect("changed");
    assert_eq!(app.values(rate).await, ["failure 1 25.0", "success 3 75.0"]);
    app.change(
        "UPDATE game_platform_sync_state SET last_result = NULL \
                WHERE syned_user_id = (SELECT max(syned_user_id) FROM game_platform_sync_state)",
    )
    .await
    .expect("changed");
    let known = rate.replace("GROUP BY", "AND last_result IS NOT NULL GROUP BY");
    assert_eq!(app.values(&known).await, ["failure 1 33.3", "success 2 66.7"]);
    let recent = "SELECT s.error_message AS value FROM competitors c JOIN game_platform_sync_state s \
                  ON c.game_platform_id = s.syned_user_id WHERE s.last_result = 'failure'";
    assert_eq!(app.values(recent).await, ["It failed."]);
    assert_eq!(app.count(&pending()).await, 0);
    let tables = "SELECT table_name AS value FROM information_schema.tables \
                  WHERE table_name LIKE 'game_platform%' ORDER BY 1";
    let tables = app.values(tables).await;
    assert!(tables.len() >= 6 && tables.contains(&"game_platform_stats".to_owned()), "{tables:?}");
    synced.app.finish().await;
}

/// Returns the statement of the guide that lists pending competitors, as one that counts them.
fn pending() -> String {
    let guide = include_str!("../../../../../docs/guides/game-platform.md");
    let (_, rest) = guide.split_once("-- Pending: ").expect("the statement");
    let (_, rest) = rest.split_once('\n').expect("its first line");
    let (statement, _) = rest.split_once(';').expect("its end");
    format!("SELECT count(*) FROM ({statement}) AS pending")
}

#[tokio::test]
async fn adults_without_a_release_are_pending_and_minors_are_not() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 3).await;
    let app = &synced.app;
    for change in [
        "UPDATE competitors SET release_signed = FALSE, is_18_or_over = TRUE",
        "UPDATE competitors SET is_18_or_over = FALSE WHERE last_name = 'Quill1'",
        "UPDATE competitors SET release_withdrawn_at = created_at WHERE last_name = 'Quill2'",
    ] {
        app.change(change).await.expect("changed");
    }
    assert_eq!(app.count(&pending()).await, 1);
    assert_eq!(synced.run(RunScope::New).await.total, 1, "the sync takes the same");
    assert_eq!(app.count(&pending()).await, 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn deleting_the_state_of_the_sync_does_no_harm() {
    let Some(synced) = postgres().await else {
        return;
    };
    let all = "SELECT count(*) FROM game_platform_challenge_solves";
    for delete in [
        "DELETE FROM game_platform_sync_state WHERE 1=1",
        "DELETE FROM game_platform_sync_state WHERE syned_user_id LIKE '%mock%'",
    ] {
        synced.app.change(delete).await.expect("deleted");
        let run = synced.run(RunScope::All).await;
        assert_eq!(counts(&run), (0, 4, 0));
        assert_eq!(synced.app.count(all).await, 8);
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn the_row_of_the_flag_stops_calls() {
    let Some(synced) = postgres().await else {
        return;
    };
    let off = "UPDATE feature_flags SET enabled = false WHERE name = 'game_platform_integration'";
    synced.app.change(off).await.expect("changed");
    let context = synced.app.context();
    context.flags.look(&context.db).await.expect("read");
    let before = synced.calls();
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.synced, synced.calls()), (0, before));
    synced.app.finish().await;
}

#[tokio::test]
async fn adults_without_a_release_wait_for_the_platform_and_minors_do_not() {
    let synced = Synced::start().await;
    let app = &synced.app;
    synced.roster_of("coach", 3).await;
    for unsigned in [
        "UPDATE competitors SET release_signed = FALSE WHERE last_name = 'Quill0'",
        "UPDATE competitors SET release_signed = FALSE, is_18_or_over = FALSE WHERE last_name = 'Quill1'",
    ] {
        app.change(unsigned).await.expect("changed");
    }
    let context = app.context();
    let rosters = reads::cohort_rosters(&context.db, context.now()).await.expect("read");
    // The page of the rollout shows the same number.
    assert_eq!((app.count(titled(WAITING)).await, rosters[0].counts().pending), (2, 2));
    synced.run(RunScope::All).await;
    assert_eq!(app.count(titled(WAITING)).await, 0);
    synced.app.finish().await;
}
