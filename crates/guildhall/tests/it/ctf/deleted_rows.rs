//! Operators delete stored rows: the next sync fetches them again, because what is stored decides what is asked for.

use chrono::TimeDelta;
use ctf::rules::runs::RunScope;
use testkit::fake_game_platform::FlashBooking;

use super::platform::{Synced, counts};

const SOLVES: &str = "SELECT count(*) FROM game_platform_challenge_solves";
const EVENTS: &str = "SELECT count(*) FROM game_platform_flash_ctf_events";

#[tokio::test]
async fn deleted_solves_and_events_come_back_with_the_next_sync() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    for competitor in &competitors {
        synced.fake.book_some(&competitor.to_string(), 2);
        synced.fake.book_flash(&FlashBooking {
            syned_user_id: competitor.to_string(),
            flash_ctf_name: "Harbor Flash".to_owned(),
            flash_ctf_time_start_unix: Some(
                (synced.app.context().now() - TimeDelta::days(9)).timestamp(),
            ),
            count: Some(3),
            ..FlashBooking::default()
        });
    }
    synced.run(RunScope::All).await;
    synced.advance(TimeDelta::hours(1));
    assert_eq!(counts(&synced.run(RunScope::All).await), (0, 3, 0));
    let ada = competitors[0].to_string();
    for (tables, condition) in [
        (&["game_platform_challenge_solves"][..], "source = 'odl'".to_owned()),
        (&["game_platform_flash_ctf_events"][..], "TRUE".to_owned()),
        (
            &["game_platform_challenge_solves", "game_platform_flash_ctf_events"][..],
            format!("syned_user_id LIKE '%{ada}%'"),
        ),
    ] {
        for table in tables {
            let sql = format!("DELETE FROM {table} WHERE {condition}");
            synced.app.change(&sql).await.expect("deleted");
        }
        synced.advance(TimeDelta::hours(1));
        let run = synced.run(RunScope::All).await;
        assert_eq!(run.failed, 0, "{run:?}");
        let stored = (synced.app.count(SOLVES).await, synced.app.count(EVENTS).await);
        assert_eq!(stored, (15, 3), "{tables:?} {condition}");
    }
    synced.advance(TimeDelta::hours(1));
    let before = synced.calls();
    assert_eq!(counts(&synced.run(RunScope::All).await), (0, 3, 0));
    assert!(synced.calls() - before <= 4, "a call for each competitor, and one for events");
    synced.app.finish().await;
}

#[tokio::test]
async fn a_sync_that_stores_less_than_the_platform_states_says_so() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    synced.fake.book_some(&competitors[0].to_string(), 2);
    synced.fake.switch(|switches| switches.unlisted = 3);
    let message = "SELECT coalesce(last_result || ': ' || error_message, last_result) AS value \
                   FROM game_platform_sync_state";
    for _ in 0..2 {
        synced.run(RunScope::All).await;
        let said = synced.app.values(message).await.remove(0);
        assert!(said.starts_with("success: ") && said.contains("5 solves"), "{said}");
        assert!(said.contains("only 2 of them"), "{said}");
        synced.advance(TimeDelta::hours(1));
    }
    let coach = synced.app.browser_of("coach").await;
    let page = coach.get(&format!("/ctf/competitors/{}", competitors[0])).await.text;
    assert!(page.contains("lists only 2 of them"), "{page}");
    synced.fake.switch(|switches| switches.unlisted = 0);
    synced.advance(TimeDelta::hours(24));
    synced.run(RunScope::All).await;
    assert_eq!(synced.app.values(message).await, ["success"]);
    synced.app.finish().await;
}
