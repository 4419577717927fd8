//! The budget of a day is never exceeded, also by several workers at once, and continues on the next day.

use super::*;

const ISSUES: usize = 24;

/// A server with many issues that are not analyzed yet, and a budget for some calls.
async fn scene_with(budget: u64) -> (Reef, FakeOpenai, TestApp) {
    let reef = Reef::new().await;
    let openai = FakeOpenai::start().await.expect("a port");
    // Without counts, each call costs the most.
    openai.switch(|own| (own.uncounted, own.latency) = (true, 20));
    let own = configure(&openai);
    let app = reef
        .server_with(|config| {
            own(config);
            config.ai_daily_budget = budget;
        })
        .await;
    for number in 0..ISSUES {
        reef.open(LANTERN, &format!("Sort column {number}"), &[]);
    }
    (reef, openai, app)
}

#[tokio::test]
async fn workers_at_once_stop_exactly_at_the_budget() {
    let (reef, openai, other) = scene_with(0).await;
    other.abandon().await;
    let app = reef.server().await;
    follow(&app, &[LANTERN]).await;
    let budget = 7 * MOST + MOST / 2;
    let process = || {
        let own = configure(&openai);
        app.sibling_with(move |config| {
            own(config);
            config.ai_daily_budget = budget;
        })
    };
    let servers = [process().await, process().await, process().await];
    let runners = servers.each_ref().map(TestApp::jobs);
    let mut ended = false;
    for _ in 0..1_500 {
        let spent = cost(&app).await;
        assert!(spent <= budget, "{spent} of {budget}");
        ended = analyzed(&app).await == 7;
        if ended {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(ended, "{} analyzed", analyzed(&app).await);
    // The workers look for more a few times.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    for runner in runners {
        runner.stop().await;
    }
    assert_eq!(cost(&app).await, 7 * MOST);
    assert_eq!((openai.usage().requests, analyzed(&app).await), (7, 7));
    for server in servers {
        server.context.db.close().await;
    }
    app.abandon().await;
}

async fn analyzed(app: &TestApp) -> usize {
    let sql = "SELECT content_digest AS value FROM model_analyses WHERE analysis IS NOT NULL";
    app.values(sql).await.len()
}

#[tokio::test]
async fn calls_continue_on_the_next_day() {
    let (reef, openai, app) = scene_with(5 * MOST).await;
    follow(&app, &[LANTERN]).await;
    assert_eq!(analyzed(&app).await, 5);
    let alerts =
        "SELECT title AS value FROM alerts WHERE kind = 'language_model' AND resolved_at IS NULL";
    app.run_schedule("OperatorAlerts").await;
    let raised = app.values(alerts).await;
    assert!(raised[0].contains("has used up the budget of the day"), "{raised:?}");
    reef.pass(&app, TimeDelta::hours(23));
    app.work().await;
    assert_eq!(analyzed(&app).await, 10, "the next day has a budget of its own");
    reef.pass(&app, TimeDelta::minutes(30));
    app.work().await;
    assert_eq!((analyzed(&app).await, openai.usage().requests), (10, 10));
    app.abandon().await;
}

#[tokio::test]
async fn a_budget_of_nothing_asks_nothing() {
    let (_reef, openai, app) = scene_with(0).await;
    follow(&app, &[LANTERN]).await;
    assert_eq!(openai.usage().requests, 0);
    app.finish().await;
}
