//! Two workers that are killed again and again send each digest and each notice of a new issue once.

use chrono::TimeDelta;
use discovery::rules::preferences::StatedPreferences;
use identity::{
    actions::sign_in,
    model::{AccountKind, Device, GithubAccount},
};
use platform::{Context, audit::Actor, db::Sql as _, jobs};
use testkit::fake_smtp::FakeSmtp;

use crate::{
    app::at,
    discovery::claims::rows,
    process::{Sandbox, program::Program},
};

const PEOPLE: usize = 12;

/// The new issues, and how many of them a person wants to know of in a day.
const NEW: usize = 3;
const MOST_A_DAY: usize = 2;

/// Something that a schedule sends.
struct Sent {
    schedule: &'static str,
    /// The kind of the notice, and how many of them each person gets.
    kind: &'static str,
    each: usize,
    /// The points at which both workers of a round are killed.
    rounds: [&'static str; 3],
}

/// Adds people, each with an address. They want digests, and one is due, or they want to know of new issues.
async fn people(context: &Context, sent: &Sent) {
    let mut people = Vec::new();
    for number in 1..=PEOPLE {
        let login = format!("person-{number}");
        let since = at("2020-01-01T00:00:00Z");
        let account = GithubAccount::new(number as i64, login, AccountKind::User, since);
        let signed_in = sign_in(context, account, &Device::default(), None).await;
        people.push(signed_in.expect("signed in").user_id);
    }
    let tx = context.begin().await.expect("a transaction");
    let sql = "INSERT INTO user_emails (id, created_at, user_id, address, verified_at) \
               SELECT id, created_at, id, login || '@oak.example', created_at FROM users";
    tx.run(tx.statement(sql, [])).await.expect("addresses");
    tx.commit().await.expect("committed");
    let due = context.now() - TimeDelta::minutes(1);
    let has_digest = sent.schedule == "IssueDigests";
    for person in people {
        let stated = StatedPreferences {
            min_impact: Some(0.0),
            digest: Some(if has_digest { "daily" } else { "never" }.to_owned()),
            digest_time: Some(due.format("%H:%M").to_string()),
            instant_threshold: (!has_digest).then_some(0.1),
            most_a_day: Some(MOST_A_DAY as i64),
            ..StatedPreferences::default()
        };
        let stored = discovery::actions::state_preferences(context, person, &stated);
        stored.await.expect("stored");
    }
    // Issues of much worth, and the digest of today instead of tomorrow's.
    let tx = context.begin().await.expect("a transaction");
    tx.run(tx.statement("UPDATE opportunities SET overall = 1000", [])).await.expect("worthy");
    let sql = "UPDATE discovery_preferences SET next_digest_at = $1 WHERE digest = 'daily'";
    let minute = due.format("%Y-%m-%dT%H:%M:00Z").to_string();
    let minute: kernel::Timestamp = minute.parse().expect("an instant");
    tx.run(tx.statement(sql, [minute.into()])).await.expect("due");
    tx.commit().await.expect("committed");
}

/// Starts a worker that sends email, and kills itself if a plan says so.
fn worker(sandbox: &Sandbox, mail: &FakeSmtp, plan: Option<&str>) -> Program {
    let mut command = sandbox.command(&["worker"]);
    command.env("SMTP_URL", mail.url()).env("GUILDHALL_MAIL_FROM", "guildhall@guild.example");
    sandbox.start(&mut command, plan)
}

async fn ask(context: &Context, schedule: &'static str) {
    // It may wait already.
    let asked = jobs::ask(context, Actor::Operator, schedule).await;
    asked.expect("asked");
}

/// Lets workers be killed while they send, and returns the recipients of the emails.
async fn sent_once(sent: Sent) -> Vec<Vec<String>> {
    let (sandbox, mail) = (Sandbox::new().await, FakeSmtp::start().await);
    let (context, mail) = (sandbox.context(), mail.expect("a port"));
    for _ in 0..NEW {
        rows::free_in(&context).await;
    }
    people(&context, &sent).await;
    for plan in sent.rounds {
        ask(&context, sent.schedule).await;
        for worker in [0, 1].map(|_| worker(&sandbox, &mail, Some(plan))) {
            worker.killed().await;
        }
    }
    ask(&context, sent.schedule).await;
    let last = worker(&sandbox, &mail, None);
    let undone = format!("jobs WHERE name = '{}' AND completed_at IS NULL", sent.schedule);
    for table in [&*undone, "outbox_messages WHERE completed_at IS NULL"] {
        sandbox.counts(table, 0).await;
    }
    drop(last);
    let all = (PEOPLE * sent.each) as i64;
    assert_eq!(sandbox.count("notifications").await, all);
    let complete = format!(
        "(SELECT user_id FROM notifications WHERE kind = '{}' GROUP BY user_id HAVING count(*) = {}) people",
        sent.kind, sent.each
    );
    assert_eq!(sandbox.count(&complete).await, PEOPLE as i64);
    sandbox.remove().await;
    let taken = mail.taken().into_iter();
    taken.map(|mail| mail.recipients).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(debug_assertions), ignore = "only debug builds can be killed by plan")]
async fn killed_workers_send_each_digest_once() {
    let mut recipients = sent_once(Sent {
        schedule: "IssueDigests",
        kind: "issue_picks",
        each: 1,
        rounds: ["digests.before_commit:2", "digests.after_commit:1", "digests.before_commit:1"],
    })
    .await;
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), PEOPLE);
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(not(debug_assertions), ignore = "only debug builds can be killed by plan")]
async fn killed_workers_notify_of_new_issues_once_and_not_over_the_cap() {
    sent_once(Sent {
        schedule: "GoodMatches",
        kind: "good_match",
        each: MOST_A_DAY,
        rounds: [
            "good_matches.before_commit:4",
            "good_matches.before_commit:2",
            "good_matches.before_commit:1",
        ],
    })
    .await;
}
