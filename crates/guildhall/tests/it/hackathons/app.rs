//! The programme's part in the tests of all modules.

use hackathons::{
    actions::{
        self, NewDecision, NewHackathon, TeamChange, add_host, add_staff, create_hackathon,
        publish, remove_host,
    },
    model::{ApplicationId, StaffRole, TeamRole},
    rules::{
        applications::Decision, details::HackathonInput, friends::Verb, points::PointValues,
        tracks::TrackInput,
    },
};
use identity::model::UserId;
use platform::audit::Actor::Operator;

use super::{
    announcement_rows,
    api_rows::API_ROWS,
    board_rows, calendar_feed, check_in_rows, confirmation_rows, expo,
    friend_rows::{FRIEND_OBJECTS, FRIEND_ROWS},
    help_rows, prize_rows,
    reward_rows::{self, REWARD_OBJECTS, REWARD_ROWS},
    rows::ROWS,
    scene::{application, november},
    staff_rows, submission_rows, survey_rows, track_rows, venue,
};
use crate::{
    app::{TestApp, programme::ProgrammeTests},
    auth::objects::{Make, ObjectRow},
};

pub(crate) const TESTS: ProgrammeTests = ProgrammeTests {
    rows: &[
        ROWS,
        API_ROWS,
        FRIEND_ROWS,
        REWARD_ROWS,
        staff_rows::ROWS,
        submission_rows::ROWS,
        prize_rows::ROWS,
        announcement_rows::ROWS,
        help_rows::ROWS,
        board_rows::ROWS,
        check_in_rows::ROWS,
        confirmation_rows::ROWS,
        calendar_feed::ROWS,
        survey_rows::ROWS,
        track_rows::ROWS,
        expo::ROWS,
        venue::ROWS,
    ],
    objects: &[
        OBJECTS,
        FRIEND_OBJECTS,
        REWARD_OBJECTS,
        staff_rows::OBJECTS,
        submission_rows::OBJECTS,
        prize_rows::OBJECTS,
        announcement_rows::OBJECTS,
        help_rows::OBJECTS,
        board_rows::OBJECTS,
        check_in_rows::OBJECTS,
        confirmation_rows::OBJECTS,
        survey_rows::OBJECTS,
        expo::OBJECTS,
    ],
    prepare: |app| Box::pin(prepare(app)),
    act: |app, login| Box::pin(act(app, login)),
};

/// The organizer of `hush` in the rows.
pub(super) const ORGANIZER: &str = "hack-organizer";

/// The code of the team that the person can join.
const CODE: &str = "K7WM4RXT";

/// Makes a team in a private hackathon to which the person applied. It has a known code.
const JOINABLE: Make = |app, login| Box::pin(joinable(app, login));

const OBJECTS: &[ObjectRow] = &[("POST", "/api/v1/me/teams", JOINABLE, &[("code", CODE)], 200)];

async fn joinable(app: &TestApp, login: &str) -> Vec<String> {
    let former = "UPDATE teams SET invite_code = 'A' || substr(invite_code, 2) || slug";
    app.change(former).await.expect("changed");
    let slug = app.hackathon(private()).await;
    for person in [login, "hack-leader"] {
        let person = app.hacker(person).await;
        let code = app.hackathon_view(&slug).await.invite_code;
        actions::apply(app.context(), person, &slug, &code, &application()).await.expect("applied");
    }
    let made = app.team_of(&slug, "hack-leader", "Gannet").await;
    let known = format!("UPDATE teams SET invite_code = '{CODE}' WHERE invite_code = '{made}'");
    app.change(&known).await.expect("changed");
    Vec::new()
}

pub(super) fn private() -> HackathonInput {
    HackathonInput {
        title: Some("Hush".to_owned()),
        visibility: Some("private".to_owned()),
        ..november()
    }
}

/// Creates the hackathons of the rows: a public one, and a private one of `ORGANIZER`.
async fn prepare(app: &TestApp) {
    app.hackathon(november()).await;
    app.hacker("hack-mentor").await;
    let organizer = app.hacker(ORGANIZER).await;
    add_host(app.context(), Operator, ORGANIZER).await.expect("a host");
    let slug = held_by(app, organizer, private()).await;
    assert_eq!(slug, "hush");
    app.hacker(track_rows::JUDGE).await;
    add_staff(app.context(), Operator, &slug, track_rows::JUDGE, StaffRole::Judge)
        .await
        .expect("a judge");
    submission_rows::prepare(app).await;
    reward_rows::prepare(app).await;
    prize_rows::prepare(app).await;
}

/// Creates and publishes a hackathon of a person.
pub(super) async fn held_by(app: &TestApp, person: UserId, details: HackathonInput) -> String {
    let new = NewHackathon { slug: None, details };
    let created = create_hackathon(app.context(), person, new).await;
    let slug = created.expect("a hackathon").slug;
    publish(app.context(), Operator, &slug).await.expect("published");
    slug
}

/// Lets the person hold a hackathon, and take part in another.
async fn act(app: &TestApp, login: &str) {
    let context = app.context();
    let person: UserId = app.person_id(login).await.into();
    for host in ["hack-former", login] {
        app.hacker(host).await;
        add_host(context, by(person), host).await.expect("a host");
    }
    remove_host(context, by(person), "hack-former").await.expect("removed");
    hold(app, person).await;
    take_part(app, (person, login)).await;
    staff_rows::act(app, person).await;
    befriend(app, login).await;
    invite(app, (person, login)).await;
    reward_rows::act(app, (person, login)).await;
    prize_rows::act(app, (person, login)).await;
    announcement_rows::act(app, (person, login)).await;
    help_rows::act(app, (person, login)).await;
    board_rows::act(app, (person, login)).await;
    check_in_rows::act(app, (person, login)).await;
    confirmation_rows::act(app, person).await;
    calendar_feed::act(app, person).await;
    survey_rows::act(app, (person, login)).await;
    expo::act(app, (person, login)).await;
    venue::act(app, person).await;
}

/// Lets the person invite a friend to their team, who declines after a canceled invitation.
async fn invite(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, friend) = (app.context(), "hack-friend");
    let slug = app.hackathon(november()).await;
    app.applied(&slug, login).await;
    app.team_of(&slug, login, "Skuas").await;
    actions::invite(context, person, &slug, friend).await.expect("invited");
    actions::cancel_invitation(context, person, &slug, friend).await.expect("canceled");
    actions::invite(context, person, &slug, friend).await.expect("invited");
    let friend = app.person_id(friend).await.into();
    actions::decline_invitation(context, friend, &slug, "skuas").await.expect("declined");
}

/// Lets the person do everything that people do with friends; at the end, they have a friend and a request.
async fn befriend(app: &TestApp, login: &str) {
    let other = "hack-friend";
    app.hacker(other).await;
    for (by, of, verb) in [
        (login, other, Verb::Request),
        (login, other, Verb::Cancel),
        (other, login, Verb::Request),
        (login, other, Verb::Decline),
        (other, login, Verb::Request),
        (login, other, Verb::Accept),
        (login, other, Verb::Remove),
        (login, other, Verb::Block),
        (login, other, Verb::Unblock),
        (login, other, Verb::Request),
        (other, login, Verb::Accept),
        (login, "hack-former", Verb::Request),
    ] {
        app.befriends(by, of, verb).await.expect("changed");
    }
}

fn by(person: UserId) -> platform::audit::Actor {
    platform::audit::Actor::Person(person.0)
}

/// Lets the person hold a hackathon to its end, and cancel another.
async fn hold(app: &TestApp, person: UserId) {
    let (context, actor) = (app.context(), by(person));
    let slug = held_by(app, person, november()).await;
    let places = HackathonInput { capacity: Some(Some(9)), ..HackathonInput::default() };
    actions::edit_hackathon(context, actor, &slug, &places).await.expect("edited");
    actions::replace_invite_code(context, actor, &slug).await.expect("replaced");
    app.hacker("hack-judge").await;
    add_staff(context, actor, &slug, "hack-judge", StaffRole::Judge).await.expect("a judge");
    let track = TrackInput { name: "Harbors".to_owned(), ..TrackInput::default() };
    actions::set_tracks(context, actor, &slug, &[track]).await.expect("a track");
    let harbors = ["harbors".to_owned()];
    actions::set_judge_tracks(context, actor, &slug, "hack-judge", &harbors)
        .await
        .expect("limited");
    actions::remove_staff(context, actor, &slug, "hack-judge").await.expect("removed");
    let applied = app.applied(&slug, "hack-applicant").await;
    decide(app, actor, (&slug, applied.key())).await;
    let over = format!(
        "UPDATE hackathons SET application_opens_at = created_at, application_closes_at = created_at, \
         submission_opens_at = created_at, submission_closes_at = created_at, judging_opens_at = created_at, \
         judging_closes_at = created_at WHERE slug = '{slug}'"
    );
    app.change(&over).await.expect("over");
    actions::approve_points(context, actor, &slug, PointValues::default()).await.expect("approved");
    app.prize(&slug, "Lost prize", 1).await;
    hold_results(app, actor, &slug).await;
    super::scene::publish_results(context, actor, &slug, "Gannet wins.").await.expect("results");
    actions::archive(context, actor, &slug).await.expect("archived");
    let judged = held_by(app, person, november()).await;
    super::judging::act(app, person, &judged).await;
    let other = held_by(app, person, november()).await;
    actions::cancel(context, actor, &other, "The harbor is closed.").await.expect("canceled");
}

/// Undoes the publication of results, and lets another one be kept because the hackathon is a draft when it is due.
async fn hold_results(app: &TestApp, actor: platform::audit::Actor, slug: &str) {
    let context = app.context();
    let new = actions::NewResults {
        results: "Gannet wins.".to_owned(),
        overrides: super::scene::overrides(),
    };
    actions::schedule_results(context, actor, slug, &new).await.expect("scheduled");
    actions::undo_results(context, actor, slug).await.expect("undone");
    actions::schedule_results(context, actor, slug, &new).await.expect("scheduled");
    app.change("UPDATE result_publications SET due_at = created_at").await.expect("due");
    for published_at in ["NULL", "created_at"] {
        let set =
            format!("UPDATE hackathons SET published_at = {published_at} WHERE slug = '{slug}'");
        app.change(&set).await.expect("set");
        assert_eq!(actions::publish_due_results(context).await.expect("held"), 0);
    }
}

async fn decide(app: &TestApp, actor: platform::audit::Actor, (slug, id): (&str, ApplicationId)) {
    let new = NewDecision {
        decision: Decision::Reject,
        applications: vec![id],
        reason: "Too few places.".to_owned(),
    };
    actions::decide(app.context(), actor, slug, &new).await.expect("decided");
}

/// Lets the person take part in hackathons, lead a team, leave another, and withdraw.
async fn take_part(app: &TestApp, (person, login): (UserId, &str)) {
    let context = app.context();
    let slug = app.hackathon(november()).await;
    for one in [login, "hack-mate", "hack-other"] {
        app.applied(&slug, one).await;
    }
    actions::set_looking(context, person, &slug, true).await.expect("looking");
    let code = app.team_of(&slug, login, "Gannet").await;
    for mate in ["hack-mate", "hack-other"] {
        app.joins(&code, mate).await.expect("joined");
    }
    let lock = TeamChange { is_locked: Some(true), ..TeamChange::default() };
    actions::change_team(context, person, &slug, &lock).await.expect("locked");
    actions::set_team_role(context, person, &slug, "hack-mate", TeamRole::CoLeader)
        .await
        .expect("a co-leader");
    actions::remove_member(context, person, &slug, "hack-other").await.expect("removed");
    actions::leave_team(context, person, &slug).await.expect("left");
    let code = app.team_of(&slug, "hack-other", "Terns").await;
    app.joins(&code, login).await.expect("joined");
    actions::withdraw(context, person, &slug).await.expect("withdrawn");
    let open = app.hackathon(november()).await;
    app.applied(&open, login).await;
    submission_rows::act(app, (person, login)).await;
}
