//! Runs of the sync against a simulated platform.

use chrono::TimeDelta;
use ctf::rules::runs::{RunOutcome, RunScope};
use testkit::fake_game_platform::{Booking, FlashBooking};

use super::platform::{Synced, counts};

#[tokio::test]
async fn one_new_solve_among_22_competitors_is_synced_and_the_others_are_skipped() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 22).await;
    let first = synced.run(RunScope::All).await;
    assert_eq!(first.outcome, Some(RunOutcome::Success));
    assert_eq!((first.total, first.failed), (22, 0));
    synced.fake.book_some(&competitors[7].to_string(), 1);
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.total, counts(&run)), (22, (1, 21, 0)));
    assert_eq!(synced.solves().await, 1);
    let idle = synced.run(RunScope::All).await;
    assert_eq!(counts(&idle), (0, 22, 0));
    let success = "SELECT count(*) FROM game_platform_sync_state WHERE last_result = 'success'";
    assert_eq!(synced.app.count(success).await, 22);
    synced.app.finish().await;
}

#[tokio::test]
async fn an_idle_run_makes_at_most_one_call_per_competitor_and_one_more() {
    let synced = Synced::start().await;
    synced.roster_of("coach", 12).await;
    synced.run(RunScope::All).await;
    // The days after an event and the daily full reads are over.
    synced.advance(TimeDelta::minutes(10));
    let before = synced.calls();
    synced.run(RunScope::All).await;
    let calls = synced.calls() - before;
    assert!(calls <= 13, "{calls} calls");
    synced.app.finish().await;
}

#[tokio::test]
async fn the_time_of_the_totals_is_that_of_the_answer_with_them() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    let ada = competitors[0].to_string();
    synced.fake.book_some(&ada, 2);
    synced.run(RunScope::All).await;
    let times = "SELECT (SELECT CAST(synced_at AS text) FROM game_platform_stats) AS value UNION ALL \
                 SELECT CAST(last_odl_synced_at AS text) AS value FROM game_platform_sync_state";
    let before = synced.app.values(times).await;
    synced.advance(TimeDelta::minutes(10));
    synced.fake.book_some(&ada, 1);
    assert_eq!(counts(&synced.run(RunScope::All).await), (1, 0, 0));
    let after = synced.app.values(times).await;
    assert_eq!(after[0], before[0], "no totals were stored");
    assert_ne!(after[1], before[1], "the new solve was");
    let counted = "SELECT count(*) FROM game_platform_stats WHERE counted_at > synced_at";
    assert_eq!(synced.app.count(counted).await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn new_competitors_are_put_on_the_platform_with_their_coach() {
    let synced = Synced::start().await;
    let (coach, roster) = synced.app.roster("coach").await;
    synced.app.verify_address("coach").await;
    let ada = synced.app.competitor(roster, "Ada", "Quill").await;
    let run = synced.run(RunScope::All).await;
    assert_eq!(counts(&run), (0, 0, 1), "no address yet");
    let error = "SELECT game_platform_sync_error AS value FROM competitors";
    assert_eq!(synced.app.values(error).await, ["No email address. Add one and retry."]);
    let sql = "UPDATE competitors SET email_school = 'ada@school.example'";
    synced.app.change(sql).await.expect("changed");
    let run = synced.run(RunScope::All).await;
    assert_eq!(counts(&run), (1, 0, 0));
    let mut users = synced.fake.users();
    users.sort();
    let mut expected = [coach.to_string(), ada.to_string()];
    expected.sort();
    assert_eq!(users, expected);
    let stored = "SELECT game_platform_id || ' ' || metactf_username || ' ' || status AS value FROM competitors";
    assert_eq!(synced.app.values(stored).await, [format!("{ada} ada.quill complete")]);
    synced.app.finish().await;
}

#[tokio::test]
async fn nothing_of_a_minor_without_a_release_goes_out() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    let sql = "UPDATE competitors SET is_18_or_over = FALSE, release_signed = FALSE WHERE last_name = 'Quill0'";
    synced.app.change(sql).await.expect("changed");
    synced.fake.book_some(&competitors[0].to_string(), 3);
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.total, run.skipped, run.failed), (2, 1, 0));
    let stored = "SELECT count(*) FROM competitors WHERE game_platform_id IS NOT NULL";
    assert_eq!(synced.app.count(stored).await, 1);
    assert_eq!(synced.solves().await, 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_competitor_with_an_incomplete_profile_is_not_put_on_the_platform() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    let (ada, ben) = (competitors[0], competitors[1]);
    // Both are known to the platform, so that only the profile holds them back.
    synced.run(RunScope::Competitor(ben)).await;
    synced
        .app
        .change("UPDATE competitors SET is_18_or_over = FALSE, parent_name = 'Bo Quill'")
        .await
        .expect("changed");
    let run = synced.run(RunScope::New).await;
    assert_eq!(run.total, 0, "nothing is ready");
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.total, run.failed), (2, 0));
    let there = "SELECT last_name AS value FROM competitors WHERE game_platform_id IS NOT NULL";
    assert_eq!(synced.app.values(there).await, ["Quill1"], "{ada} is left out");
    let attempts = "SELECT count(*) FROM game_platform_sync_state WHERE last_result = 'success'";
    assert_eq!(synced.app.count(attempts).await, 1, "{ben} goes on");
    let admin = synced.app.browser_with("admin", identity::model::Role::Admin).await;
    let page = admin.get("/admin/game-platform/preflight").await.text;
    let missing = "The profile is not complete: the email address of a parent is missing.";
    assert!(page.contains(missing), "{page}");
    synced
        .app
        .change("UPDATE competitors SET parent_email = 'bo@home.example'")
        .await
        .expect("changed");
    let run = synced.run(RunScope::New).await;
    assert_eq!((run.total, run.failed), (1, 0));
    assert_eq!(synced.app.values(there).await.len(), 2);
    synced.app.finish().await;
}

#[tokio::test]
async fn accounts_of_coaches_are_read_until_they_are_approved_and_daily_until_they_are_used() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (coach, roster) = app.roster("coach").await;
    let id = coach.to_string();
    synced.fake.add_coach(&id, "coach");
    synced.fake.set_status(&id, "pending_approval", None);
    let ada = app.competitor(roster, "Ada", "Quill").await;
    synced.fake.add_user(&ada.to_string(), "ada");
    synced.run(RunScope::All).await;
    app.change(
        "UPDATE competitors SET metactf_user_status = 'approved', last_login_at = created_at",
    )
    .await
    .expect("settled");
    let login = Some(app.context().now().timestamp());
    for (hours, status, last_login, calls, expected) in [
        (1, "pending_approval", None, 1, "pending_approval never"),
        (23, "pending_approval", None, 1, "pending_approval never"),
        (1, "approved", None, 1, "approved never"),
        (1, "approved", login, 0, "approved never"),
        (23, "approved", login, 1, "approved used"),
        (23, "approved", login, 0, "approved used"),
    ] {
        synced.fake.set_status(&id, status, last_login);
        let asked = || synced.fake.calls().get("GET /users").copied().unwrap_or(0);
        let before = asked();
        synced.advance(TimeDelta::hours(hours));
        synced.run(RunScope::All).await;
        assert_eq!(asked() - before, calls, "{hours} {status}");
        let stored = "SELECT metactf_user_status || \
                      CASE WHEN last_login_at IS NULL THEN ' never' ELSE ' used' END AS value FROM coaches";
        assert_eq!(app.values(stored).await, [expected], "{hours} {status}");
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn late_equal_and_corrected_solves_arrive_and_vanished_ones_are_marked() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    let ada = competitors[0].to_string();
    let at = |minutes: i64| {
        let now = synced.app.context().now() + TimeDelta::minutes(minutes);
        Booking {
            syned_user_id: ada.clone(),
            timestamp_unix: Some(now.timestamp()),
            ..Booking::default()
        }
    };
    let first = synced.fake.book(&at(-30));
    synced.run(RunScope::All).await;
    // Of the same second, and booked an hour late.
    synced.fake.book(&at(-30));
    synced.fake.book(&at(-95));
    synced.advance(TimeDelta::minutes(20));
    synced.run(RunScope::All).await;
    assert_eq!(synced.solves().await, 3);
    let correction = Booking { challenge_points: Some(555), ..Booking::default() };
    assert!(synced.fake.correct(first[0], &correction));
    synced.fake.vanish(first[0] + 1);
    synced.advance(TimeDelta::hours(25));
    synced.run(RunScope::All).await;
    assert_eq!(synced.solves().await, 2);
    let sql = "SELECT count(*) FROM game_platform_challenge_solves WHERE points = 555 AND corrected_at IS NOT NULL";
    assert_eq!(synced.app.count(sql).await, 1);
    let all = "SELECT count(*) FROM game_platform_challenge_solves";
    assert_eq!(synced.app.count(all).await, 3, "nothing is deleted");
    synced.app.finish().await;
}

#[tokio::test]
async fn the_only_solve_of_someone_vanishes_at_the_next_sync() {
    for minutes in [30, 95] {
        let synced = Synced::start().await;
        let (_, competitors) = synced.roster_of("coach", 2).await;
        let book = |person: usize, minutes: i64| {
            let at = synced.app.context().now() - TimeDelta::minutes(minutes);
            synced.fake.book(&Booking {
                syned_user_id: competitors[person].to_string(),
                timestamp_unix: Some(at.timestamp()),
                ..Booking::default()
            })
        };
        let solve = book(0, minutes);
        // By this one the platform is known to count all.
        book(1, 95);
        // The solves, the totals after them, and the first answer with a cursor.
        for _ in 0..3 {
            synced.run(RunScope::All).await;
        }
        synced.fake.vanish(solve[0]);
        synced.run(RunScope::All).await;
        assert_eq!(synced.solves().await, 1, "{minutes} minutes");
        synced.app.finish().await;
    }
}

#[tokio::test]
async fn a_solve_id_with_another_challenge_is_an_error_and_no_overwrite() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 1).await;
    let solve = synced.fake.book_some(&competitors[0].to_string(), 1);
    synced.run(RunScope::All).await;
    let title = "SELECT title AS value FROM game_platform_challenge_solves";
    let before = synced.app.values(title).await;
    let other = Booking {
        challenge_id: Some("other".to_owned()),
        challenge_title: Some("Another challenge".to_owned()),
        ..Booking::default()
    };
    assert!(synced.fake.correct(solve[0], &other));
    let run = synced.run(RunScope::All).await;
    assert_eq!(run.failed, 1);
    assert_eq!(synced.app.values(title).await, before);
    let error = "SELECT error_message AS value FROM game_platform_sync_state";
    let error = synced.app.values(error).await;
    assert!(error[0].contains("other"), "{error:?}");
    synced.app.finish().await;
}

#[tokio::test]
async fn results_in_events_are_stored_once() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    synced.run(RunScope::All).await;
    let start = synced.app.context().now().timestamp();
    for competitor in &competitors {
        synced.fake.book_flash(&FlashBooking {
            syned_user_id: competitor.to_string(),
            flash_ctf_name: "November Flash".to_owned(),
            flash_ctf_time_start_unix: Some(start),
            count: Some(4),
            rank: Some(3),
            ..FlashBooking::default()
        });
    }
    for _ in 0..2 {
        synced.advance(TimeDelta::hours(7));
        synced.run(RunScope::All).await;
    }
    let events = "SELECT count(*) FROM game_platform_flash_ctf_events";
    assert_eq!(synced.app.count(events).await, 3);
    let solves = "SELECT count(*) FROM game_platform_challenge_solves WHERE source = 'flash_ctf'";
    assert_eq!(synced.app.count(solves).await, 12);
    synced.app.finish().await;
}

#[tokio::test]
async fn the_truths_of_the_vendor_survive() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    let ada = competitors[0].to_string();
    synced.fake.switch(|switches| {
        switches.created = true;
        switches.without_ids = true;
    });
    synced.fake.book(&Booking {
        syned_user_id: ada.clone(),
        challenge_category: Some("Quantum Knitting".to_owned()),
        nist_nice_work_roles: Some(vec!["ZZ-NEW-999".to_owned()]),
        ..Booking::default()
    });
    for days in [1, 40] {
        let start = synced.app.context().now() - TimeDelta::days(days);
        synced.fake.book_flash(&FlashBooking {
            syned_user_id: ada.clone(),
            flash_ctf_name: "Monthly Flash".to_owned(),
            flash_ctf_time_start_unix: Some(start.timestamp()),
            count: Some(1),
            ..FlashBooking::default()
        });
    }
    let run = synced.run(RunScope::All).await;
    assert_eq!(counts(&run), (2, 0, 0), "{run:?}");
    let category = "SELECT category || ' ' || nice_work_roles AS value \
                    FROM game_platform_challenge_solves WHERE source = 'odl'";
    assert_eq!(synced.app.values(category).await, ["Quantum Knitting [\"ZZ-NEW-999\"]"]);
    let events = "SELECT count(*) FROM game_platform_flash_ctf_events";
    assert_eq!(synced.app.count(events).await, 2);
    synced.app.finish().await;
}

#[tokio::test]
async fn an_account_that_is_gone_there_is_skipped_with_the_reason() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 2).await;
    synced.run(RunScope::All).await;
    let gone = competitors[1].to_string();
    // What failed before does not count for someone who is skipped.
    synced
        .app
        .change(&format!(
            "UPDATE game_platform_sync_state SET last_result = 'failure', error_message = 'It failed.', \
             consecutive_failures = 2 WHERE syned_user_id = '{gone}'"
        ))
        .await
        .expect("changed");
    synced.fake.remove_user(&gone);
    synced.advance(TimeDelta::minutes(10));
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.total, counts(&run)), (2, (0, 2, 0)), "{run:?}");
    let reason = "The game platform does not know this competitor. Ask an admin to add the account again under Reconciliation.";
    let state = format!(
        "SELECT coalesce(last_result, 'none') || ' ' || consecutive_failures || ' ' || error_message AS value \
         FROM game_platform_sync_state WHERE syned_user_id = '{gone}'"
    );
    assert_eq!(synced.app.values(&state).await, [format!("none 0 {reason}")]);
    let failures = "SELECT count(*) FROM game_platform_sync_failures";
    assert_eq!(synced.app.count(failures).await, 0);
    let (db, now) = (&synced.app.context().db, synced.app.context().now());
    let health = ctf::reads::sync_health(db, now).await.expect("read");
    assert_eq!((health.asked, health.failed), (1, 0));
    let states = ctf::reads::sync_states(db).await.expect("read");
    assert_eq!((states.succeeded, states.failed, states.unknown), (1, 0, 1));
    let coach = synced.app.browser_of("coach").await;
    let page = coach.get(&format!("/ctf/competitors/{gone}")).await.text;
    assert!(page.contains(reason), "{page}");
    synced.fake.add_user(&gone, "quill");
    let run = synced.run(RunScope::All).await;
    assert_eq!(run.failed, 0, "{run:?}");
    let states = ctf::reads::sync_states(db).await.expect("read");
    assert_eq!((states.succeeded, states.unknown), (2, 0));
    synced.app.finish().await;
}

#[tokio::test]
async fn a_failure_of_one_competitor_never_stops_the_others() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 8).await;
    synced.run(RunScope::All).await;
    for competitor in &competitors {
        synced.fake.book_some(&competitor.to_string(), 2);
    }
    synced.fake.switch(|switches| switches.errors = 0.2);
    for _ in 0..40 {
        synced.advance(TimeDelta::minutes(1));
        synced.run(RunScope::All).await;
        if synced.solves().await == 16 {
            break;
        }
    }
    assert_eq!(synced.solves().await, 16);
    let rows = "SELECT count(*) FROM game_platform_challenge_solves";
    assert_eq!(synced.app.count(rows).await, 16, "nothing twice");
    synced.app.finish().await;
}

#[tokio::test]
async fn an_outage_ends_a_run_early_and_loses_nothing() {
    let synced = Synced::start().await;
    let (_, competitors) = synced.roster_of("coach", 30).await;
    synced.run(RunScope::All).await;
    synced.fake.book_some(&competitors[3].to_string(), 1);
    synced.fake.switch(|switches| switches.outage = true);
    synced.advance(TimeDelta::minutes(1));
    let run = synced.run(RunScope::All).await;
    assert_ne!(run.outcome, Some(RunOutcome::Success));
    assert_eq!(synced.solves().await, 0);
    synced.fake.switch(|switches| switches.outage = false);
    synced.advance(TimeDelta::minutes(5));
    let run = synced.run(RunScope::All).await;
    assert_eq!((run.synced, run.failed), (1, 0), "{run:?}");
    assert_eq!(synced.solves().await, 1);
    synced.app.finish().await;
}

#[tokio::test]
async fn all_names_of_a_competitor_can_be_taken() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, roster) = app.roster("coach").await;
    app.verify_address("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let address = "ada@home.example";
    app.change(&format!("UPDATE competitors SET email_school = '{address}'"))
        .await
        .expect("changed");
    let taken = ctf::rules::username::candidates("Ada", "Quill", address, ada.0);
    for (number, name) in taken.iter().enumerate() {
        synced.fake.add_user(&format!("other-{number}"), name);
    }
    let run = synced.run(RunScope::All).await;
    assert_eq!(counts(&run), (0, 0, 1));
    let kind = "SELECT kind || ': ' || message AS value FROM game_platform_sync_failures";
    assert_eq!(
        app.values(kind).await,
        [
            "no_username: The game platform refused 3 usernames made from the name. Change the name, and retry."
        ]
    );
    synced.app.finish().await;
}
