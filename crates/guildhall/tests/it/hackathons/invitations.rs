//! Invitations of friends to a team, by API and by page.

use hackathons::{FRIENDS, rules::friends::Verb};
use platform::{
    audit::Actor::Operator,
    flags::{self, FlagChange},
};

use super::scene::november;
use crate::app::{TestApp, browser::Browser};

const OWN: &str = "/api/v1/me/hackathons/low-tide";

/// Makes two people friends.
async fn friends(app: &TestApp, login: &str, other: &str) {
    app.asks(login, other).await.expect("asked");
    app.befriends(other, login, Verb::Accept).await.expect("accepted");
}

/// Calls a path below the own part of the hackathon. Returns the status and the problem's code.
async fn call(browser: &Browser<'_>, method: &str, part: &str) -> (u16, String) {
    let answer = browser.call(method, &format!("{OWN}/{part}"), None).await;
    let body = answer.body();
    let code = body["code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.to_owned())
}

/// Returns the slugs of the teams that invited a person.
async fn inviting(browser: &Browser<'_>) -> Vec<String> {
    let found = browser.json(&format!("{OWN}/invitations")).await;
    let teams = found["items"].as_array().expect("items").iter();
    teams.map(|it| it["team"].as_str().expect("a slug").to_owned()).collect()
}

/// Starts a hackathon in which `ada` leads Gannet, and `bo` and `cy` take part.
async fn scene() -> TestApp {
    let app = TestApp::start().await;
    let slug = app.hackathon(november()).await;
    assert_eq!(slug, "low-tide");
    for login in ["ada", "bo", "cy"] {
        app.applied(&slug, login).await;
    }
    app.team_of(&slug, "ada", "Gannet").await;
    app
}

#[tokio::test]
async fn a_friend_is_invited_and_accepts() {
    let app = scene().await;
    friends(&app, "ada", "bo").await;
    app.work().await;
    let [ada, bo] = [app.browser_of("ada").await, app.browser_of("bo").await];
    for _ in 0..2 {
        assert_eq!(call(&ada, "PUT", "team/invitations/BO").await.0, 204);
    }
    app.work().await;
    let about = app.inbox(&bo).await;
    let about = about.iter().filter(|title| title.contains("invited to a team"));
    assert_eq!(about.count(), 1);
    assert_eq!(inviting(&bo).await, ["gannet"]);
    let page = bo.get("/hackathons/low-tide/team").await;
    assert!(page.text.contains("Gannet"), "{}", page.text);
    assert_eq!(call(&bo, "POST", "invitations/gannet/accept").await.0, 200);
    assert!(inviting(&bo).await.is_empty());
    let again = call(&bo, "POST", "invitations/gannet/accept").await;
    assert_eq!(again, (404, "NO_TEAM_INVITATION".to_owned()));
    let team = bo.json(&format!("{OWN}/team")).await;
    assert_eq!(team["members"].as_array().map(Vec::len), Some(2));
    // Only those who lead the team invite.
    let refused = call(&bo, "PUT", "team/invitations/cy").await;
    assert_eq!(refused, (403, "TEAM_LEADER_REQUIRED".to_owned()));
    app.finish().await;
}

#[tokio::test]
async fn an_invitation_is_declined_or_canceled() {
    let app = scene().await;
    friends(&app, "ada", "bo").await;
    let [ada, bo] = [app.browser_of("ada").await, app.browser_of("bo").await];
    assert_eq!(call(&ada, "PUT", "team/invitations/bo").await.0, 204);
    assert_eq!(call(&bo, "POST", "invitations/gannet/decline").await.0, 204);
    let again = call(&bo, "POST", "invitations/gannet/decline").await;
    assert_eq!(again, (404, "NO_TEAM_INVITATION".to_owned()));
    assert_eq!(call(&ada, "PUT", "team/invitations/bo").await.0, 204);
    for _ in 0..2 {
        assert_eq!(call(&ada, "DELETE", "team/invitations/bo").await.0, 204);
    }
    assert!(inviting(&bo).await.is_empty());
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let app = scene().await;
    app.hacker("stranger").await;
    let [ada, bo, stranger] =
        [app.browser_of("ada").await, app.browser_of("bo").await, app.browser_of("stranger").await];
    let refused = [
        (&ada, "bo", (409, "NOT_A_FRIEND")),
        (&ada, "no-one", (404, "PERSON_NOT_FOUND")),
        (&bo, "cy", (409, "NO_TEAM")),
        (&stranger, "bo", (403, "NOT_A_PARTICIPANT")),
    ];
    for (browser, login, (status, code)) in refused {
        let answer = call(browser, "PUT", &format!("team/invitations/{login}")).await;
        assert_eq!(answer, (status, code.to_owned()), "{login}");
    }
    friends(&app, "ada", "cy").await;
    app.team_of("low-tide", "cy", "Teal").await;
    let answer = call(&ada, "PUT", "team/invitations/cy").await;
    assert_eq!(answer, (409, "ALREADY_IN_TEAM".to_owned()));
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn without_friends_those_who_look_for_a_team_are_invited() {
    let app = scene().await;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FRIENDS.name, off, "to try").await.expect("changed");
    let [ada, bo] = [app.browser_of("ada").await, app.browser_of("bo").await];
    assert_eq!(call(&ada, "PUT", "team/invitations/bo").await.0, 204);
    assert_eq!(inviting(&bo).await, ["gannet"]);
    app.work().await;
    app.finish().await;
}
