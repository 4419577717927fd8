//! Opportunities follow from issues and their repositories.

use super::*;

#[tokio::test]
async fn issues_that_cannot_be_done_are_left_out() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let kept = reef.open(LANTERN, "Sort the stations by name", &["good first issue", "bug"]);
    let dropped = [
        reef.open(LANTERN, "Rewrite it in another language", &["wontfix"]),
        reef.open(LANTERN, "Which port does it use?", &["question"]),
    ];
    let assigned = reef.open(LANTERN, "Explain the tide table", &[]);
    reef.act(LANTERN, assigned, &IssueAct::Assigned("octavia".to_owned()));
    let locked = reef.open(LANTERN, "Print the last reading", &[]);
    reef.act(LANTERN, locked, &IssueAct::Locked);
    let linked = reef.open(LANTERN, "Name the missing field", &[]);
    let pull = reef.github.open_pull(LANTERN, "octavia", |pull| {
        pull.body = Some(format!("Closes #{linked}"));
    });
    pull.expect("opened");
    follow(&app, &[LANTERN]).await;
    assert_eq!(opportunities(&app).await, [format!("{kept} active")], "{dropped:?}");
    app.finish().await;
}

#[tokio::test]
async fn each_change_of_an_issue_is_followed() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let number = reef.open(LANTERN, "Sort the stations by name", &[]);
    follow(&app, &[LANTERN]).await;
    let mut steps = vec![
        (IssueAct::Assigned("octavia".to_owned()), "expired: it is assigned to someone"),
        (IssueAct::Unassigned("octavia".to_owned()), "active"),
        (IssueAct::Locked, "expired: its conversation is locked"),
        (IssueAct::Unlocked, "active"),
        (IssueAct::Closed(false), "expired: it is closed"),
        (IssueAct::Reopened, "active"),
        (IssueAct::Closed(true), "completed: it is closed"),
    ];
    for (act, expected) in steps.drain(..) {
        reef.pass(&app, TimeDelta::minutes(20));
        reef.act(LANTERN, number, &act);
        read_again(&app).await;
        assert_eq!(opportunities(&app).await, [format!("{number} {expected}")], "{act:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn an_archived_repository_and_time_end_them() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    let number = reef.open(LANTERN, "Sort the stations by name", &[]);
    follow(&app, &[LANTERN]).await;
    reef.pass(&app, TimeDelta::days(370));
    app.run_schedule("OpportunityReview").await;
    let expected = [format!("{number} expired: nothing happened to it for a year")];
    assert_eq!(opportunities(&app).await, expected);
    reef.act(LANTERN, number, &IssueAct::Commented("Still wanted".to_owned()));
    let now = reef.clock.now();
    reef.github.shape(LANTERN, |repo| repo.pushed_at = now).expect("known");
    read_again(&app).await;
    assert_eq!(opportunities(&app).await, [format!("{number} active")]);
    reef.pass(&app, TimeDelta::hours(1));
    reef.github.shape(LANTERN, |repo| repo.archived = true).expect("known");
    reef.act(LANTERN, number, &IssueAct::Commented("Too late".to_owned()));
    read_again(&app).await;
    let expected = [format!("{number} expired: its repository is archived")];
    assert_eq!(opportunities(&app).await, expected);
    app.finish().await;
}

#[tokio::test]
async fn the_health_of_a_repository_is_explained() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    follow(&app, &[LANTERN]).await;
    let sql =
        "SELECT CAST(documentation AS text) || ' ' || reasons AS value FROM repository_health";
    let health = app.values(sql).await;
    assert!(health[0].contains("It has a CONTRIBUTING file"), "{health:?}");
    app.finish().await;
}

#[tokio::test]
async fn changes_have_one_order() {
    let reef = Reef::new().await;
    let app = reef.server().await;
    for number in 0..5 {
        reef.open(LANTERN, &format!("Sort the stations by column {number}"), &[]);
    }
    follow(&app, &[LANTERN]).await;
    reef.pass(&app, TimeDelta::minutes(20));
    reef.act(LANTERN, 2, &IssueAct::Closed(true));
    read_again(&app).await;
    let sql = "SELECT CAST(number AS text) || ' ' || CAST(changed_seq AS text) AS value FROM opportunities ORDER BY number";
    assert_eq!(app.values(sql).await, ["1 1", "2 6", "3 3", "4 4", "5 5"]);
    app.finish().await;
}
