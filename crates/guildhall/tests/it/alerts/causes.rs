//! The cause of each kind of alert: a test makes it, sees the alert, and sees that it ends with its cause. Here are
//! those that belong to no other subject; [`TESTS`] names the others.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use guildhall::MODULES;
use platform::processes::{Life, OwnProcess};
use testkit::fake_post::FakePost;

use super::{check_alerts, scene};
use crate::app::{TestApp, scenarios::delivery};

/// For each kind, the file and the name of the test that makes its cause.
const TESTS: &[(&str, &str, &str)] = &[
    ("api_errors", "alerts/traffic.rs", "each_condition_has_its_channels_and_ends"),
    (
        "availability",
        "alerts/traffic.rs",
        "failing_requests_of_all_processes_alert_operators_until_they_end",
    ),
    ("backup_old", "backup/scheduled.rs", "operators_learn_that_backups_fail"),
    ("daily_active_people", "alerts/traffic.rs", "half_of_the_people_stay_away"),
    ("database_connections", "alerts/traffic.rs", "each_condition_has_its_channels_and_ends"),
    ("database_cost", "operations/costs.rs", "a_database_far_over_its_budget_alerts_operators"),
    ("database_unreachable", "alerts/direct.rs", "each_process_reports_once_what_cannot_be_stored"),
    (
        "dead_letters",
        "alerts/mod.rs",
        "dead_letters_and_failing_schedules_are_sent_to_slack_and_email",
    ),
    ("disk_full", "alerts/direct.rs", "each_process_reports_once_what_cannot_be_stored"),
    ("disk_space", "alerts/causes.rs", "little_space_is_left"),
    (
        "error_rate",
        "alerts/traffic.rs",
        "failing_requests_of_all_processes_alert_operators_until_they_end",
    ),
    ("game_platform_sync", "ctf/sync_runs.rs", "a_long_run_alerts_operators_until_it_ends"),
    ("language_model", "discovery/model/page.rs", "many_failures_raise_an_alert_and_a_fault"),
    (
        "ledger_mismatch",
        "alerts/mod.rs",
        "a_ledger_mismatch_alerts_operators_once_and_is_then_resolved",
    ),
    ("no_deliveries", "alerts/causes.rs", "github_delivers_nothing"),
    ("no_jobs", "alerts/causes.rs", "the_last_worker_ends"),
    ("outbox_waiting", "alerts/mod.rs", "waiting_emails_are_reported_by_another_channel_too"),
    ("page_cache", "alerts/traffic.rs", "each_condition_has_its_channels_and_ends"),
    ("queue_late", "alerts/causes.rs", "a_delivery_waits_for_an_hour"),
    ("refused_signatures", "alerts/causes.rs", "deliveries_have_wrong_signatures"),
    ("response_time", "alerts/traffic.rs", "each_condition_has_its_channels_and_ends"),
    (
        "reward_fulfillment",
        "hackathons/rewards.rs",
        "operators_are_alerted_while_a_reward_is_awaited_for_two_weeks",
    ),
    (
        "reward_stock",
        "hackathons/rewards.rs",
        "operators_are_alerted_while_few_are_left_of_a_reward",
    ),
    (
        "schedule_failing",
        "alerts/mod.rs",
        "dead_letters_and_failing_schedules_are_sent_to_slack_and_email",
    ),
    ("service_failing", "alerts/causes.rs", "the_mail_server_fails"),
    (
        "settlement_waiting",
        "contributions/settlement.rs",
        "operators_are_alerted_after_fifteen_minutes",
    ),
    (
        "submission_checks",
        "hackathons/check_outages.rs",
        "checks_wait_out_an_outage_however_long_it_is",
    ),
    (
        "submission_deadlines",
        "hackathons/submissions.rs",
        "operators_are_alerted_when_a_deadline_freezes_nothing",
    ),
    (
        "text_messages",
        "notifications/phones.rs",
        "all_people_together_get_a_number_of_text_messages_a_day",
    ),
    ("two_keys", "alerts/causes.rs", "two_processes_have_different_keys"),
    (
        "webhook_errors",
        "inbox/dead_letters.rs",
        "operators_are_alerted_when_more_than_a_tenth_fails",
    ),
    ("wrong_clock", "alerts/direct.rs", "each_process_reports_once_what_cannot_be_stored"),
];

#[test]
fn each_kind_has_a_test_that_makes_its_cause() {
    let rules = MODULES.iter().flat_map(|module| module.alerts);
    let declared: BTreeSet<&str> = rules.map(|rule| rule.kind).collect();
    let tested: BTreeSet<&str> = TESTS.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(declared, tested);
    for (kind, file, test) in TESTS {
        let path = format!("{}/tests/it/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(&path).expect(file);
        assert!(text.contains(&format!("async fn {test}()")), "{kind}: {file} has no {test}");
    }
}

/// The channels of an alert that is medium, high or critical, sorted.
pub(crate) const MEDIUM: &[&str] = &["email"];
const HIGH: &[&str] = &["email", "slack"];
const CRITICAL: &[&str] = &["email", "slack", "sms"];

/// A server whose operators await an alert.
pub(crate) struct Awaited {
    pub(crate) app: TestApp,
    kind: &'static str,
    channels: &'static [&'static str],
    _post: FakePost,
}

impl Awaited {
    pub(crate) async fn of(kind: &'static str, channels: &'static [&'static str]) -> Self {
        let (post, app) = scene().await;
        check_alerts(&app).await;
        let awaited = Self { app, kind, channels, _post: post };
        awaited.is_open(0).await;
        awaited
    }

    async fn is_open(&self, incidents: i64) {
        let kind = self.kind;
        let open =
            format!("SELECT count(*) FROM alerts WHERE kind = '{kind}' AND resolved_at IS NULL");
        assert_eq!(self.app.count(&open).await, incidents, "{kind}");
    }

    /// Checks by which channels messages of a turn, `raised` or `resolved`, were sent.
    async fn is_sent(&self, turn: &str) {
        let kind = self.kind;
        let sent = format!(
            "SELECT DISTINCT channel AS value FROM outbox_messages WHERE kind = '{kind}' \
             AND occurrence LIKE '{turn}%' AND completed_at IS NOT NULL AND dead_at IS NULL ORDER BY value"
        );
        assert_eq!(self.app.values(&sent).await, self.channels, "{kind} {turn}");
    }

    /// Checks that the incident is noticed, and sent once.
    pub(crate) async fn begins(&self) {
        for _ in 0..2 {
            check_alerts(&self.app).await;
            self.is_open(1).await;
            self.is_sent("raised").await;
        }
    }

    /// Checks that the incident is over, and that this is sent.
    pub(crate) async fn ends(&self) {
        check_alerts(&self.app).await;
        self.is_open(0).await;
        self.is_sent("resolved").await;
    }

    /// Begins a process.
    async fn process(&self, kind: &'static str) -> Life {
        let does_jobs = kind == "worker";
        let own = OwnProcess { kind, version: "0.1.0+abc1234", does_jobs };
        Life::begin(&self.app.server, own).await
    }

    async fn change(&self, sql: &str) {
        self.app.change(sql).await.expect("changed");
    }
}

#[tokio::test]
async fn the_last_worker_ends() {
    let awaited = Awaited::of("no_jobs", CRITICAL).await;
    let server = awaited.process("serve --no-jobs").await;
    awaited.process("worker").await.end().await;
    awaited.app.clock.advance(TimeDelta::seconds(61));
    awaited.begins().await;
    let worker = awaited.process("worker").await;
    awaited.ends().await;
    server.end().await;
    worker.end().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn a_delivery_waits_for_an_hour() {
    let awaited = Awaited::of("queue_late", HIGH).await;
    awaited.app.deliver(&[delivery("ping", "{}")]).await;
    awaited.app.clock.advance(TimeDelta::minutes(61));
    let worker = awaited.process("worker").await;
    let earlier =
        "UPDATE processes SET created_at = (SELECT min(created_at) FROM webhook_deliveries)";
    awaited.change(earlier).await;
    super::run(&awaited.app, "OperatorAlerts").await.expect("looked");
    awaited.is_open(1).await;
    // Whoever sends the alert takes the delivery, too.
    awaited.app.work().await;
    awaited.is_sent("raised").await;
    awaited.ends().await;
    worker.end().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn little_space_is_left() {
    let awaited = Awaited::of("disk_space", HIGH).await;
    let worker = awaited.process("worker").await;
    let low = "'0.9 of 40.0 GiB are free in /srv/guildhall'";
    awaited.change(&format!("UPDATE processes SET low_disk = {low}")).await;
    awaited.begins().await;
    awaited.change("UPDATE processes SET low_disk = NULL").await;
    awaited.ends().await;
    worker.end().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn the_mail_server_fails() {
    let awaited = Awaited::of("service_failing", HIGH).await;
    let worker = awaited.process("worker").await;
    awaited.change("UPDATE processes SET failing_services = 'email: It does not respond'").await;
    awaited.begins().await;
    awaited.change("UPDATE processes SET failing_services = ''").await;
    awaited.ends().await;
    worker.end().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn deliveries_have_wrong_signatures() {
    let awaited = Awaited::of("refused_signatures", MEDIUM).await;
    for _ in 0..10 {
        let delivery = delivery("ping", "{}");
        let mut request = awaited.app.post("/api/v1/webhooks/github");
        for (name, value) in delivery.headers("a secret of someone else", None) {
            request = request.header(name, value);
        }
        let answer = request.body(delivery.bytes().to_vec()).send().await.expect("an answer");
        assert_eq!(answer.status(), 401);
    }
    let server = awaited.process("serve").await;
    awaited.begins().await;
    server.end().await;
    awaited.ends().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn two_processes_have_different_keys() {
    let awaited = Awaited::of("two_keys", CRITICAL).await;
    let (server, worker) =
        (awaited.process("serve --no-jobs").await, awaited.process("worker").await);
    awaited.change("UPDATE processes SET key_fingerprint = 'another' WHERE kind = 'worker'").await;
    awaited.begins().await;
    worker.end().await;
    awaited.ends().await;
    server.end().await;
    awaited.app.finish().await;
}

#[tokio::test]
async fn github_delivers_nothing() {
    let awaited = Awaited::of("no_deliveries", HIGH).await;
    for _ in 0..10 {
        awaited.app.deliver(&[delivery("ping", "{}")]).await;
        awaited.app.clock.advance(TimeDelta::minutes(10));
    }
    awaited.app.work().await;
    awaited.app.clock.advance(TimeDelta::hours(6));
    let worker = awaited.process("worker").await;
    awaited.begins().await;
    awaited.app.deliver(&[delivery("ping", "{}")]).await;
    awaited.ends().await;
    worker.end().await;
    awaited.app.finish().await;
}
