//! Reminders to submit, with two workers, one of which is killed again and again, and a deadline that moves.

use chrono::TimeDelta;
use futures_util::future::join_all;
use hackathons::actions::remind_due;
use platform::db::Sql as _;

use super::scene::{accepted, change, context};
use crate::process::{Sandbox, print_line};

const PEOPLE: usize = 200;

/// The reminders that people have.
const REMINDED: &str = "notifications WHERE kind = 'hackathon_reminder'";

/// Moves the deadline to an instant from now on.
async fn close_in(context: &platform::Context, time: TimeDelta) {
    let at = (context.now() + time).to_rfc3339();
    let set = format!(
        "submission_closes_at = '{at}', judging_opens_at = '{at}', judging_closes_at = '{at}'"
    );
    change(context, &set).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL"]
async fn each_person_gets_each_reminder_once() {
    let sandbox = Sandbox::new().await;
    let server = sandbox.serve(&["--no-jobs"]).await;
    let context = context(&sandbox).await;
    accepted(&context, PEOPLE).await;
    // They got their places long ago, so that no reminder is skipped.
    let tx = context.begin().await.expect("a transaction");
    let long_ago = context.now() - TimeDelta::days(20);
    let sql = "UPDATE applications SET status_at = $1, created_at = $1";
    tx.run(tx.statement(sql, [long_ago.into()])).await.expect("changed");
    tx.commit().await.expect("committed");
    let opened = "application_closes_at = created_at - interval '20 days', \
                  submission_opens_at = created_at - interval '20 days'";
    change(&context, opened).await;
    let steady = sandbox.worker().await;
    let mut killed = sandbox.worker().await;
    let mut kills = 0;
    // The reminder of 24 hours, then that of 6 hours before another deadline.
    for (reminders, time) in [(1, TimeDelta::hours(24)), (2, TimeDelta::hours(6))] {
        close_in(&context, time - TimeDelta::minutes(1)).await;
        // Two workers whose schedules begin at the same instant.
        for recorded in join_all([remind_due(&context), remind_due(&context)]).await {
            recorded.expect("recorded");
        }
        let expected = (reminders * PEOPLE) as i64;
        while sandbox.count(REMINDED).await < expected {
            // Dropping it is `kill -9`.
            drop(killed);
            killed = sandbox.worker().await;
            kills += 1;
        }
        sandbox.settled().await;
        assert_eq!(sandbox.count(REMINDED).await, expected);
        let others = format!(
            "(SELECT user_id FROM notifications WHERE kind = 'hackathon_reminder' \
             GROUP BY user_id HAVING count(*) <> {reminders}) AS others"
        );
        assert_eq!(sandbox.count(&others).await, 0);
    }
    print_line(format_args!("{PEOPLE} people have two reminders each, after {kills} kills"));
    drop((steady, killed, server));
    sandbox.remove().await;
}
