//! Links: joining a roster, and links that can no longer be used.

use chrono::TimeDelta;
use ctf::{
    actions::{
        Invite, accept_coach_link, accept_join_link, confirm_all, invite, remove_competitor,
        revoke_coach_link, revoke_roster_link,
    },
    model::{CompetitorStatus, LinkKind, RosterRole},
    reads,
};
use identity::model::Role;
use platform::audit::Actor::Operator;

use super::{coaches::code, scene::harbor};
use crate::app::{TestApp, browser::Browser};

fn sharing(roster: ctf::model::RosterId) -> Invite {
    Invite {
        kind: LinkKind::Roster,
        roster: Some(roster),
        competitor: None,
        role: Some(RosterRole::Coach),
        email: None,
    }
}

#[tokio::test]
async fn several_people_join_by_one_link() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let marit = app.browser_of("marit-s").await;
    let made = marit.post(&format!("/ctf/rosters/{roster}/join-link"), &[]).await;
    assert_eq!(made.status, 200);
    let (_, rest) = made.text.split_once("/ctf/links/").expect("a link");
    let (token, _) = rest.split_once('<').expect("its end");
    crate::app::logs::plant(token);
    let path = format!("/ctf/links/{token}");
    let visitor = Browser::new(&app).get(&path).await;
    let back = ui::format::segment(&path);
    assert_eq!(visitor.location(), format!("/sign-in?return={back}"));
    for login in ["ada-q", "bo-f"] {
        let student = app.browser_of(login).await;
        let page = student.get(&path).await.text;
        assert!(page.contains("Join Harbor Owls"), "{page}");
        let refused = student.post(&path, &[("first_name", "Ada")]).await;
        refused.refuses_form(422, Some("last_name"), "missing");
        let name = [("first_name", "Ada"), ("last_name", "Quill")];
        assert_eq!(student.post(&path, &name).await.location(), "/ctf/me");
        // Repeating it changes nothing.
        assert_eq!(student.post(&path, &name).await.location(), "/ctf/me");
        let person = app.person_id(login).await.into();
        let own = reads::competitor_of(&app.context().db, person).await;
        let own = own.expect("read").expect("a competitor");
        assert_eq!(own.status, CompetitorStatus::Pending);
        assert_eq!(own.name(), "Ada Quill");
    }
    assert_eq!(app.count("SELECT count(*) FROM competitors").await, 2);
    let home = marit.get("/ctf").await.text;
    assert!(home.contains("2 to confirm"), "{home}");
    let joined = "SELECT count(*) FROM audit_logs WHERE action = 'ctf_competitor.join'";
    assert_eq!(app.count(joined).await, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_person_is_one_competitor_and_moves_after_leaving() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (_, elsewhere) = app.roster("tomas-b").await;
    let id = app.joined(roster, "ada-q").await;
    let ada = app.person_id("ada-q").await.into();
    let token = app.join_token(elsewhere).await;
    let refused = accept_join_link(app.context(), ada, &token, "Ada", "Quill").await;
    assert_eq!(code(refused), "ALREADY_COMPETITOR");
    app.change("UPDATE competitors SET left_at = created_at").await.expect("left");
    let joined = accept_join_link(app.context(), ada, &token, "Ada", "Quill").await;
    assert_eq!(joined.expect("joined").competitor, id, "with their history");
    let own = reads::competitor(&app.context().db, id).await.expect("read");
    let own = own.expect("a competitor");
    assert_eq!((own.roster(), own.left_at), (elsewhere, None));
    let marit = app.person_id("marit-s").await.into();
    let own_link = app.join_token(roster).await;
    let refused = accept_join_link(app.context(), marit, &own_link, "Ada", "Quill").await;
    assert_eq!(code(refused), "ALREADY_COACH");
    app.finish().await;
}

#[tokio::test]
async fn a_person_who_joins_twice_at_once_is_one_competitor() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let token = app.join_token(roster).await;
    let ada = app.ctf_person("ada-q").await;
    let join = || accept_join_link(app.context(), ada, &token, "Ada", "Quill");
    let outcomes = futures_util::future::join_all((0..5).map(|_| join())).await;
    let joined: Vec<_> = outcomes.into_iter().map(|it| it.expect("joined")).collect();
    assert_eq!(joined.iter().filter(|it| it.is_new).count(), 1);
    assert_eq!(app.count("SELECT count(*) FROM competitors").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn people_who_join_at_once_fill_a_roster_and_no_more() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (_, elsewhere) = app.roster("tomas-b").await;
    let leaver = app.joined(elsewhere, "person-0").await;
    remove_competitor(app.context(), Operator, leaver).await.expect("left");
    app.filled(roster, 998).await;
    let token = app.join_token(roster).await;
    let mut people = Vec::new();
    for number in 0..5 {
        people.push(app.ctf_person(&format!("person-{number}")).await);
    }
    let joins = people.iter().map(|person| {
        let (context, token, person) = (app.context().clone(), token.clone(), *person);
        tokio::spawn(
            async move { accept_join_link(&context, person, &token, "Ada", "Quill").await },
        )
    });
    let joins: Vec<_> = joins.collect();
    let mut joined = 0;
    for join in joins {
        match join.await.expect("a task") {
            Ok(_) => joined += 1,
            Err(refused) => assert_eq!(code(Err::<(), _>(refused)), "ROSTER_FULL"),
        }
    }
    assert_eq!(joined, 2);
    let present = "SELECT count(*) FROM competitors WHERE left_at IS NULL";
    assert_eq!(app.count(present).await, 1_000);
    // Those who joined can be confirmed, and joining again changes nothing.
    let confirmed = confirm_all(app.context(), Operator, roster).await;
    assert_eq!(confirmed.expect("confirmed"), 2);
    let mut repeated = 0;
    for person in people {
        let again = accept_join_link(app.context(), person, &token, "Ada", "Quill").await;
        repeated += usize::from(again.is_ok_and(|joined| !joined.is_new));
    }
    assert_eq!(repeated, 2);
    app.finish().await;
}

#[tokio::test]
async fn a_link_to_assist_says_first_who_can_accept_it() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let path = format!("/ctf/links/{}", app.share_token(roster, RosterRole::Assistant).await);
    let wren = app.browser_of("wren-oak").await;
    let page = wren.get(&path).await.text;
    assert!(page.contains("Become a coach first"), "{page}");
    assert!(!page.contains("Accept</button>"), "{page}");
    app.coach("wren-oak").await;
    let page = wren.get(&path).await.text;
    assert!(page.contains("As an assistant") && page.contains("Accept</button>"), "{page}");
    assert_eq!(wren.post(&path, &[]).await.location(), format!("/ctf/rosters/{roster}"));
    app.finish().await;
}

#[tokio::test]
async fn a_link_for_one_person_is_accepted_by_one_of_many() {
    let app = TestApp::start().await;
    let token = app.coach_token().await;
    let mut people = Vec::new();
    for number in 0..5 {
        people.push(app.ctf_person(&format!("person-{number}")).await);
    }
    let details = harbor();
    let accepting =
        people.into_iter().map(|person| accept_coach_link(app.context(), person, &token, &details));
    let outcomes = futures_util::future::join_all(accepting).await;
    assert_eq!(outcomes.iter().filter(|it| it.is_ok()).count(), 1);
    for refused in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(code(refused), "CTF_LINK_ENDED");
    }
    assert_eq!(app.count("SELECT count(*) FROM coaches").await, 1);
    app.finish().await;
}

#[tokio::test]
async fn links_that_ended_say_why_and_what_to_do() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let wren = app.browser_of("wren-oak").await;
    let context = app.context();
    let (link, revoked) = invite(context, Operator, sharing(roster)).await.expect("made");
    revoke_roster_link(context, Operator, roster, link).await.expect("revoked");
    revoke_roster_link(context, Operator, roster, link).await.expect("repeated");
    let replaced = app.join_token(roster).await;
    let expired = app.join_token(roster).await;
    let used = app.coach_token().await;
    let person = app.ctf_person("tomas-b").await;
    accept_coach_link(context, person, &used, &harbor()).await.expect("a coach");
    app.clock.advance(TimeDelta::days(31));
    let wren_again = app.browser_of("wren-oak").await;
    drop(wren);
    for (token, heading, next) in [
        (&revoked, "This link was revoked", "a coach of the roster"),
        (&replaced, "This link was revoked", "your coach"),
        (&expired, "This link has expired", "last 30 days"),
        (&used, "This link was already used", "an admin of this server"),
    ] {
        let path = format!("/ctf/links/{token}");
        for answer in [wren_again.get(&path).await, wren_again.post(&path, &[]).await] {
            assert_eq!(answer.status, 410, "{}", answer.text);
            assert!(answer.text.contains(heading), "{heading}: {}", answer.text);
            assert!(answer.text.contains(next), "{next}: {}", answer.text);
        }
    }
    let unknown = format!("/ctf/links/{}", "0".repeat(64));
    for path in [unknown.as_str(), "/ctf/links/short"] {
        for answer in [wren_again.get(path).await, wren_again.post(path, &[]).await] {
            assert_eq!(answer.status, 404);
            assert!(answer.text.contains("Unknown link"), "{}", answer.text);
        }
    }
    app.finish().await;
}

#[tokio::test]
async fn a_link_is_stored_only_as_a_digest_and_works_for_its_kind_only() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let token = app.join_token(roster).await;
    let stored = app.values("SELECT digest AS value FROM ctf_links").await;
    assert!(stored.iter().all(|digest| digest.len() == 64 && *digest != token));
    let person = app.ctf_person("ada-q").await;
    let refused = accept_coach_link(app.context(), person, &token, &harbor()).await;
    assert_eq!(code(refused), "NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn only_links_of_the_roster_are_revoked_on_its_page() {
    let app = TestApp::start().await;
    let (_, roster) = app.roster("marit-s").await;
    let (_, elsewhere) = app.roster("tomas-b").await;
    let context = app.context();
    let (link, _) = invite(context, Operator, sharing(elsewhere)).await.expect("made");
    let refused = revoke_roster_link(context, Operator, roster, link).await;
    assert_eq!(code(refused), "NOT_FOUND");
    let refused = revoke_coach_link(context, Operator, link).await;
    assert_eq!(code(refused), "NOT_FOUND");
    let tomas = app.browser_of("tomas-b").await;
    let settings = format!("/ctf/rosters/{elsewhere}/settings");
    assert!(tomas.get(&settings).await.text.contains("Share as coach"));
    let revoke = format!("/ctf/rosters/{elsewhere}/links/{link}/revoke");
    assert_eq!(tomas.post(&revoke, &[]).await.location(), settings);
    assert!(tomas.get(&settings).await.text.contains("No open invitations"));
    app.finish().await;
}

#[tokio::test]
async fn addresses_of_expired_invitations_are_forgotten() {
    let (app, _) = TestApp::mailing().await;
    let admin = app.browser_with("admin", Role::Admin).await;
    admin.post("/admin/ctf", &[("email", "marit@harbor.example")]).await.location();
    app.work().await;
    assert_eq!(app.run_schedule("CtfInvitationRetention").await, "0 addresses");
    app.clock.advance(TimeDelta::days(31));
    assert_eq!(app.run_schedule("CtfInvitationRetention").await, "1 address");
    let stored = "SELECT count(*) FROM ctf_links WHERE email IS NOT NULL";
    assert_eq!(app.count(stored).await, 0);
    app.finish().await;
}
