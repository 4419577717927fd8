//! Codes, invitations and addresses in the hands of former members of a team and of banned people.

use hackathons::{
    FRIENDS,
    actions::{add_staff, apply},
    model::StaffRole,
    reads,
};
use platform::{
    audit::Actor::Operator,
    flags::{self, FlagChange},
};
use serde_json::json;

use super::scene::{application, code, november, private_calendar};
use crate::app::{TestApp, browser::Browser};

const OWN: &str = "/api/v1/me/hackathons/low-tide";

/// Starts a hackathon in which people who look for a team can be invited, and `ada` leads Gannet with `bo` and `cy`. Returns the code.
async fn scene() -> (TestApp, String) {
    let app = TestApp::start().await;
    let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
    flags::change(app.context(), Operator, FRIENDS.name, off, "to try").await.expect("changed");
    let slug = app.hackathon(november()).await;
    for login in ["ada", "bo", "cy", "dee"] {
        app.applied(&slug, login).await;
    }
    let code = app.team_of(&slug, "ada", "Gannet").await;
    for login in ["bo", "cy"] {
        app.joins(&code, login).await.expect("joined");
    }
    (app, code)
}

/// Calls a path below the own part of the hackathon. Returns the status.
async fn call(browser: &Browser<'_>, method: &str, part: &str) -> u16 {
    browser.call(method, &format!("{OWN}/{part}"), None).await.status.as_u16()
}

/// Lets a person join a team on the page; returns the status.
async fn joins(app: &TestApp, login: &str, code: &str) -> u16 {
    let browser = app.browser_of(login).await;
    browser.post("/hackathon-teams/join", &[("code", code)]).await.status.as_u16()
}

async fn code_of(leader: &Browser<'_>) -> String {
    let team = leader.json(&format!("{OWN}/team")).await;
    team["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn a_removed_member_does_not_join_again_with_the_code() {
    let (app, first) = scene().await;
    let ada = app.browser_of("ada").await;
    let mut known = vec![first];
    for login in ["bo", "cy"] {
        assert_eq!(call(&ada, "DELETE", &format!("team/members/{login}")).await, 204);
        for code in &known {
            assert_eq!(joins(&app, login, code).await, 422, "{login}");
        }
        known.push(code_of(&ada).await);
    }
    assert_eq!(known.len(), 3);
    assert!(known[0] != known[1] && known[1] != known[2], "{known:?}");
    // Nothing changes without a removal, and the new code works.
    assert_eq!(call(&ada, "DELETE", "team/members/bo").await, 204);
    assert_eq!(joins(&app, "dee", &known[2]).await, 303);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn the_code_stays_when_a_member_leaves() {
    let (app, code) = scene().await;
    let bo = app.browser_of("bo").await;
    assert_eq!(call(&bo, "DELETE", "team").await, 204);
    assert_eq!(joins(&app, "bo", &code).await, 303);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_rejected_person_leaves_no_code_behind() {
    let (app, code) = scene().await;
    let (event, bo) =
        (app.hackathon_view("low-tide").await.key(), app.person_id("bo").await.into());
    let application = reads::application(&app.context().db, event, bo).await.expect("read");
    let application = application.expect("an application").id;
    let organizer = app.browser_of("organizer").await;
    let reject = json!({ "applications": [application], "decision": "reject", "reason": "Spam" });
    let path = "/api/v1/hackathons/low-tide/decisions";
    let rejected = organizer.call("POST", path, Some(&reject)).await;
    assert_eq!(rejected.status, 200, "{}", rejected.text);
    let ada = app.browser_of("ada").await;
    assert_ne!(code_of(&ada).await, code);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_removed_member_has_no_invitation_left() {
    let (app, code) = scene().await;
    let ada = app.browser_of("ada").await;
    assert_eq!(call(&ada, "PUT", "team/invitations/dee").await, 204);
    assert_eq!(joins(&app, "dee", &code).await, 303);
    assert_eq!(call(&ada, "DELETE", "team/members/dee").await, 204);
    let dee = app.browser_of("dee").await;
    assert_eq!(call(&dee, "POST", "invitations/gannet/accept").await, 404);
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn invitations_end_with_the_right_to_send_them() {
    for case in ["removed", "demoted", "left"] {
        let (app, _) = scene().await;
        let [ada, bo] = [app.browser_of("ada").await, app.browser_of("bo").await];
        let member = format!("{OWN}/team/members/bo");
        let set = async |role: &str| {
            let answer = ada.call("PUT", &member, Some(&json!({ "role": role }))).await;
            assert_eq!(answer.status, 204, "{}", answer.text);
        };
        set("co_leader").await;
        assert_eq!(call(&bo, "PUT", "team/invitations/dee").await, 204);
        match case {
            "removed" => assert_eq!(call(&ada, "DELETE", "team/members/bo").await, 204),
            "demoted" => set("member").await,
            _ => assert_eq!(call(&bo, "DELETE", "team").await, 204),
        }
        let dee = app.browser_of("dee").await;
        assert_eq!(call(&dee, "POST", "invitations/gannet/accept").await, 404, "{case}");
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn a_former_organizer_does_not_come_back_by_the_invitation_link() {
    for role in [None, Some(StaffRole::Mentor)] {
        let app = TestApp::start().await;
        let slug = app.private_hackathon().await;
        let person = app.hacker("bo").await;
        let context = app.context();
        add_staff(context, Operator, &slug, "bo", StaffRole::Organizer).await.expect("added");
        let known = app.hackathon_view(&slug).await.invite_code;
        let page = format!("/hackathons/{slug}?invitation={known}");
        let organizer = app.browser_of("organizer").await;
        match role {
            Some(role) => {
                add_staff(context, Operator, &slug, "bo", role).await.expect("demoted");
            }
            None => {
                let path = format!("/hackathons/{slug}/staff/bo/remove");
                assert_eq!(organizer.post(&path, &[]).await.status, 303);
            }
        }
        assert_eq!(Browser::new(&app).get(&page).await.status, 404);
        if role.is_none() {
            assert_eq!(app.browser_of("bo").await.get(&page).await.status, 404);
            let refused = apply(context, person, &slug, &known, &application()).await;
            assert_eq!(code(refused), "NOT_FOUND");
        }
        let current = app.hackathon_view(&slug).await.invite_code;
        let page = format!("/hackathons/{slug}?invitation={current}");
        assert_eq!(Browser::new(&app).get(&page).await.status, 200);
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn a_banned_person_has_no_calendar_of_a_private_hackathon() {
    let app = TestApp::start().await;
    let slug = app.private_hackathon().await;
    app.applied_by_link(&slug, "ada").await;
    app.hacker("bo").await;
    add_staff(app.context(), Operator, &slug, "bo", StaffRole::Judge).await.expect("a judge");
    for login in ["ada", "bo"] {
        let shown = private_calendar(&app.browser_of(login).await, &slug).await;
        let path = shown.expect("an address");
        let calendar = Browser::new(&app);
        assert_eq!(calendar.get(&path).await.status, 200);
        app.ban(login).await;
        let refused = calendar.get(&path).await;
        assert_eq!(refused.status, 404, "{login}: {}", refused.text);
        app.unban(login).await;
        assert_eq!(calendar.get(&path).await.status, 200);
    }
    app.work().await;
    app.finish().await;
}
