//! Flags that are on for some people: who has hackathons, friends and rewards gets what is sent about them, and no one else.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use futures_util::future::join_all;
use hackathons::{
    FLAG, FRIENDS, MODULE, REWARDS,
    actions::{
        NewDeadline, add_staff, announce, ask_for_help, edit_hackathon, extend_deadline, invite,
        set_survey, step_help, submit,
    },
    model::{Segment, StaffRole, SurveyAudience},
    rules::{
        announcements::AnnouncementInput,
        details::HackathonInput,
        friends::Verb,
        help::{HelpInput, HelpStep},
        rewards::RewardInput,
    },
};
use identity::{
    actions::know_accounts,
    model::{AccountKind, Authority, GithubAccount},
};
use kernel::Ids;
use notifications::{actions::send_digests, model::NewsKinds};
use platform::{audit::Actor::Operator, flags::FlagChange};
use serde_json::json;
use uuid::Uuid;

use super::{reward_scene::mug, scene::november, submissions::gannet, survey_rows::scale};
use crate::{
    app::{TestApp, at, browser::Browser, mailbox::Mailbox, scenarios},
    flags::{set, to},
};

/// Logins with IDs that are the first to have all flags of this module, at 1 percent.
const FIRST: [(&str, u128); 3] = [("ada", 360_655), ("cy", 605_391), ("orla", 744_901)];
/// Logins with IDs that are the last, at 100 percent.
const LAST: [(&str, u128); 2] = [("bo", 1_329_949), ("otto", 1_732_242)];

/// Gives all rows the same ID.
struct Fixed(Uuid);

impl Ids for Fixed {
    fn next(&self) -> Uuid {
        self.0
    }
}

/// Returns the codes of all kinds of notifications of the module.
fn kinds() -> BTreeSet<String> {
    MODULE.news.iter().map(|kind| kind.code.to_owned()).collect()
}

/// Starts a server with people who have addresses and these IDs.
async fn started() -> (TestApp, Mailbox) {
    let (app, mailbox) = TestApp::mailing().await;
    for (login, id) in FIRST.into_iter().chain(LAST) {
        let mut context = app.context().clone();
        context.ids = Arc::new(Fixed(Uuid::from_u128(id)));
        let (subject, now) = (scenarios::person(login).id, context.now());
        let account = GithubAccount::new(subject, login.to_owned(), AccountKind::User, now);
        let tx = context.begin().await.expect("a transaction");
        know_accounts(&tx, &context, Authority::Github, [account]).await.expect("known");
        tx.commit().await.expect("committed");
        assert_eq!(app.hacker(login).await.0, Uuid::from_u128(id));
        app.verify_address(login).await;
    }
    (app, mailbox)
}

async fn set_all(app: &TestApp, wanted: &FlagChange) {
    for flag in [FLAG, FRIENDS, REWARDS] {
        set(app, flag.name, wanted.clone()).await;
    }
}

/// Lets everything happen that people are notified of. Returns the recipients of the announcement, 0 if there were none.
async fn season(app: &TestApp) -> i64 {
    let context = app.context();
    for login in ["ada", "bo"] {
        app.asks(login, "cy").await.expect("asked");
        app.befriends("cy", login, Verb::Accept).await.expect("accepted");
        app.hacker("mo").await;
        app.asks("mo", login).await.expect("asked");
    }
    let slug = app.building(november(), &["ada", "bo", "cy"]).await;
    for (login, role) in
        [("mo", StaffRole::Mentor), ("orla", StaffRole::Organizer), ("otto", StaffRole::Organizer)]
    {
        add_staff(context, Operator, &slug, login, role).await.expect("in the staff");
    }
    app.work().await;
    app.clock.set(at("2026-11-15T18:00:00Z"));
    for schedule in ["HackathonStateUpdater", "DeadlineReminder"] {
        app.run_schedule(schedule).await;
    }
    let code = app.team_of(&slug, "cy", "Gannet").await;
    let cy = app.hacker_id("cy").await;
    for login in ["ada", "bo"] {
        invite(context, cy, &slug, login).await.expect("invited");
    }
    app.work().await;
    for login in ["ada", "bo"] {
        app.joins(&code, login).await.expect("joined");
    }
    let input = HelpInput { topic: "The tide API.".to_owned(), place: "Table 7".to_owned() };
    let asked = ask_for_help(context, cy, &slug, &input).await.expect("asked").key();
    let mo = app.hacker_id("mo").await;
    step_help(context, mo, false, &slug, asked, HelpStep::Take, "").await.expect("taken");
    let mut later = HackathonInput::default();
    later.dates[5] = Some("2026-11-29T17:00:00Z".to_owned());
    edit_hackathon(context, Operator, &slug, &later).await.expect("edited");
    let news = AnnouncementInput {
        segment: Segment::Accepted.as_str().to_owned(),
        subject: "Dinner is at eight".to_owned(),
        body: "Meet us at the **harbor**.".to_owned(),
    };
    let announced = announce(context, Operator, &slug, &news).await;
    submit(context, cy, &slug, &gannet()).await.expect("submitted");
    let orla = app.hacker_id("orla").await;
    let deadline = NewDeadline {
        name: "gannet".to_owned(),
        closes_at: at("2026-11-23T08:00:00Z"),
        reason: "The ferry was late.".to_owned(),
    };
    extend_deadline(context, orla, &slug, &deadline).await.expect("extended");
    let audience = SurveyAudience::Participants;
    set_survey(context, Operator, &slug, audience, &[scale("How was it?")]).await.expect("set");
    app.work().await;
    for login in ["ada", "bo"] {
        let person = app.hacker_id(login).await;
        app.earns(person, 100).await;
        let name = Some(format!("Mug of {login}"));
        let owner = Some(login.to_owned());
        let reward = app.reward(RewardInput { name, owner, ..mug(10) }).await;
        app.redeems(person, &reward).await;
    }
    app.clock.set(at("2026-11-24T18:00:00Z"));
    app.run_schedule("HackathonStateUpdater").await;
    app.work().await;
    let prize = app.prize(&slug, "Harbor prize", 1).await;
    app.awards((&slug, &prize), "cy").await.expect("awarded");
    app.prize_giving(&slug).await;
    app.work().await;
    app.clock.advance(TimeDelta::days(1));
    app.run_schedule("HackathonSurveys").await;
    app.work().await;
    app.clock.advance(TimeDelta::days(7));
    for schedule in ["RewardFulfillmentMonitor", "PrizeFulfillmentMonitor"] {
        app.run_schedule(schedule).await;
    }
    app.work().await;
    app.clock.advance(TimeDelta::days(7));
    app.run_schedule("OperatorAlerts").await;
    announced.map_or(0, |announced| announced.recipients)
}

/// Returns the kinds of notifications of the module that people got, in their inboxes and by email.
async fn received(app: &TestApp, mailbox: &Mailbox, people: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for login in people {
        let id = app.hacker_id(login).await;
        let rows = notifications::reads::inbox(&app.context().db, id, false, None, 100).await;
        found.extend(rows.expect("read").into_iter().map(|row| row.kind));
        let mails = mailbox.taken().into_iter().filter(|mail| mail.person == id.0);
        found.extend(mails.map(|mail| mail.kind));
    }
    found.retain(|kind| kinds().contains(kind));
    found
}

#[tokio::test]
async fn each_notice_reaches_those_who_have_the_feature() {
    // A setting, with the recipients of the announcement, and whether the first and the last people get notices.
    let cases = [
        (to(false, 100), 0, false, false),
        (to(true, 0), 0, false, false),
        (to(true, 1), 2, true, false),
        (to(true, 10), 2, true, false),
        (to(true, 99), 2, true, false),
        (to(true, 100), 3, true, true),
    ];
    let tried = cases.into_iter().map(|(wanted, recipients, first, last)| async move {
        let (app, mailbox) = started().await;
        let calendars = [app.calendar_of("ada").await, app.calendar_of("bo").await];
        set_all(&app, &wanted).await;
        assert_eq!(season(&app).await, recipients, "{wanted:?}");
        for (people, has) in [(["ada", "orla"], first), (["bo", "otto"], last)] {
            let expected = if has { kinds() } else { BTreeSet::new() };
            assert_eq!(received(&app, &mailbox, &people).await, expected, "{people:?}: {wanted:?}");
        }
        for (path, has) in calendars.iter().zip([first, last]) {
            // Calendars are read without a session.
            let status = Browser::new(&app).get(path).await.status;
            assert_eq!(status, if has { 200 } else { 404 }, "{path}: {wanted:?}");
        }
        let alerts = "SELECT count(*) FROM alerts WHERE kind = 'reward_fulfillment'";
        assert_eq!(app.count(alerts).await, if first { 2 } else { 0 }, "{wanted:?}");
        // While no one has the feature, nothing is noted as sent that was not.
        let reminders = app.count("SELECT count(*) FROM submission_reminders").await;
        assert_eq!(reminders > 0, first, "{wanted:?}");
        app.abandon().await;
    });
    join_all(tried).await;
}

#[tokio::test]
async fn what_waits_does_not_leave_after_the_feature_is_off() {
    let (app, mailbox) = started().await;
    let bo = app.browser_of("bo").await;
    let quiet = json!({
        "daily_cap": 20, "quiet_from": "00:00", "quiet_until": "23:00",
        "email": { "friend_accepted": "digest" }
    });
    let chosen = bo.call("PUT", "/api/v1/me/notification-settings", Some(&quiet)).await;
    assert_eq!(chosen.status, 200, "{}", chosen.text);
    app.asks("bo", "cy").await.expect("asked");
    app.befriends("cy", "bo", Verb::Accept).await.expect("accepted");
    app.asks("ada", "bo").await.expect("asked");
    app.work().await;
    let id = Uuid::from_u128(LAST[0].1);
    let mails = || mailbox.taken().into_iter().filter(|mail| mail.person == id).count();
    assert_eq!(app.inbox(&bo).await.len(), 2);
    assert_eq!(mails(), 0, "one waits for the end of the quiet hours, one for the digest");
    set(&app, FRIENDS.name, to(false, 100)).await;
    app.clock.advance(TimeDelta::days(1));
    let (context, post) = (app.context(), &app.server.post);
    let sent = send_digests(context, post, NewsKinds(app.server.modules())).await;
    assert_eq!(sent.expect("looked"), 0);
    app.work().await;
    assert_eq!(mails(), 0);
    app.finish().await;
}

#[test]
fn each_kind_of_notice_of_a_module_with_a_feature_names_one_of_its_flags() {
    for kind in MODULE.news {
        let flag = kind.flag.expect(kind.code);
        assert!(MODULE.flags.contains(&flag), "{}", kind.code);
    }
}
