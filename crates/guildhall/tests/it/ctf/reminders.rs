//! Reminders of competitors who are inactive or never signed in.

use chrono::TimeDelta;
use ctf::{
    actions::{erase_competitor, remind_inactive},
    model::{CompetitorId, RosterId, RosterRole},
    rules::{profile::ProfileInput, reminders::Reminded},
};
use platform::audit::Actor::Operator;

use super::{
    coaches::code,
    privacy_scene::{adult, minor},
};
use crate::app::{TestApp, mailbox::Mailbox};

/// Adds a competitor with an address of their own, who is on the platform and whose last activity was some days ago; `None` if
/// they never signed in.
async fn added(
    app: &TestApp,
    roster: RosterId,
    profile: ProfileInput,
    address: &str,
    days: Option<i64>,
) -> CompetitorId {
    let profile = ProfileInput { email_school: address.to_owned(), ..profile };
    let id = app.added(roster, &profile).await;
    app.on_platform(id, (0, 0)).await;
    app.seen(id, days).await;
    id
}

/// A roster with a competitor for each result: two to remind (one with an account here), one without consent, one without an
/// address, and one who is active.
async fn scene(app: &TestApp) -> (RosterId, CompetitorId) {
    let (_, roster) = app.roster("coach").await;
    let own = added(app, roster, adult(), "ottoline@harbor.example", Some(20)).await;
    app.connected(own, "ada").await;
    app.verify_address("ada").await;
    let mailed = added(app, roster, adult(), "mailed@harbor.example", None).await;
    added(app, roster, minor(), "minor@harbor.example", Some(30)).await;
    added(app, roster, adult(), "", Some(30)).await;
    added(app, roster, adult(), "active@harbor.example", Some(2)).await;
    (roster, mailed)
}

async fn remind(app: &TestApp, roster: RosterId) -> Reminded {
    let reminded = remind_inactive(app.context(), &app.server.post, Operator, roster).await;
    reminded.expect("reminded")
}

fn addresses(mailbox: &Mailbox) -> Vec<String> {
    let mut subjects = mailbox.subjects();
    subjects.retain(|subject| subject.contains("A reminder from your CTF team"));
    subjects.sort();
    subjects
}

#[tokio::test]
async fn the_inactive_are_reminded_once_a_week_and_others_are_skipped_with_why() {
    let (app, mailbox) = TestApp::mailing().await;
    let (roster, mailed) = scene(&app).await;
    let coach = app.browser_of("coach").await;
    let page = format!("/ctf/rosters/{roster}");
    let shown = coach.get(&page).await.text;
    assert!(shown.contains("Remind all inactive"), "{shown}");
    let answer = coach.post(&format!("{page}/remind"), &[]).await;
    assert_eq!(answer.location(), page);
    let said = coach.get(&page).await.text;
    assert!(
        said.contains("Reminded 2 competitors; skipped 1 without consent, 1 without an account or an email address"),
        "{said}"
    );
    app.work().await;
    let expected = [
        "ada@oak.example: A reminder from your CTF team Harbor Owls",
        "mailed@harbor.example: A reminder from your CTF team Harbor Owls",
    ];
    assert_eq!(addresses(&mailbox), expected);
    let inbox = "SELECT title AS value FROM notifications WHERE kind = 'ctf_reminder'";
    assert_eq!(app.values(inbox).await, ["A reminder from your CTF team Harbor Owls"]);
    let again = remind(&app, roster).await;
    assert_eq!((again.sent, again.recent), (0, 2));
    app.clock.advance(TimeDelta::days(7));
    let (one, two) = tokio::join!(remind(&app, roster), remind(&app, roster));
    assert_eq!(one.sent + two.sent, 2, "a double click");
    assert_eq!(app.audited("ctf_roster.remind").await, 4);
    // One waits to be sent while the competitor is erased.
    erase_competitor(app.context(), Operator, mailed).await.expect("erased");
    let waiting = "SELECT count(*) FROM outbox_messages WHERE kind = 'ctf_reminder' \
                   AND recipient LIKE 'mailed%'";
    assert_eq!(app.count(waiting).await, 0);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn only_coaches_remind_and_not_on_an_archived_roster() {
    let app = TestApp::start().await;
    let (roster, _) = scene(&app).await;
    app.shared_with(roster, "assistant", RosterRole::Assistant).await;
    app.roster("other").await;
    let page = format!("/ctf/rosters/{roster}");
    for (login, status) in [("assistant", 403), ("other", 404)] {
        let browser = app.browser_of(login).await;
        let refused = browser.post(&format!("{page}/remind"), &[]).await;
        assert_eq!(refused.status.as_u16(), status, "{login}");
        let text = browser.get(&page).await.text;
        assert!(!text.contains("Remind all inactive"), "{text}");
    }
    ctf::actions::archive_roster(app.context(), Operator, roster).await.expect("archived");
    let refused = remind_inactive(app.context(), &app.server.post, Operator, roster).await;
    assert_eq!(code(refused), "ROSTER_ARCHIVED");
    let coach = app.browser_of("coach").await;
    let text = coach.get(&page).await.text;
    assert!(!text.contains("Remind all inactive"), "{text}");
    app.finish().await;
}
