//! Links are worth what their makers may grant when they are used, and show nothing that is stored.

use ctf::{
    actions::{create_join_link, move_competitor, send_profile_link, share_roster},
    model::{CoachId, CompetitorId, LinkKind, RosterId, RosterRole},
    reads,
    rules::profile::ProfileInput,
};
use identity::{
    actions::grant_role,
    model::{Role, UserId},
};
use platform::audit::Actor::Operator;

use super::privacy_scene::{fields, minor};
use crate::app::{TestApp, browser::Browser, logs};

/// Words stored about the competitor, which no page of a link shows.
const STORED: [&str; 3] = ["Quillfeather", "bartholomew@home.example", "ottoline@harbor.example"];

/// A roster that `marit-s` and `tomas-b` coach, with a competitor.
struct Scene {
    roster: RosterId,
    marit: CoachId,
    competitor: CompetitorId,
}

impl Scene {
    async fn new(app: &TestApp) -> Self {
        let (marit, roster) = app.roster("marit-s").await;
        app.shared_with(roster, "tomas-b", RosterRole::Coach).await;
        app.coach("wren-oak").await;
        Self { roster, marit, competitor: app.added(roster, &minor()).await }
    }

    fn page(&self) -> String {
        format!("/ctf/rosters/{}", self.roster)
    }

    /// Lets `tomas-b` remove `marit-s` from the roster.
    async fn remove_marit(&self, app: &TestApp) {
        let tomas = app.browser_of("tomas-b").await;
        let coaches = format!("{}/coaches", self.page());
        let removed = tomas.post(&format!("{coaches}/{}/remove", self.marit), &[]).await;
        assert_eq!(removed.location(), coaches);
    }

    /// Makes a link of each kind that coaches make.
    async fn links_by(&self, app: &TestApp, login: &str) -> Vec<(LinkKind, String)> {
        let (context, post, actor) = (app.context(), &app.server.post, app.actor(login).await);
        let shared = share_roster(context, post, actor, self.roster, RosterRole::Coach, "").await;
        let join = create_join_link(context, actor, self.roster).await;
        let profile = send_profile_link(context, post, actor, self.competitor).await;
        let consent = app.consent_token_by(actor, self.competitor).await;
        let links = vec![
            (LinkKind::Roster, shared.expect("made")),
            (LinkKind::Join, join.expect("made")),
            (LinkKind::Profile, profile.expect("made").token),
            (LinkKind::Consent, consent),
        ];
        for (_, token) in &links {
            logs::plant(token);
        }
        links
    }

    /// Makes a profile link over HTTP; returns its path.
    async fn profile_link_by(&self, app: &TestApp, login: &str) -> String {
        let coach = app.browser_of(login).await;
        let link = format!("/ctf/competitors/{}/profile/link", self.competitor);
        let made = coach.post(&link, &[]).await.text;
        let (_, rest) = made.split_once("/ctf/links/").expect("a link");
        let (token, _) = rest.split_once('<').expect("its end");
        logs::plant(token);
        format!("/ctf/links/{token}")
    }

    async fn change(&self, app: &TestApp, case: &str) {
        let page = self.page();
        let (tomas, id) = (app.browser_of("tomas-b").await, self.competitor.to_string());
        let admin = app.browser_with("admin", Role::Admin).await;
        let changed = match case {
            "removed" => return self.remove_marit(app).await,
            "banned" => return app.ban("marit-s").await,
            "moved" => {
                let (_, elsewhere) = app.roster("noor-k").await;
                let moved = move_competitor(app.context(), Operator, self.competitor, elsewhere);
                return moved.await.expect("moved");
            }
            "demoted" => {
                let role = format!("{page}/coaches/{}/role", self.marit);
                tomas.post(&role, &[("role", "assistant")]).await
            }
            "suspended" => {
                admin.post(&format!("/admin/ctf/coaches/{}/suspend", self.marit), &[]).await
            }
            "archived" => tomas.post(&format!("{page}/archive"), &[]).await,
            _ => {
                let year = [("name", "Owls"), ("school_year", "2027/28"), ("competitor", &*id)];
                tomas.post(&format!("{page}/new-year"), &year).await
            }
        };
        assert_eq!(changed.status, 303, "{case}: {}", changed.text);
    }
}

/// Returns the paths of the forms of a link.
fn forms(kind: LinkKind) -> &'static [&'static str] {
    match kind {
        LinkKind::Coach | LinkKind::Roster | LinkKind::Join => &[""],
        LinkKind::Profile => &["/profile"],
        LinkKind::Consent => &["/consent", "/withdraw"],
    }
}

fn shows_nothing(text: &str) {
    for word in STORED {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// Checks that a link cannot be used, not even by an approved coach, and that its page shows nothing.
async fn is_worth_nothing(app: &TestApp, kind: LinkKind, token: &str, case: &str) {
    let (wren, path) = (app.browser_of("wren-oak").await, format!("/ctf/links/{token}"));
    // A refused form shows what was typed, so nothing of it may be what is stored.
    let input = ProfileInput {
        last_name: "Oak".to_owned(),
        parent_name: "Rook Oak".to_owned(),
        email_school: "wren@harbor.example".to_owned(),
        parent_email: "rook@home.example".to_owned(),
        ..minor()
    };
    let mut form = fields(&input);
    form.extend([("agreed", "0"), ("connect", "yes"), ("division", "college")]);
    let mut answers = vec![wren.get(&path).await];
    for end in forms(kind) {
        answers.push(wren.post(&format!("{path}{end}"), &form).await);
    }
    for answer in answers {
        assert_eq!(answer.status, 410, "{case}, {kind:?}: {}", answer.text);
        assert!(answer.text.contains("for a new link"), "{case}, {kind:?}: {}", answer.text);
        shows_nothing(&answer.text);
    }
}

#[tokio::test]
async fn a_link_of_any_kind_is_worth_what_its_maker_may_grant() {
    let cases = ["removed", "demoted", "suspended", "banned", "moved", "archived", "a new year"];
    for case in cases {
        let app = TestApp::start().await;
        let scene = Scene::new(&app).await;
        let links = scene.links_by(&app, "marit-s").await;
        let wren = app.browser_of("wren-oak").await;
        for (kind, token) in &links {
            let page = wren.get(&format!("/ctf/links/{token}")).await;
            assert_eq!(page.status, 200, "{kind:?}: {}", page.text);
            shows_nothing(&page.text);
        }
        scene.change(&app, case).await;
        // A link that was not revoked gives nothing either, unless its maker coaches the competitor's roster.
        for is_revoked in [true, false] {
            if !is_revoked {
                app.change("UPDATE ctf_links SET revoked_at = NULL").await.expect("changed");
            }
            for (kind, token) in &links {
                let is_of_competitor = matches!(kind, LinkKind::Profile | LinkKind::Consent);
                let has_ended = match case {
                    "moved" => is_of_competitor,
                    "a new year" => is_revoked || !is_of_competitor,
                    _ => true,
                };
                if has_ended {
                    is_worth_nothing(&app, *kind, token, case).await;
                } else {
                    let page = wren.get(&format!("/ctf/links/{token}")).await;
                    assert_eq!(page.status, 200, "{case}, {kind:?}: {}", page.text);
                }
            }
        }
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn an_invitation_to_become_a_coach_ends_with_the_role_of_the_admin() {
    let app = TestApp::start().await;
    app.browser_with("admin-2", Role::Admin).await;
    let admin = app.browser_with("admin", Role::Admin).await;
    app.coach("wren-oak").await;
    let made = admin.post("/admin/ctf", &[("email", "")]).await.text;
    let (_, rest) = made.split_once("/ctf/links/").expect("a link");
    let (token, _) = rest.split_once('<').expect("its end");
    logs::plant(token);
    let ada = app.browser_of("ada-q").await;
    let path = format!("/ctf/links/{token}");
    assert_eq!(ada.get(&path).await.status, 200);
    grant_role(app.context(), Operator, "admin", Role::User).await.expect("demoted");
    is_worth_nothing(&app, LinkKind::Coach, token, "demoted").await;
    grant_role(app.context(), Operator, "admin", Role::Admin).await.expect("an admin");
    assert_eq!(ada.get(&path).await.status, 200);
    app.ban("admin").await;
    is_worth_nothing(&app, LinkKind::Coach, token, "banned").await;
    app.work().await;
    app.finish().await;
}

#[tokio::test]
async fn a_coach_does_not_return_by_a_link_to_share_the_roster() {
    for (case, left) in [("removed", None), ("demoted", Some(RosterRole::Assistant))] {
        let app = TestApp::start().await;
        let scene = Scene::new(&app).await;
        let (context, post) = (app.context(), &app.server.post);
        let mut links = Vec::new();
        // The second one was meant for them or handed to them.
        for login in ["marit-s", "tomas-b"] {
            let (actor, role) = (app.actor(login).await, RosterRole::Coach);
            let made = share_roster(context, post, actor, scene.roster, role, "").await;
            links.push(made.expect("made"));
        }
        scene.change(&app, case).await;
        let marit = app.browser_of("marit-s").await;
        for token in &links {
            logs::plant(token);
            let refused = marit.post(&format!("/ctf/links/{token}"), &[]).await;
            assert_eq!(refused.status, 410, "{case}: {}", refused.text);
        }
        let person: UserId = app.person_id("marit-s").await.into();
        let role = reads::roster_role(&context.db, scene.roster, person).await;
        assert_eq!(role.expect("read"), left);
        let profile = format!("/ctf/competitors/{}/profile", scene.competitor);
        assert_ne!(marit.get(&profile).await.status, 200);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_profile_link_shows_nothing_and_keeps_what_is_left_empty() {
    let app = TestApp::start().await;
    let scene = Scene::new(&app).await;
    let path = scene.profile_link_by(&app, "marit-s").await;
    let visitor = Browser::new(&app);
    let page = visitor.get(&path).await;
    assert_eq!(page.status, 200);
    shows_nothing(&page.text);
    assert!(!page.text.contains("Ottoline"), "{}", page.text);
    let form = [
        ("first_name", "Ottoline"),
        ("last_name", "Quillfeather"),
        ("grade", "11"),
        ("agreed", "0"),
    ];
    assert_eq!(visitor.post(&format!("{path}/profile"), &form).await.location(), "/");
    let view = app.view(scene.competitor).await;
    assert_eq!((view.is_18_or_over, view.grade), (Some(false), Some(11)));
    assert_eq!(view.parent_email.as_deref(), Some("bartholomew@home.example"));
    app.finish().await;
}

#[tokio::test]
async fn an_accomplice_of_a_former_coach_does_not_become_the_competitor() {
    let app = TestApp::start().await;
    let scene = Scene::new(&app).await;
    let path = scene.profile_link_by(&app, "marit-s").await;
    scene.remove_marit(&app).await;
    let accomplice = app.browser_of("wren-2").await;
    let input = minor();
    let mut form = fields(&input);
    form.extend([("agreed", "0"), ("connect", "yes")]);
    let refused = accomplice.post(&format!("{path}/profile"), &form).await;
    assert_eq!(refused.status, 410, "{}", refused.text);
    assert_eq!(app.view(scene.competitor).await.user_id, None);
    assert_eq!(accomplice.get("/ctf/me").await.status, 404);
    app.finish().await;
}

#[tokio::test]
async fn links_of_a_former_year_show_nothing_of_the_next_one() {
    let app = TestApp::start().await;
    let scene = Scene::new(&app).await;
    app.connected(scene.competitor, "ada-q").await;
    let links = scene.links_by(&app, "marit-s").await;
    scene.change(&app, "archived").await;
    let (_, next) = app.roster("noor-k").await;
    let year = "UPDATE rosters SET school_year = '2027/28' WHERE archived_at IS NULL";
    app.change(year).await.expect("a later year");
    let join = format!("/ctf/links/{}", app.join_token(next).await);
    let ada = app.browser_of("ada-q").await;
    let name = [("first_name", "Ottoline"), ("last_name", "Quillfeather")];
    assert_eq!(ada.post(&join, &name).await.location(), "/ctf/me");
    assert_eq!(app.view(scene.competitor).await.roster(), next);
    for (kind, token) in &links {
        is_worth_nothing(&app, *kind, token, "the next year").await;
    }
    app.change("UPDATE ctf_links SET revoked_at = NULL").await.expect("changed");
    for (kind, token) in &links {
        is_worth_nothing(&app, *kind, token, "the next year").await;
    }
    app.finish().await;
}

#[tokio::test]
async fn a_parent_who_consented_can_only_withdraw_once_the_coach_is_gone() {
    let app = TestApp::start().await;
    let scene = Scene::new(&app).await;
    let marit = app.actor("marit-s").await;
    let token = app.consent_token_by(marit, scene.competitor).await;
    let path = format!("/ctf/links/{token}");
    let parent = Browser::new(&app);
    let consent = [("parent_name", "Bartholomew Quillfeather"), ("agreed", "0")];
    let give = format!("{path}/consent");
    assert_eq!(parent.post(&give, &consent).await.location(), path);
    scene.remove_marit(&app).await;
    let page = parent.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    assert!(page.text.contains("Withdraw consent"), "{}", page.text);
    assert!(!page.text.contains("Ottoline"), "{}", page.text);
    shows_nothing(&page.text);
    assert_eq!(parent.post(&format!("{path}/withdraw"), &[]).await.location(), path);
    assert!(!app.view(scene.competitor).await.is_released());
    let page = parent.get(&path).await.text;
    assert!(page.contains("No consent is on record"), "{page}");
    let refused = parent.post(&give, &consent).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    assert!(!app.view(scene.competitor).await.is_released());
    app.finish().await;
}

#[tokio::test]
async fn another_address_revokes_the_links_that_were_sent_to_the_former_one() {
    let app = TestApp::start().await;
    let scene = Scene::new(&app).await;
    let marit = app.browser_of("marit-s").await;
    let profile = format!("/ctf/competitors/{}/profile", scene.competitor);
    let links = scene.links_by(&app, "marit-s").await;
    let is_of_competitor = |kind: LinkKind| matches!(kind, LinkKind::Profile | LinkKind::Consent);
    for (address, status) in [("bartholomew@home.example", 200), ("bo@home.example", 410)] {
        let input =
            ProfileInput { grade: "11".to_owned(), parent_email: address.to_owned(), ..minor() };
        assert_eq!(marit.post(&profile, &fields(&input)).await.location(), profile);
        for (kind, token) in links.iter().filter(|(kind, _)| is_of_competitor(*kind)) {
            let page = Browser::new(&app).get(&format!("/ctf/links/{token}")).await;
            assert_eq!(page.status, status, "{kind:?}: {}", page.text);
        }
    }
    app.finish().await;
}
