//! Milestones of competitors, and the notices of their coaches.

use chrono::TimeDelta;
use ctf::{
    actions::{choose_milestone_notices, erase_competitor, send_weeks},
    model::{CompetitorId, MilestoneNotices, RosterId, RosterRole},
    rules::runs::RunScope,
};
use platform::audit::Actor::Operator;
use testkit::fake_game_platform::{Booking, FlashBooking};

use super::{figures::Solve, platform::Synced};
use crate::app::{TestApp, at};

/// Books a solve with points, and syncs.
pub(super) async fn solve(synced: &Synced, competitor: CompetitorId, points: i64) {
    synced.fake.book(&Booking {
        syned_user_id: competitor.to_string(),
        challenge_points: Some(points),
        ..Booking::default()
    });
    synced.advance(TimeDelta::hours(1));
    synced.run(RunScope::All).await;
}

/// Returns the notices about milestones, with the logins of those who got them.
async fn notices(app: &TestApp) -> Vec<String> {
    let sql = "SELECT u.login || ': ' || n.title AS value FROM notifications n \
               JOIN users u ON u.id = n.user_id WHERE n.kind = 'ctf_milestones' ORDER BY n.id";
    let mut found = app.values(sql).await;
    found.sort();
    found
}

async fn choose(app: &TestApp, login: &str, notices: MilestoneNotices) {
    let coach = app.coach_of(login).await.key();
    choose_milestone_notices(app.context(), coach, notices).await.expect("chosen");
}

#[tokio::test]
async fn a_coach_is_notified_of_each_milestone_once() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (roster, competitors) = synced.roster_of("coach", 2).await;
    for (login, chosen) in
        [("weekly", MilestoneNotices::Weekly), ("never", MilestoneNotices::Never)]
    {
        app.shared_with(roster, login, RosterRole::Assistant).await;
        choose(app, login, chosen).await;
    }
    synced.run(RunScope::All).await;
    assert_eq!(notices(app).await, Vec::<String>::new(), "nothing solved");
    solve(&synced, competitors[0], 100).await;
    let first = "coach: Harbor Owls: a competitor reached a milestone: First solve";
    assert_eq!(notices(app).await, [first]);
    let titles =
        "SELECT count(*) FROM notifications WHERE title LIKE '%Ada%' OR title LIKE '%Quill%'";
    assert_eq!(app.count(titles).await, 0, "no name is stored");
    solve(&synced, competitors[0], 100).await;
    assert_eq!(notices(app).await.len(), 1, "no milestone");
    solve(&synced, competitors[0], 900).await;
    let both = "coach: Harbor Owls: a competitor reached 2 milestones";
    assert_eq!(notices(app).await, [both, first]);
    // Operators make the next run fetch everything again.
    app.change("DELETE FROM game_platform_sync_state").await.expect("as operators do");
    synced.advance(TimeDelta::hours(1));
    synced.run(RunScope::All).await;
    app.change("UPDATE game_platform_challenge_solves SET vanished_at = created_at")
        .await
        .expect("as the sync does");
    synced.advance(TimeDelta::hours(30));
    synced.run(RunScope::All).await;
    assert_eq!(notices(app).await, [both, first], "never twice");
    let open = "SELECT count(*) FROM ctf_milestones WHERE notified_at IS NULL";
    assert_eq!(app.count(open).await, 0);
    synced.app.finish().await;
}

#[tokio::test]
async fn only_those_who_coach_a_competitor_read_the_name() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (roster, competitors) = synced.roster_of("coach", 1).await;
    app.shared_with(roster, "former", RosterRole::Coach).await;
    synced.run(RunScope::All).await;
    solve(&synced, competitors[0], 100).await;
    let (coach, former) = (app.browser_of("coach").await, app.browser_of("former").await);
    let names = async |page: &str| {
        let (own, other) = (coach.get(page).await.text, former.get(page).await.text);
        for text in [&own, &other] {
            assert!(text.contains("reached a milestone: First solve"), "{page}: {text}");
        }
        [own, other].map(|text| text.contains("<bdi>Ada Quill0</bdi>"))
    };
    for page in ["/", "/inbox"] {
        assert_eq!(names(page).await, [true, true], "{page}");
    }
    let ended = "DELETE FROM roster_coaches WHERE coach_id = (SELECT c.id FROM coaches c \
                 JOIN users u ON u.id = c.user_id WHERE u.login = 'former')";
    app.change(ended).await.expect("no longer a coach of it");
    for page in ["/", "/inbox"] {
        assert_eq!(names(page).await, [true, false], "{page}");
    }
    erase_competitor(app.context(), Operator, competitors[0]).await.expect("erased");
    for page in ["/", "/inbox"] {
        assert_eq!(names(page).await, [false, false], "{page}");
    }
    synced.app.finish().await;
}

#[tokio::test]
async fn the_first_import_is_one_notice() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, competitors) = synced.roster_of("coach", 3).await;
    for competitor in &competitors {
        synced.fake.book_some(&competitor.to_string(), 12);
        synced.fake.book_flash(&FlashBooking {
            syned_user_id: competitor.to_string(),
            flash_ctf_name: "October Flash".to_owned(),
            flash_ctf_time_start_unix: Some(at("2026-10-20T18:00:00Z").timestamp()),
            count: Some(1),
            ..FlashBooking::default()
        });
    }
    synced.run(RunScope::All).await;
    let stored = "SELECT count(*) FROM ctf_milestones";
    assert!(app.count(stored).await >= 9);
    assert_eq!(notices(app).await, ["coach: Harbor Owls: milestones from before the first sync"]);
    synced.app.finish().await;
}

#[tokio::test]
async fn a_coach_chooses_the_notices() {
    let app = TestApp::start().await;
    app.roster("coach").await;
    let coach = app.browser_of("coach").await;
    let page = coach.get("/ctf").await.text;
    assert!(page.contains("After each sync"), "{page}");
    for (choice, stored) in [("weekly", "weekly"), ("never", "never"), ("?", "each")] {
        let chosen = coach.post("/ctf/achievements", &[("notices", choice)]).await;
        assert_eq!(chosen.location(), "/ctf");
        let value = "SELECT milestone_notices AS value FROM coaches";
        assert_eq!(app.values(value).await, [stored]);
    }
    let stranger = app.browser_of("stranger").await;
    let refused = stranger.post("/ctf/achievements", &[]).await;
    assert_eq!(refused.status, 403);
    let page = stranger.get("/ctf").await.text;
    assert!(!page.contains("/ctf/achievements"), "{page}");
    app.finish().await;
}

/// A competitor with an account and two solves, one of them hard.
async fn solved(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("coach").await;
    let id = app.added(roster, &super::privacy_scene::adult()).await;
    app.connected(id, "ada").await;
    app.on_platform(id, (2, 1_100)).await;
    app.solved(id, Solve::new("Salted Harbor", "web", 100, 1)).await;
    app.solved(id, Solve::new("Under Lock", "osint", 1_000, 1)).await;
    (roster, id)
}

#[tokio::test]
async fn badges_are_shown_to_the_competitor_and_the_coaches_only() {
    let app = TestApp::start().await;
    let (_, id) = solved(&app).await;
    let (coach, student) = (app.browser_of("coach").await, app.browser_of("ada").await);
    let card = format!("/ctf/competitors/{id}");
    for page in [
        coach.get(&card).await.text,
        student.get("/ctf/me").await.text,
        student.get("/ctf/me/report").await.text,
    ] {
        for milestone in ["First solve", "1,000 points", "First hard challenge"] {
            let badge = format!("<span class=\"tag\">{milestone}</span>");
            assert!(page.contains(&badge), "{milestone}: {page}");
        }
        assert!(!page.contains("All nine domains"), "{page}");
    }
    let public = app.browser_of("stranger").await.get("/people/ada").await;
    assert!(!public.text.contains("First hard challenge"));
    let points = "SELECT count(*) FROM point_transactions";
    assert_eq!(app.count(points).await, 0);
    app.finish().await;
}

#[tokio::test]
async fn the_weekly_summary_counts_the_milestones() {
    let (app, mailbox) = TestApp::mailing().await;
    let (roster, _) = solved(&app).await;
    app.shared_with(roster, "never", RosterRole::Coach).await;
    choose(&app, "coach", MilestoneNotices::Weekly).await;
    choose(&app, "never", MilestoneNotices::Never).await;
    for login in ["coach", "never"] {
        app.verify_address(login).await;
    }
    for code in ["solves_1", "first_hard"] {
        let sql = format!(
            "INSERT INTO ctf_milestones (id, created_at, competitor_id, code, is_imported, notified_at) \
             SELECT s.id, s.created_at, s.competitor_id, '{code}', FALSE, s.created_at \
             FROM game_platform_challenge_solves s WHERE s.title = '{}'",
            match code {
                "solves_1" => "Salted Harbor",
                _ => "Under Lock",
            }
        );
        app.change(&sql).await.expect("as the sync does");
    }
    app.clock.set(at("2026-11-02T13:10:00Z"));
    send_weeks(app.context(), &app.server.post).await.expect("sent");
    app.work().await;
    let counted = |message: &&platform::outbox::Message| {
        format!("{message:?}").contains("Competitors reached 2 milestones.")
    };
    let taken = mailbox.taken();
    let notified: Vec<String> =
        taken.iter().filter(counted).map(|message| message.recipient.clone()).collect();
    assert_eq!(notified, ["coach@oak.example"]);
    app.finish().await;
}
