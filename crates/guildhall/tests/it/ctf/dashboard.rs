//! The dashboard of a roster.

use chrono::TimeDelta;
use ctf::gateway::GamePlatformCalls;
use platform::flags::Outgoing as _;

use super::{figures::Solve, platform::Synced};
use crate::{
    app::TestApp,
    flags::{set, to},
};

/// A roster of `coach` with two competitors who solved something and one who is not on the platform.
async fn scene(app: &TestApp) -> String {
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    let ben = app.competitor(roster, "-Ben", "Marsh").await;
    app.competitor(roster, "Cleo", "Vane").await;
    app.on_platform(ada, (2, 300)).await;
    app.on_platform(ben, (1, 400)).await;
    app.solved(ada, Solve::new("Salted Harbor", "cryptography", 200, 2)).await;
    app.solved(ada, Solve::new("Half a Packet", "networking", 100, 20).flash()).await;
    app.solved(ben, Solve::new("Cellar Door", "web", 400, 40)).await;
    app.took_part(ada, "October Flash", 250, 20).await;
    app.took_part(ada, "September Flash", 100, 50).await;
    format!("/ctf/rosters/{roster}")
}

#[tokio::test]
async fn the_totals_are_those_of_the_stored_solves_in_the_range() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let browser = app.browser_of("coach").await;
    for (query, points, solves) in [
        ("", "300", "1 on demand, 1 in Flash CTFs"),
        ("?days=7", "200", "1 on demand, 0 in Flash CTFs"),
        ("?days=90", "700", "2 on demand, 1 in Flash CTFs"),
    ] {
        let page = browser.get(&format!("{address}{query}")).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
        let shown = format!("<dt>Points</dt><dd>{points}</dd>");
        assert!(page.text.contains(&shown), "{query}: {}", page.text);
        assert!(page.text.contains(solves), "{query}: {}", page.text);
        assert!(page.text.contains("last synced 1 hour ago"), "{}", page.text);
    }
    let page = browser.get(&address).await;
    let part = "3 challenges on demand, as the platform states, of 2 of 3 synced";
    assert!(page.text.contains(part), "{}", page.text);
    assert!(page.text.contains("1 competitor is not on the game platform."), "{}", page.text);
    assert!(page.text.contains("25 %") && page.text.contains("up from 10 %"), "{}", page.text);
    let custom = browser.get(&format!("{address}?from=2026-09-15&to=2026-09-25")).await;
    assert!(custom.text.contains("<dt>Points</dt><dd>400</dd>"), "{}", custom.text);
    let wrong = browser.get(&format!("{address}?days=8")).await;
    wrong.refuses(400, "BAD_QUERY", "Choose 7, 30 or 90 days");
    app.finish().await;
}

#[tokio::test]
async fn vanished_solves_do_not_count() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let sql =
        "UPDATE game_platform_challenge_solves SET vanished_at = created_at WHERE points = 200";
    app.change(sql).await.expect("as the sync does");
    let browser = app.browser_of("coach").await;
    let page = browser.get(&address).await;
    assert!(page.text.contains("<dt>Points</dt><dd>100</dd>"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn only_the_figures_of_those_whose_solves_changed_are_read_again() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let browser = app.browser_of("coach").await;
    let points = async || {
        let page = browser.get(&address).await.text;
        let shown = page.split("<dt>Points</dt><dd>").nth(1);
        let shown = shown.and_then(|rest| rest.split("</dd>").next());
        shown.expect("the points").to_owned()
    };
    let raise = async |domain: &str| {
        let sql = format!(
            "UPDATE game_platform_challenge_solves SET points = points + 1000 WHERE domain = '{domain}'"
        );
        app.change(&sql).await.expect("a change");
    };
    assert_eq!(points().await, "300");
    raise("networking").await;
    assert_eq!(points().await, "300", "the figures of a state are kept");
    let noted = "UPDATE game_platform_stats SET revision = revision + 1 WHERE competitor_id = \
                 (SELECT id FROM competitors WHERE first_name = 'Ada')";
    app.change(noted).await.expect("as the sync does");
    assert_eq!(points().await, "1,300", "of one competitor of three");
    raise("cryptography").await;
    let all = "UPDATE game_platform_stats SET revision = revision + 1";
    app.change(all).await.expect("as the sync does");
    assert_eq!(points().await, "2,300", "of everyone");
    let left = "UPDATE competitors SET left_at = created_at WHERE first_name = 'Ada'";
    app.change(left).await.expect("as a coach does");
    assert_eq!(points().await, "0", "without the one who left");
    app.finish().await;
}

#[tokio::test]
async fn large_rosters_are_shown_in_pages_and_downloaded_whole() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("coach").await;
    for number in 0..52 {
        app.competitor(roster, "Ada", &format!("Quill {number:02}")).await;
    }
    let address = format!("/ctf/rosters/{roster}");
    let browser = app.browser_of("coach").await;
    let rows = async |query: &str| {
        let page = browser.get(&format!("{address}{query}")).await;
        assert_eq!(page.status.as_u16(), 200, "{query}");
        let table = page.text.split("id=\"roster\"").nth(1).expect("a table");
        let table = table.split("</section>").next().expect("its end");
        (table.matches("<tr><th scope=\"row\">").count(), table.to_owned())
    };
    let (first, table) = rows("?sort=team").await;
    assert_eq!(first, 51, "50 competitors, and the sum");
    assert!(table.contains("52 competitors, page 1 of 2"), "{table}");
    assert!(table.contains("sort=team&#38;page=2#roster"), "{table}");
    let (second, table) = rows("?sort=team&page=2").await;
    assert_eq!(second, 3, "{table}");
    assert!(table.contains("Ada Quill 51") && !table.contains("Ada Quill 49"));
    for (beyond, found) in [("?page=99", 3), ("?page=0", 51), ("?page=x", 51)] {
        assert_eq!(rows(beyond).await.0, found, "{beyond}");
    }
    let (all, table) = rows("?page=all").await;
    assert_eq!(all, 53, "all competitors, and the sum");
    assert!(!table.contains("page 1 of"), "{table}");
    let file = browser.get(&format!("{address}/dashboard.csv?page=2")).await;
    assert_eq!(file.text.lines().count(), 53);
    app.finish().await;
}

#[tokio::test]
async fn the_file_has_the_rows_of_the_table() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    let browser = app.browser_of("coach").await;
    let file = browser.get(&format!("{address}/dashboard.csv?days=90&sort=points")).await;
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 4, "{}", file.text);
    assert!(lines[1].starts_with("\"'-Ben Marsh\",\"\",\"11\",400,1,0,"), "{}", lines[1]);
    assert!(lines[2].starts_with("\"Ada Quill\",\"\",\"11\",300,2,1,"), "{}", lines[2]);
    assert!(lines[3].contains("Not on the platform"), "{}", lines[3]);
    let filtered = browser.get(&format!("{address}/dashboard.csv?alert=unsynced")).await;
    assert_eq!(filtered.text.lines().count(), 2, "{}", filtered.text);
    let page = browser.get(&format!("{address}?alert=unsynced")).await;
    assert!(page.text.contains("1 competitor of 3 match the filter"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn other_coaches_and_strangers_find_nothing() {
    let app = TestApp::start().await;
    let address = scene(&app).await;
    app.roster("other").await;
    for login in ["other", "stranger"] {
        let browser = app.browser_of(login).await;
        for path in [address.clone(), format!("{address}/dashboard.csv")] {
            let answer = browser.get(&path).await;
            assert_eq!(answer.status.as_u16(), 404, "{login} {path}");
            assert!(!answer.text.contains("Quill"), "{}", answer.text);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn empty_rosters_say_so() {
    let app = TestApp::start().await;
    let (_, empty) = app.roster("newcomer").await;
    let browser = app.browser_of("newcomer").await;
    let page = browser.get(&format!("/ctf/rosters/{empty}")).await;
    assert!(page.text.contains("No competitors yet"), "{}", page.text);
    let ada = app.competitor(empty, "Ada", "Quill").await;
    app.on_platform(ada, (0, 0)).await;
    let page = browser.get(&format!("/ctf/rosters/{empty}")).await;
    assert!(page.text.contains("No challenges completed yet"), "{}", page.text);
    app.finish().await;
}

#[tokio::test]
async fn figures_older_than_twelve_hours_are_marked_with_the_fault() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, roster) = app.roster("coach").await;
    let ada = app.competitor(roster, "Ada", "Quill").await;
    // Synced an hour ago.
    app.on_platform(ada, (0, 0)).await;
    let address = format!("/ctf/rosters/{roster}");
    synced.advance(TimeDelta::hours(11));
    let page = app.browser_of("coach").await.get(&address).await.text;
    assert!(page.contains("last synced 12 hours ago"), "{page}");
    assert!(!page.contains("These figures are"), "{page}");
    synced.advance(TimeDelta::minutes(1));
    let stale = "These figures are 12 hours old.";
    let not_asked = "This server has not asked the game platform since.";
    let failing = "The game platform did not answer as expected.";
    let coach = app.browser_of("coach").await;
    let page = coach.get(&address).await.text;
    assert!(page.contains(&format!("{stale} {not_asked}")), "{page}");
    app.change("UPDATE game_platform_sync_state SET last_result = 'failure', error_message = 'No email address. Add one and retry.'")
        .await
        .expect("as a sync that fails");
    let page = coach.get(&address).await.text;
    assert!(page.contains(&format!("{stale} {failing}")), "{page}");
    let said = "Could not sync Ada Quill: no email address. Add one and retry.";
    assert!(page.contains(said), "{page}");
    set(app, GamePlatformCalls::FLAG.name, to(false, 100)).await;
    let page = coach.get(&address).await.text;
    let off = "The connection to the game platform is turned off here";
    assert!(page.contains(off) && !page.contains(not_asked), "{page}");
    synced.app.finish().await;
}

#[tokio::test]
async fn the_roster_is_filtered_by_flash_ctf_and_shows_usernames_and_this_month() {
    let app = TestApp::start().await;
    // The totals are of this month, which has just begun.
    app.clock.advance(TimeDelta::hours(2));
    let address = scene(&app).await;
    for change in [
        "UPDATE competitors SET metactf_username = 'ada.quill' WHERE first_name = 'Ada'",
        "UPDATE game_platform_stats SET monthly_ctf_challenges = 3, total_score = 301 WHERE total_score = 300",
    ] {
        app.change(change).await.expect(change);
    }
    let browser = app.browser_of("coach").await;
    let all = browser.get(&address).await.text;
    for words in [
        "<option value=\"October Flash\">October Flash, 2026-10</option>",
        "<dt>Flash CTF solves this month</dt><dd>3</dd>",
        "ada.<wbr>quill",
        "3 in Flash CTFs this month",
    ] {
        assert!(all.contains(words), "{words}: {all}");
    }
    let one = browser.get(&format!("{address}?event=October%20Flash")).await;
    assert!(one.text.contains("1 competitor of 3 match the filter"), "{}", one.text);
    let file = browser.get(&format!("{address}/dashboard.csv?event=October%20Flash&days=90")).await;
    let lines: Vec<&str> = file.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", file.text);
    assert!(
        lines[1].starts_with("\"Ada Quill\",\"\",\"11\",300,2,1,3,")
            && lines[1].ends_with(",\"ada.quill\""),
        "{}",
        lines[1]
    );
    let none = browser.get(&format!("{address}?event=%00nothing'")).await;
    assert!(none.text.contains("No matching competitors"), "{}", none.text);
    app.clock.advance(TimeDelta::days(31));
    let browser = app.browser_of("coach").await;
    let later = browser.get(&address).await.text;
    assert!(
        later.contains("<dt>Flash CTF solves this month</dt><dd>0</dd>"),
        "another month: {later}"
    );
    app.finish().await;
}

#[tokio::test]
async fn the_cause_of_a_gap_is_what_holds_the_competitor_back() {
    let synced = Synced::start().await;
    let app = &synced.app;
    let (_, roster) = app.roster("coach").await;
    app.competitor(roster, "Ada", "Quill").await;
    let coach = app.browser_of("coach").await;
    let address = format!("/ctf/rosters/{roster}");
    for (change, cause) in [
        ("first_name = 'Ada'", "has no email address. Enter one"),
        ("email_school = 'ada@school.example'", "The next sync adds this competitor"),
        ("game_platform_sync_error = 'It failed.'", "The sync error says why"),
        (
            "is_18_or_over = FALSE, release_signed = FALSE",
            "no release is on record. Record the release",
        ),
        (
            "release_signed = TRUE",
            "The profile is not complete: the name and the email address of a parent are missing.",
        ),
        ("release_withdrawn_at = created_at", "The release was withdrawn"),
    ] {
        let sql = format!("UPDATE competitors SET {change}");
        app.change(&sql).await.expect("changed");
        let page = coach.get(&address).await.text;
        assert!(page.contains(cause), "{change}: {page}");
        assert!(!page.contains("No scores are fetched."), "{page}");
    }
    app.change("UPDATE competitors SET is_18_or_over = TRUE, release_withdrawn_at = NULL")
        .await
        .expect("changed");
    set(app, GamePlatformCalls::FLAG.name, to(false, 100)).await;
    let page = coach.get(&address).await.text;
    let off = "The connection to the game platform is turned off here";
    assert!(page.contains(off), "{page}");
    synced.app.finish().await;
}

#[tokio::test]
async fn a_server_without_a_platform_says_so() {
    let variable = GamePlatformCalls::FLAG.variable.to_owned();
    let app = TestApp::with(|config| {
        config.switches.insert(variable, "true".to_owned());
    })
    .await;
    set(&app, GamePlatformCalls::FLAG.name, to(true, 100)).await;
    let address = scene(&app).await;
    let coach = app.browser_of("coach").await;
    for path in [address.clone(), format!("{address}/teams")] {
        let page = coach.get(&path).await.text;
        let said = "The game platform is not configured.";
        assert!(page.contains(said), "{path}: {page}");
    }
    app.finish().await;
}
