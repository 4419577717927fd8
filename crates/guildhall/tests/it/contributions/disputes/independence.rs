//! No one decides a dispute about their own decision, project or pull request: real people with real parts.

use contributions::model::ReviewAction;
use contributions::rules::disputes::DisputeStage;
use identity::model::Role;
use platform::audit::Actor;
use serde_json::json;

use super::*;
use crate::app::scenarios::Scenario;
use crate::app::scenarios::person;

/// A person, their role, and the code with which their decision is refused.
type Row = (&'static str, Role, &'static str);

/// Lets each person decide, and checks that all are refused.
async fn refuse_all(app: &TestApp, number: i64, is_appeal: bool, rows: &[Row]) {
    for (login, role, code) in rows {
        // Only admins decide appeals, whatever part others had.
        let code = if is_appeal && *role != Role::Admin { "ROLE_REQUIRED" } else { code };
        let browser = match role {
            Role::User => app.browser_of(login).await,
            _ => app.browser_with(login, *role).await,
        };
        let decision = json!({ "is_granted": false, "is_appeal": is_appeal, "reason": "No." });
        let refused = decides(&browser, number, &decision).await;
        assert_eq!(refused.status, 403, "{login}: {}", refused.text);
        assert!(refused.text.contains(code), "{login}: {}", refused.text);
        if *role != Role::User {
            let page = browser.get(&format!("/disputes/D-{number}")).await.text;
            assert!(!page.contains("name=\"outcome\""), "{login}: {page}");
        }
    }
}

/// Starts a server with an open pull request that is reviewed here and on GitHub, marked, merged, and flagged.
async fn reviewed() -> TestApp {
    let app = TestApp::of_lantern().await;
    app.browser_of(AUTHOR).await;
    let (lantern, by) = (repo(1, "lantern"), person(AUTHOR));
    let open =
        Scenario::opened(&lantern, 1, &by, "2026-10-30T08:00:00Z").approved("2026-10-30T09:00:00Z");
    app.deliver_all(&[&open]).await;
    app.know_reviewer("season", "keeper").await;
    for (login, action) in [
        ("reviewer", ReviewAction::Commented),
        ("rater", ReviewAction::Rated),
        ("marker", ReviewAction::MarkedSpam),
    ] {
        app.know_reviewer("season", login).await;
        app.review("lantern", 1, login, action).await.expect("given");
        app.remove_maintainer("season", login).await;
    }
    app.work().await;
    app
}

#[tokio::test]
async fn points_are_decided_by_people_without_a_part() {
    let app = reviewed().await;
    app.know_reviewer("season", "maintaining").await;
    // The flag concerns the pull request, because it is confirmed with it.
    app.browser_of("flagger").await;
    let flagger = Actor::Person(app.person_id("flagger").await);
    app.confirmed_flag(AUTHOR, flagger).await;
    let pull = app.pull_id("lantern", 1).await;
    let join = "INSERT INTO flags_on_pull_requests (flag_id, pull_request_id, is_spared) \
                SELECT flag_id, (SELECT id FROM pull_requests WHERE number = 1), true \
                FROM flags_on_pull_requests WHERE pull_request_id = \
                (SELECT id FROM pull_requests WHERE number = 101) \
                ON CONFLICT (flag_id, pull_request_id) DO NOTHING";
    app.change(join).await.expect("joined");
    app.browser_of("overrider").await;
    let overrider = Actor::Person(app.person_id("overrider").await);
    let input =
        OverrideInput { kind: OverrideKind::None, points: None, reason: "Copied".to_owned() };
    override_score(app.context(), overrider, pull, &input).await.expect("overridden");
    app.work().await;
    let number = app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    let rows = [
        (AUTHOR, Role::Admin, "OWN_DISPUTE"),
        ("maintaining", Role::Admin, "DISPUTE_INVOLVED"),
        ("reviewer", Role::Admin, "DISPUTE_INVOLVED"),
        ("rater", Role::Moderator, "DISPUTE_INVOLVED"),
        ("marker", Role::Moderator, "DISPUTE_INVOLVED"),
        ("maintainer", Role::Admin, "DISPUTE_INVOLVED"),
        ("flagger", Role::Moderator, "DISPUTE_INVOLVED"),
        ("overrider", Role::Admin, "DISPUTE_INVOLVED"),
        ("stranger", Role::User, "ROLE_REQUIRED"),
    ];
    refuse_all(&app, number, false, &rows).await;
    let first = app.browser_with("first", Role::Admin).await;
    assert_eq!(decides(&first, number, &upheld()).await.status, 204);
    let author = app.user(AUTHOR).await;
    appeal(app.context(), author, number, "Wrong.").await.expect("appealed");
    refuse_all(&app, number, true, &rows).await;
    let more =
        [("first", Role::Admin, "DISPUTE_INVOLVED"), ("second", Role::Moderator, "ROLE_REQUIRED")];
    refuse_all(&app, number, true, &more).await;
    let last = app.browser_with("last", Role::Admin).await;
    let appealed = json!({ "is_granted": true, "is_appeal": true, "points": 9, "reason": "Yes." });
    assert_eq!(decides(&last, number, &appealed).await.status, 204);
    app.work().await;
    assert_eq!(score(&app, 1).await, 9);
    app.verify().await;
    app.finish().await;
}

#[tokio::test]
async fn points_of_an_excluded_repository_are_decided_by_people_without_a_part() {
    let app = scene().await;
    let reporter = app.browser_with("reporter", Role::Moderator).await;
    let junk = json!({
        "repository": "octo-org/lantern", "reason": "junk_repository", "words": "No one reads it."
    });
    let reported = reporter.call("POST", "/api/v1/reports", Some(&junk)).await;
    assert_eq!(reported.status, 201, "{}", reported.text);
    let excluder = app.browser_with("excluder", Role::Moderator).await;
    let path = "/api/v1/admin/repositories/1/exclusion";
    let reason = json!({ "reason": "Made to be farmed" });
    let excluded = excluder.call("PUT", path, Some(&reason)).await;
    assert_eq!(excluded.status, 204, "{}", excluded.text);
    app.work().await;
    let number = app.disputes(AUTHOR, DisputeKind::Score, "octo-org/lantern#1").await;
    let rows = [
        ("reporter", Role::Moderator, "DISPUTE_INVOLVED"),
        ("excluder", Role::Moderator, "DISPUTE_INVOLVED"),
    ];
    refuse_all(&app, number, false, &rows).await;
    let first = app.browser_with("first", Role::Moderator).await;
    assert_eq!(decides(&first, number, &upheld()).await.status, 204);
    app.finish().await;
}

#[tokio::test]
async fn flags_are_decided_by_people_without_a_part() {
    let app = scene().await;
    app.browser_of("flagger").await;
    let flagger = Actor::Person(app.person_id("flagger").await);
    let flag = app.confirmed_flag(AUTHOR, flagger).await;
    app.know_reviewer("season", "maintaining").await;
    let number = app.disputes(AUTHOR, DisputeKind::Flag, &format!("F-{flag}")).await;
    let rows = [
        (AUTHOR, Role::Admin, "OWN_DISPUTE"),
        ("flagger", Role::Admin, "DISPUTE_INVOLVED"),
        ("maintaining", Role::Moderator, "DISPUTE_INVOLVED"),
        ("stranger", Role::User, "ROLE_REQUIRED"),
    ];
    refuse_all(&app, number, false, &rows).await;
    let first = app.browser_with("first", Role::Moderator).await;
    assert_eq!(decides(&first, number, &upheld()).await.status, 204);
    app.finish().await;
}

#[tokio::test]
async fn sanctions_are_decided_by_people_without_a_part() {
    let app = scene().await;
    app.season(super::super::seasons::october()).await;
    app.browser_of("organizer").await;
    let organizer = Actor::Person(app.person_id("organizer").await);
    let warning = app.warns(AUTHOR, organizer).await;
    let number = app.disputes(AUTHOR, DisputeKind::Sanction, &warning).await;
    let rows = [
        (AUTHOR, Role::Admin, "OWN_DISPUTE"),
        ("organizer", Role::Admin, "DISPUTE_INVOLVED"),
        ("stranger", Role::User, "ROLE_REQUIRED"),
    ];
    refuse_all(&app, number, false, &rows).await;
    app.browser_of("first").await;
    let decided = app.decides("first", number, DisputeStage::Dispute, false).await;
    decided.expect("decided");
    app.finish().await;
}

#[tokio::test]
async fn bans_are_decided_by_people_without_a_part() {
    let app = scene().await;
    app.browser_of("banner").await;
    let banner = Actor::Person(app.person_id("banner").await);
    identity::actions::ban(app.context(), banner, AUTHOR, "Spam", None).await.expect("banned");
    let ban = app.current_ban(AUTHOR).await;
    let number = app.disputes(AUTHOR, DisputeKind::Ban, &ban).await;
    let rows = [
        (AUTHOR, Role::Admin, "BANNED"),
        ("banner", Role::Admin, "DISPUTE_INVOLVED"),
        ("stranger", Role::User, "ROLE_REQUIRED"),
    ];
    refuse_all(&app, number, false, &rows).await;
    let first = app.browser_with("first", Role::Moderator).await;
    assert_eq!(decides(&first, number, &upheld()).await.status, 204);
    let author = app.user(AUTHOR).await;
    appeal(app.context(), author, number, "Wrong.").await.expect("appealed");
    refuse_all(&app, number, true, &rows).await;
    let more =
        [("first", Role::Admin, "DISPUTE_INVOLVED"), ("second", Role::Moderator, "ROLE_REQUIRED")];
    refuse_all(&app, number, true, &more).await;
    let last = app.browser_with("last", Role::Admin).await;
    let appealed = json!({ "is_granted": true, "is_appeal": true, "reason": "Yes." });
    assert_eq!(decides(&last, number, &appealed).await.status, 204);
    let author = app.browser_of(AUTHOR).await;
    assert_eq!(author.json("/api/v1/me").await["login"], AUTHOR);
    app.work().await;
    app.finish().await;
}
