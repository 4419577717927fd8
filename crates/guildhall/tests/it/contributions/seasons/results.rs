//! The sign-off of a season, and what comes after.

use contributions::{
    actions::{
        NewSanction, RegistrationInput, add_organizer, change_season, register,
        remove_season_project, sanction, withdraw,
    },
    model::SanctionKind,
    reads,
};
use identity::model::Role;
use platform::{ActionError, audit::Actor::Operator};
use serde_json::json;

use super::{AUTUMN, merged, october, row, sign_off_season};
use crate::app::{TestApp, at};

/// A server with a season of two registered people, of whom one reached the goal of a merged pull request.
async fn scene() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.season(october()).await;
    for login in ["finch-ash", "wren-oak"] {
        app.browser_of(login).await;
        app.registers(login).await;
    }
    let own = merged(1, "wren-oak", "2026-10-02T08:00:00Z");
    let opened = crate::app::scenarios::Scenario::opened(
        &super::lantern(),
        2,
        &crate::app::scenarios::person("finch-ash"),
        "2026-10-02T08:00:00Z",
    );
    app.deliver_all(&[&own, &opened]).await;
    app
}

fn code<T: std::fmt::Debug>(result: Result<T, ActionError>) -> &'static str {
    match result.expect_err("refused") {
        ActionError::Refused(problem) => problem.code,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn results_are_final_only_when_points_can_no_longer_change() {
    let app = scene().await;
    for (now, expected) in
        [("2026-11-01T06:00:00Z", "SEASON_OPEN"), ("2026-11-08T11:59:59Z", "SEASON_OPEN")]
    {
        app.clock.set(at(now));
        let early = sign_off_season(app.context(), Operator, AUTUMN).await;
        assert_eq!(code(early), expected, "{now}");
    }
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let page = admin.get("/seasons/autumn/sign-off").await.text;
    assert!(page.contains("8 Nov 2026, 12:00 UTC"), "{page}");
    assert!(!page.contains("action=\"/seasons/autumn/sign-off\""), "{page}");
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    let shown = app.json("/api/v1/seasons/autumn/results").await;
    assert_eq!(shown["final_at"], "2026-11-08T12:00:00Z");
    assert_eq!(
        shown["items"],
        serde_json::json!([
            { "rank": 1, "login": "wren-oak", "points": 60, "merged": 1, "has_reached_goal": true },
            { "rank": 2, "login": "finch-ash", "points": 10, "merged": 0, "has_reached_goal": false },
        ])
    );
    let again = sign_off_season(app.context(), Operator, AUTUMN).await;
    assert_eq!(code(again), "SEASON_STATE");
    app.verify().await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_longer_maturing_window_closes_the_season_later() {
    let app = scene().await;
    let rules = contributions::actions::NewRules {
        document: r#"{"maturing_days": 14}"#.to_owned(),
        based_on: None,
    };
    contributions::actions::publish_rules(app.context(), Operator, "season", rules)
        .await
        .expect("published");
    app.work().await;
    app.clock.set(at("2026-11-15T11:59:59Z"));
    let early = sign_off_season(app.context(), Operator, AUTUMN).await;
    assert_eq!(code(early), "SEASON_OPEN");
    app.clock.set(at("2026-11-15T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn later_corrections_leave_a_note_and_the_results() {
    let app = scene().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
    let before = app.season_rows().await;
    assert_eq!(before, [row("wren-oak", 60, 1), row("finch-ash", 10, 0)]);
    let late = merged(3, "finch-ash", "2026-10-20T08:00:00Z");
    app.deliver_all(&[&late]).await;
    assert_eq!(app.season_rows().await, before);
    let shown = app.json("/api/v1/seasons/autumn/results").await;
    assert_eq!(shown["corrections"], 2);
    let page = app.get("/seasons/autumn/results").send().await.expect("a page");
    let page = page.text().await.expect("text");
    for words in ["Corrections since then", "finch-ash", "Award, merged", "+50"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    app.verify().await;
    // Points move all the same.
    let finch = app.json("/api/v1/people/finch-ash").await;
    assert_eq!(finch["points"], 70);
    // A rebuild keeps what is final.
    let tx = app.context().begin().await.expect("a transaction");
    recognition::actions::recount(&tx, app.context()).await.expect("recounted");
    tx.commit().await.expect("committed");
    assert_eq!(app.season_rows().await, before);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn waiting_reviews_and_pending_points_keep_results_from_being_final() {
    let app = scene().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    let admin = app.browser_with("rook-elm", Role::Admin).await;
    let path = "/api/v1/seasons/autumn/sign-off";
    let refused = admin.call("POST", path, Some(&json!({}))).await;
    refused.refuses(409, "SEASON_BLOCKED", "Pull requests that wait for a review: 1. Settle them");
    let minor = json!({ "open_flags": "They are minor.", "unreviewed_work": "It came too late." });
    app.change("UPDATE contributions SET merge_pending = 5 WHERE merged_at IS NOT NULL")
        .await
        .expect("pending");
    let refused = admin.call("POST", path, Some(&minor)).await;
    refused.refuses(409, "SEASON_BLOCKED", "pending points: 1. Settle them first.");
    app.change("UPDATE contributions SET merge_pending = 0").await.expect("posted");
    let signed = admin.call("POST", path, Some(&minor)).await;
    assert_eq!(signed.status, 200, "{}", signed.text);
    // Only what was needed is kept.
    let kept = "SELECT blocker || ' ' || reason AS value FROM sign_off_reasons";
    assert_eq!(app.values(kept).await, ["unreviewed_work It came too late."]);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn organizers_read_whom_to_ask_about_what_is_open() {
    let app = scene().await;
    app.browser_of("rook-elm").await;
    app.add_maintainer("season", "rook-elm").await;
    app.browser_of("elm-fir").await;
    add_organizer(app.context(), Operator, AUTUMN, "elm-fir").await.expect("an organizer");
    // Before the end of the season, and when it can be signed off.
    for now in ["2026-11-01T06:00:00Z", "2026-11-08T12:00:00Z"] {
        app.clock.set(at(now));
        let organizer = app.browser_of("elm-fir").await;
        let page = organizer.get("/seasons/autumn/sign-off").await.text;
        let (_, main) = page.split_once("<main").expect("a main part");
        let link = "/projects/season?state=review";
        for words in ["Ask the maintainers of these projects", "href=\"/people/rook-elm\"", link] {
            assert!(main.contains(words), "{now}: {words}: {main}");
        }
        for forbidden in ["href=\"/reviews\"", "href=\"/admin"] {
            assert!(!main.contains(forbidden), "{now}: {forbidden}: {main}");
        }
        assert_eq!(organizer.get(link).await.status, 200);
    }
    app.finish().await;
}

/// Returns the ranks, logins and points at a path of the API, in the order of the results.
async fn ranks(app: &TestApp, path: &str, list: &str) -> Vec<String> {
    let shown = app.json(path).await;
    let items = shown[list].as_array().expect("a list").iter();
    let line = |it: &serde_json::Value| {
        format!("{} {} {}", it["rank"], it["login"].as_str().unwrap_or_default(), it["points"])
    };
    items.map(line).collect()
}

#[tokio::test]
async fn decisions_after_the_sign_off_are_numbered_corrections() {
    let app = scene().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
    let (results, report) = ("/api/v1/seasons/autumn/results", "/api/v1/seasons/autumn/report");
    let signed = ["1 wren-oak 60", "2 finch-ash 10"];
    assert_eq!(ranks(&app, results, "items").await, signed);
    let page = app.get("/seasons/autumn/report").send().await.expect("a page");
    assert!(!page.text().await.expect("text").contains("Correction 1"));

    app.clock.set(at("2026-11-10T08:00:00Z"));
    app.deliver_all(&[&merged(3, "finch-ash", "2026-10-20T08:00:00Z")]).await;
    app.clock.set(at("2026-11-12T08:00:00Z"));
    app.deliver_all(&[&merged(4, "wren-oak", "2026-10-21T08:00:00Z")]).await;
    let first = ["1 finch-ash 70", "2 wren-oak 60"];
    let second = ["1 wren-oak 120", "2 finch-ash 70"];
    for (query, expected) in [
        ("", &signed),
        ("?correction=0", &signed),
        ("?correction=1", &first),
        ("?correction=2", &second),
    ] {
        assert_eq!(ranks(&app, &format!("{results}{query}"), "items").await, *expected, "{query}");
        assert_eq!(ranks(&app, &format!("{report}{query}"), "people").await, *expected, "{query}");
    }
    app.refuses(&format!("{results}?correction=3"), 404, "NOT_FOUND", "no correction 3").await;
    app.refuses(&format!("{report}?correction=3"), 404, "NOT_FOUND", "no correction 3").await;
    let shown = app.json(report).await;
    assert_eq!(
        shown["corrections"],
        json!([
            { "number": 1, "at": "2026-11-10T08:00:00Z", "people": 1 },
            { "number": 2, "at": "2026-11-12T08:00:00Z", "people": 1 },
        ])
    );
    assert_eq!(shown["reached_goal_count"], 1);
    let after = app.json(&format!("{report}?correction=1")).await;
    assert_eq!((&after["correction"], &after["reached_goal_count"]), (&json!(1), &json!(2)));
    let first_page = app.json(&format!("{results}?correction=1&limit=1")).await;
    assert_eq!(first_page["items"][0]["login"], "finch-ash");
    let cursor = first_page["next_cursor"].as_str().expect("a cursor");
    let next = format!("{results}?correction=1&limit=1&cursor={cursor}");
    assert_eq!(ranks(&app, &next, "items").await, first[1..]);

    let page = app.get("/seasons/autumn/report?correction=2").send().await.expect("a page");
    let page = page.text().await.expect("text");
    for words in ["At the sign-off", "Correction 1", "after correction 2", "120"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let csv = app.get("/seasons/autumn/results.csv?correction=1").send().await.expect("a file");
    let csv = csv.text().await.expect("text");
    assert!(csv.lines().nth(1).is_some_and(|line| line.contains("finch-ash")), "{csv}");
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn a_final_season_can_no_longer_be_changed() {
    let app = scene().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.work().await;
    let context = app.context();
    let wren = app.user_id_of("wren-oak").await;
    let changed = change_season(context, Operator, AUTUMN, october()).await;
    assert_eq!(code(changed), "SEASON_STATE");
    let removed = remove_season_project(context, Operator, AUTUMN, "season").await;
    assert_eq!(code(removed), "SEASON_STATE");
    assert_eq!(code(withdraw(context, wren, AUTUMN).await), "SEASON_STATE");
    let input = RegistrationInput {
        consent_version: 1,
        shares_email: true,
        ..RegistrationInput::default()
    };
    let registered = register(context, wren, AUTUMN, &input).await;
    assert_eq!(code(registered), "SEASON_STATE");
    let new = NewSanction {
        login: "wren-oak".to_owned(),
        kind: SanctionKind::Warning,
        reason: "Late".to_owned(),
    };
    let warned = sanction(context, Operator, AUTUMN, &new).await;
    assert_eq!(code(warned), "SEASON_STATE");
    app.finish().await;
}

#[tokio::test]
async fn banned_people_keep_their_number_without_their_name() {
    let app = scene().await;
    app.clock.set(at("2026-11-08T12:00:00Z"));
    sign_off_season(app.context(), Operator, AUTUMN).await.expect("signed off");
    app.ban("wren-oak").await;
    app.work().await;
    let shown = app.json("/api/v1/seasons/autumn/results").await;
    assert_eq!(
        (&shown["items"][0]["login"], &shown["items"][0]["points"]),
        (&"".into(), &60.into())
    );
    let board = app.json("/api/v1/leaderboards/seasons/autumn").await;
    assert_eq!(
        (&board["items"][0]["login"], &board["items"][0]["points"]),
        (&"".into(), &60.into())
    );
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn results_for_prizes_name_addresses_only_with_consent() {
    let app = scene().await;
    for login in ["finch-ash", "wren-oak"] {
        let sql = format!(
            "INSERT INTO user_emails (id, user_id, address, verified_at, created_at) SELECT id, id, '{login}@example.com', created_at, created_at FROM users WHERE login = '{login}'"
        );
        app.change(&sql).await.expect("an address");
    }
    let wren = app.user_id_of("wren-oak").await;
    let input = RegistrationInput {
        consent_version: 1,
        shares_email: true,
        ..RegistrationInput::default()
    };
    register(app.context(), wren, AUTUMN, &input).await.expect("registered");
    let season = reads::season(&app.context().db, AUTUMN).await;
    let season = season.expect("read").expect("a season");
    let rows = reads::prizes(&app.context().db, &season).await.expect("rows");
    let emails: Vec<_> = rows.iter().map(|row| (&*row.login, row.email.as_deref())).collect();
    assert_eq!(emails, [("wren-oak", Some("wren-oak@example.com")), ("finch-ash", None)]);
    app.work().await;
    app.finish().await;
}
