//! Checks of submissions while GitHub does not respond.

use super::submission_checks::{CODE, Checked, honest};

const ALERTS: &str = "SELECT count(*) FROM alerts WHERE kind = 'submission_checks' AND severity = 'high' \
                      AND resolved_at IS NULL";

#[tokio::test]
async fn checks_wait_out_an_outage_however_long_it_is() {
    let checked = Checked::start(&["ada"]).await;
    let (app, github) = (&checked.scene.app, &checked.scene.github);
    github.add_code(&honest(CODE, "ada")).expect("added");
    github.switch(|switches| switches.errors = 1.0);
    checked.submits("ada", CODE).await;
    for minute in 2..12 {
        checked.set(&format!("2026-11-15T08:{:02}:00Z", minute * 2));
        app.work().await;
    }
    let waiting = "SELECT count(*) FROM submission_checks WHERE due_at IS NOT NULL AND dead_at IS NULL \
                   AND attempts = 0 AND last_error IS NOT NULL";
    assert_eq!(app.count(waiting).await, 1, "ten attempts do not count");
    for (now, alerts) in [("2026-11-15T08:59:59Z", 0), ("2026-11-15T09:00:00Z", 1)] {
        checked.set(now);
        app.run_schedule("OperatorAlerts").await;
        assert_eq!(app.count(ALERTS).await, alerts, "{now}");
    }
    github.switch(|switches| switches.errors = 0.0);
    checked.set("2026-11-15T09:02:00Z");
    app.work().await;
    assert_eq!(checked.report("ada").await.checks().len(), 7);
    app.run_schedule("OperatorAlerts").await;
    assert_eq!(app.count(ALERTS).await, 0);
    checked.scene.app.abandon().await;
}
