use serde_json::json;

use super::{SCORED, notify_person};
use crate::app::{TestApp, at};

const PATH: &str = "/api/v1/me/notification-settings";

#[tokio::test]
async fn settings_start_with_defaults_and_keep_changes() {
    let (app, _) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    let usual = json!({
        "timezone": "UTC", "quiet_from": null, "quiet_until": null, "daily_cap": 20,
        "email": {
            "badge_earned": "digest", "badge_revoked": "instant", "badges_found": "off", "digest": "instant",
            "fair_play_flags": "instant", "feedback_answered": "instant",
            "dispute_opened": "digest", "dispute_updated": "instant", "score_decision": "instant",
            "github_disconnected": "instant", "maintainer_added": "instant", "new_device": "instant",
            "project_transferred": "instant",
            "identity_changed": "instant", "pull_request_idle": "digest", "pull_request_reviewed": "instant",
            "ctf_consents": "instant", "ctf_milestones": "digest", "ctf_own_week": "instant", "ctf_reminder": "instant",
            "ctf_roster_week": "instant",
            "friend_accepted": "digest", "friend_request": "instant",
            "hackathon_application": "instant", "hackathon_changed": "instant",
            "hackathon_reminder": "instant", "hackathon_submission": "instant",
            "hackathon_results": "instant", "hackathon_prize": "instant", "prize_overdue": "instant",
            "hackathon_announcement": "instant", "hackathon_help": "off", "hackathon_phase": "off",
            "hackathon_survey": "instant", "claim": "instant", "issue_picks": "instant", "good_match": "instant",
            "pull_request_scored": "digest", "review_idle": "instant", "role_changed": "instant",
            "refresh_token_reused": "instant", "report_outcome": "instant", "repository_disconnected": "instant",
            "reward_redemption": "instant", "reward_overdue": "instant",
            "season_ends_soon": "instant", "season_registered": "instant", "season_results": "instant",
            "season_rules": "instant",
            "season_sanction": "instant", "second_factor_changed": "instant", "team_invitation": "instant", "token_created": "instant", "webhook_disabled": "instant"
        },
        "push": {
            "fair_play_flags": "instant", "feedback_answered": "instant",
            "dispute_updated": "instant", "score_decision": "instant",
            "friend_request": "instant",
            "hackathon_application": "instant", "hackathon_changed": "instant",
            "claim": "instant", "good_match": "instant", "hackathon_reminder": "instant", "hackathon_submission": "instant",
            "hackathon_prize": "instant", "prize_overdue": "instant",
            "hackathon_announcement": "instant", "hackathon_help": "instant",
            "badge_earned": "instant", "badge_revoked": "instant", "github_disconnected": "instant",
            "identity_changed": "instant", "maintainer_added": "instant", "new_device": "instant",
            "project_transferred": "instant",
            "pull_request_reviewed": "instant", "pull_request_scored": "instant", "review_idle": "instant",
            "role_changed": "instant", "refresh_token_reused": "instant", "report_outcome": "instant", "repository_disconnected": "instant",
            "reward_redemption": "instant", "reward_overdue": "instant",
            "season_ends_soon": "instant", "season_results": "instant", "season_rules": "instant", "season_sanction": "instant",
            "second_factor_changed": "instant", "team_invitation": "instant", "token_created": "instant",
            "webhook_disabled": "instant"
        }
    });
    let mut usual = usual;
    // Webhooks get every kind but the digest.
    let kinds = usual["email"].as_object().expect("kinds").keys();
    let kinds = kinds.filter(|kind| *kind != "digest");
    let hooked: serde_json::Map<_, _> =
        kinds.map(|kind| (kind.clone(), json!("instant"))).collect();
    usual["webhook"] = hooked.into();
    // Phones can get the kinds that browsers get. Only those of security are on.
    let security = [
        "identity_changed",
        "new_device",
        "refresh_token_reused",
        "role_changed",
        "second_factor_changed",
        "token_created",
    ];
    let mode = |kind: &String| match security.contains(&kind.as_str()) {
        true => json!("instant"),
        false => json!("off"),
    };
    let kinds = usual["push"].as_object().expect("kinds").keys();
    let texted: serde_json::Map<_, _> = kinds.map(|kind| (kind.clone(), mode(kind))).collect();
    usual["sms"] = texted.into();
    assert_eq!(browser.json(PATH).await, usual);
    let chosen = json!({
        "timezone": "Asia/Tokyo", "quiet_from": "22:00", "quiet_until": "07:30", "daily_cap": 3,
        "email": { "pull_request_scored": "off" }, "push": { "maintainer_added": "off" }
    });
    let kept = browser.call("PUT", PATH, Some(&chosen)).await.json();
    assert_eq!(kept["email"]["pull_request_scored"], "off");
    assert_eq!(kept["email"]["maintainer_added"], "instant");
    assert_eq!(kept["push"]["maintainer_added"], "off");
    assert_eq!(kept["push"]["pull_request_scored"], "instant");
    for key in ["timezone", "quiet_from", "quiet_until", "daily_cap"] {
        assert_eq!(kept[key], chosen[key], "{key}");
    }
    assert_eq!(browser.json(PATH).await, kept);
    let other = app.browser_of("finch-ash").await;
    assert_eq!(other.json(PATH).await, usual, "settings are per person");
    app.finish().await;
}

#[tokio::test]
async fn invalid_settings_are_refused_and_change_nothing() {
    let (app, _) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    for (wrong, code) in [
        (json!({ "daily_cap": 0 }), "BAD_CAP"),
        (json!({ "daily_cap": 101 }), "BAD_CAP"),
        (json!({ "daily_cap": 5, "quiet_from": "22:00" }), "BAD_TIME"),
        (json!({ "daily_cap": 5, "quiet_from": "25:00", "quiet_until": "07:00" }), "BAD_TIME"),
        (json!({ "daily_cap": 5, "timezone": "Moon/Crater" }), "NO_SUCH_TIMEZONE"),
        (json!({ "daily_cap": 5, "email": { "gossip": "off" } }), "NO_SUCH_KIND"),
        (json!({ "daily_cap": 5, "email": { "pull_request_scored": "maybe" } }), "NO_SUCH_MODE"),
        (json!({ "daily_cap": 5, "email": { "new_device": "off" } }), "SECURITY_NOTIFICATION"),
        (json!({ "daily_cap": 5, "push": { "new_device": "off" } }), "SECURITY_NOTIFICATION"),
        (json!({ "daily_cap": 5, "push": { "digest": "instant" } }), "NO_SUCH_MODE"),
        (json!({ "daily_cap": 5, "push": { "gossip": "off" } }), "NO_SUCH_KIND"),
    ] {
        let refused = browser.call("PUT", PATH, Some(&wrong)).await;
        refused.refuses(422, code, "");
    }
    assert_eq!(browser.json(PATH).await["daily_cap"], 20);
    app.finish().await;
}

#[tokio::test]
async fn quiet_hours_and_the_daily_cap_delay_all_but_security_messages() {
    let (app, mailbox) = TestApp::mailing().await;
    let browser = app.browser_of("wren-oak").await;
    app.verify_address("wren-oak").await;
    let chosen = json!({
        "timezone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00", "daily_cap": 2,
        "email": { "pull_request_scored": "instant" }
    });
    assert_eq!(browser.call("PUT", PATH, Some(&chosen)).await.status, 200);
    app.clock.set(at("2026-11-02T22:30:00Z"));
    assert!(notify_person(&app, "wren-oak", &SCORED, "night").await);
    assert!(notify_person(&app, "wren-oak", &notifications::model::NEW_DEVICE, "alarm").await);
    app.work().await;
    assert_eq!(mailbox.subjects(), ["wren-oak@oak.example: You have a new role: alarm"]);
    app.clock.set(at("2026-11-03T06:00:00Z"));
    app.work().await;
    assert_eq!(mailbox.taken().len(), 2, "at seven in Berlin");
    app.clock.set(at("2026-11-03T12:00:00Z"));
    for news in ["three", "four", "five"] {
        assert!(notify_person(&app, "wren-oak", &SCORED, news).await);
    }
    app.work().await;
    assert_eq!(mailbox.taken().len(), 4, "the daily cap of two");
    let waits = "SELECT title AS value FROM notifications WHERE digest_at IS NOT NULL";
    assert_eq!(app.values(waits).await, ["You have a new role: five"]);
    app.finish().await;
}
