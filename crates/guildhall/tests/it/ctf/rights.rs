//! Links of coaches, and the accounts that were connected by them, while coaches come, go and are banned.

use ctf::{
    actions::{
        accept_roster_link, archive_roster, change_coach_role, confirm_account, create_join_link,
        invite_coach, move_competitor, remove_roster_coach, send_profile_link, set_coach_approved,
        share_roster,
    },
    model::{CoachId, CompetitorId, LinkKind, RosterId, RosterRole},
    rules::profile::ProfileInput,
};
use identity::{actions::grant_role, model::Role};
use platform::audit::Actor::Operator;
use testkit::rng::Rng;

use super::privacy_scene::{fields, minor};
use crate::app::{
    TestApp, logs,
    rights::{Reached, Rights, Sessions, hold},
};

const COACHES: [&str; 3] = ["marit-s", "tomas-b", "noor-k"];
/// People who make links: coaches or an admin.
const MAKERS: [&str; 4] = ["marit-s", "tomas-b", "noor-k", "admin"];
/// People who may hold a link to a competitor.
const PEOPLE: [&str; 3] = ["ada-q", "bo-l", "cy-m"];
/// An approved coach who opens the links.
const STRANGER: &str = "wren-oak";

struct Link {
    kind: LinkKind,
    token: String,
    maker: &'static str,
    competitor: Option<CompetitorId>,
    /// True once its maker was banned.
    is_void: bool,
}

/// An account that was connected with a competitor, and the person who answers for it.
struct Connection {
    login: &'static str,
    competitor: CompetitorId,
    answers: &'static str,
    is_void: bool,
}

struct Ctf {
    sessions: Sessions,
    coaches: Vec<CoachId>,
    rosters: [RosterId; 2],
    competitors: Vec<CompetitorId>,
    links: Vec<Link>,
    connections: Vec<Connection>,
}

impl Ctf {
    /// Returns whether a person who signs in could give what a link gives.
    async fn may_grant(&self, app: &TestApp, login: &str, roster: Option<RosterId>) -> bool {
        let page = match roster {
            Some(roster) => format!("/ctf/rosters/{roster}/settings"),
            None => "/admin/ctf".to_owned(),
        };
        self.sessions.opens(app, login, &page).await
    }

    async fn make(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let (context, post) = (app.context(), &app.server.post);
        let maker = *rng.pick(&MAKERS);
        let (actor, roster) = (app.actor(maker).await, self.rosters[0]);
        let competitor = *rng.pick(&self.competitors);
        let kinds = [LinkKind::Coach, LinkKind::Roster, LinkKind::Join, LinkKind::Profile];
        let kind = if rng.chance(50) { LinkKind::Profile } else { *rng.pick(&kinds) };
        let (competitor, place) = match kind {
            LinkKind::Coach => (None, None),
            LinkKind::Profile => (Some(competitor), Some(app.view(competitor).await.roster())),
            _ => (None, Some(roster)),
        };
        if !self.may_grant(app, maker, place).await {
            return format!("{maker} may make no link {kind:?}");
        }
        let made = match (kind, competitor) {
            (LinkKind::Coach, _) => invite_coach(context, post, actor, "").await,
            (LinkKind::Roster, _) => {
                share_roster(context, post, actor, roster, RosterRole::Coach, "").await
            }
            (_, Some(id)) => {
                send_profile_link(context, post, actor, id).await.map(|sent| sent.token)
            }
            _ => create_join_link(context, actor, roster).await,
        };
        if let Ok(token) = made {
            logs::plant(&token);
            self.links.push(Link { kind, token, maker, competitor, is_void: false });
        }
        format!("{maker} makes a link {kind:?}")
    }

    async fn connect(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let profiles = self.links.iter().rev().filter(|link| link.kind == LinkKind::Profile);
        let open: Vec<&Link> = profiles.take(3).collect();
        let login = *rng.pick(&PEOPLE);
        if open.is_empty() {
            return format!("{login} has no link");
        }
        let link = *rng.pick(&open);
        let Some(competitor) = link.competitor else {
            return format!("{login} has no link");
        };
        let was_connected = self.sessions.opens(app, login, "/ctf/me").await;
        let input = minor();
        let mut form = fields(&input);
        form.extend([("agreed", "0"), ("connect", "yes")]);
        let path = format!("/ctf/links/{}/profile", link.token);
        let answer = self.sessions.browser(app, login).post(&path, &form).await;
        if answer.status == 303 && !was_connected {
            let answers = link.maker;
            self.connections.push(Connection { login, competitor, answers, is_void: false });
        }
        format!("{login} connects by a link: {}", answer.status)
    }

    async fn change_coach(&self, app: &TestApp, rng: &mut Rng) -> String {
        let (context, index) = (app.context(), rng.index(COACHES.len()));
        let (login, coach, roster) = (COACHES[index], self.coaches[index], self.rosters[0]);
        match rng.below(5) {
            0 => {
                let removed = remove_roster_coach(context, Operator, roster, coach).await;
                format!("{login} is removed: {}", removed.is_ok())
            }
            1 | 2 => {
                let role = *rng.pick(&[RosterRole::Coach, RosterRole::Assistant]);
                let changed = change_coach_role(context, Operator, roster, coach, role).await;
                format!("{login} becomes {role:?}: {}", changed.is_ok())
            }
            3 => {
                let approved = rng.chance(60);
                let set = set_coach_approved(context, Operator, coach, approved).await;
                format!("{login} is approved {approved}: {}", set.is_ok())
            }
            _ => {
                let post = &app.server.post;
                let role = RosterRole::Coach;
                let made = share_roster(context, post, Operator, roster, role, "").await;
                let person = app.person_id(login).await.into();
                let joined = match made {
                    Ok(token) => accept_roster_link(context, person, &token).await.is_ok(),
                    Err(_) => false,
                };
                format!("{login} comes back: {joined}")
            }
        }
    }

    async fn ban(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let login = *rng.pick(&MAKERS);
        if !app.turn_ban(login).await {
            return format!("{login} is no longer banned");
        }
        let links = self.links.iter_mut().filter(|link| link.maker == login);
        links.for_each(|link| link.is_void = true);
        let connections = self.connections.iter_mut().filter(|it| it.answers == login);
        connections.for_each(|connection| connection.is_void = true);
        format!("{login} is banned")
    }

    /// Lets a person who may confirm an account, or move the competitor.
    async fn vouch(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let (context, login) = (app.context(), *rng.pick(&MAKERS));
        let (competitor, to) = (*rng.pick(&self.competitors), *rng.pick(&self.rosters));
        let roster = app.view(competitor).await.roster();
        let may = self.may_grant(app, login, Some(roster)).await;
        if !may || !self.may_grant(app, login, Some(to)).await {
            return format!("{login} may not confirm");
        }
        let actor = app.actor(login).await;
        let done = if rng.chance(50) {
            confirm_account(context, actor, competitor).await
        } else {
            move_competitor(context, actor, competitor, to).await
        };
        // Moving someone to where they are confirms nothing.
        if done.is_ok() && app.view(competitor).await.connected_by_id == actor.person() {
            let own = self.connections.iter_mut().filter(|it| it.competitor == competitor);
            own.for_each(|connection| {
                (connection.answers, connection.is_void) = (login, false);
            });
        }
        format!("{login} confirms or moves a competitor: {}", done.is_ok())
    }
}

impl Rights for Ctf {
    async fn begin(app: &TestApp) -> Self {
        let (marit, roster) = app.roster("marit-s").await;
        let tomas = app.shared_with(roster, "tomas-b", RosterRole::Coach).await;
        let (noor, elsewhere) = app.roster("noor-k").await;
        app.coach(STRANGER).await;
        let mut competitors = Vec::new();
        for number in 0..3 {
            let address = format!("pupil-{number}@harbor.example");
            let profile = ProfileInput { email_school: address, ..minor() };
            competitors.push(app.added(roster, &profile).await);
        }
        let logins = [&MAKERS[..], &PEOPLE[..], &[STRANGER, "admin-2"][..]].concat();
        let sessions = Sessions::of(app, &logins).await;
        for login in ["admin", "admin-2"] {
            grant_role(app.context(), Operator, login, Role::Admin).await.expect("granted");
        }
        Self {
            sessions,
            coaches: vec![marit, tomas, noor],
            rosters: [roster, elsewhere],
            competitors,
            links: Vec::new(),
            connections: Vec::new(),
        }
    }

    async fn step(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        match rng.below(12) {
            0..4 => self.make(app, rng).await,
            4..6 => self.connect(app, rng).await,
            6..8 => self.change_coach(app, rng).await,
            8..10 => self.ban(app, rng).await,
            10 => self.vouch(app, rng).await,
            _ if rng.chance(30) => {
                let archived = archive_roster(app.context(), Operator, self.rosters[1]).await;
                format!("a roster is archived: {}", archived.is_ok())
            }
            _ => {
                let role = *rng.pick(&[Role::User, Role::Admin]);
                grant_role(app.context(), Operator, "admin", role).await.expect("granted");
                format!("admin becomes {role}")
            }
        }
    }

    async fn look(&mut self, app: &TestApp) -> Reached {
        let mut reached = Reached::default();
        for link in &self.links {
            let path = format!("/ctf/links/{}", link.token);
            if !self.sessions.opens(app, STRANGER, &path).await {
                continue;
            }
            let roster = match (link.kind, link.competitor) {
                (LinkKind::Coach, _) => None,
                (_, Some(id)) => Some(app.view(id).await.roster()),
                _ => Some(self.rosters[0]),
            };
            let may = self.may_grant(app, link.maker, roster).await;
            reached.add(may && !link.is_void, || format!("{:?} of {}", link.kind, link.maker));
        }
        for login in PEOPLE {
            if !self.sessions.opens(app, login, "/ctf/me").await {
                continue;
            }
            let own = self.connections.iter().rev().find(|it| it.login == login);
            let own = own.expect("connected");
            let roster = app.view(own.competitor).await.roster();
            let may = self.may_grant(app, own.answers, Some(roster)).await;
            reached.add(may && !own.is_void, || format!("{login} connected by {}", own.answers));
        }
        reached
    }
}

#[tokio::test]
async fn links_and_accounts_follow_the_rights_of_those_who_answer_for_them() {
    hold::<Ctf>().await;
}

#[tokio::test]
async fn an_accomplice_who_connected_before_is_disconnected_unless_another_coach_confirmed() {
    for is_confirmed in [false, true] {
        let app = TestApp::start().await;
        let mut ctf = Ctf::begin(&app).await;
        let (marit, id) = (app.actor("marit-s").await, ctf.competitors[0]);
        let sent = send_profile_link(app.context(), &app.server.post, marit, id).await;
        let token = sent.expect("made").token;
        logs::plant(&token);
        let link = Link {
            kind: LinkKind::Profile,
            token,
            maker: "marit-s",
            competitor: Some(id),
            is_void: false,
        };
        ctf.links.push(link);
        let connected = ctf.connect(&app, &mut Rng::new(1)).await;
        assert!(connected.contains("303"), "{connected}");
        let login = ctf.connections[0].login;
        assert!(ctf.sessions.opens(&app, login, "/ctf/me").await);
        let page = format!("/ctf/competitors/{id}/profile");
        let tomas = ctf.sessions.browser(&app, "tomas-b");
        let shown = tomas.get(&page).await.text;
        assert!(shown.contains("Connected through a link of <bdi>marit-s</bdi>"), "{shown}");
        if is_confirmed {
            let confirm = format!("{page}/confirm-account");
            assert_eq!(tomas.post(&confirm, &[]).await.location(), page);
            assert!(!tomas.get(&page).await.text.contains("Connected through"));
        }
        let coach = ctf.coaches[0];
        let remove = format!("/ctf/rosters/{}/coaches/{coach}/remove", ctf.rosters[0]);
        assert_eq!(tomas.post(&remove, &[]).await.status, 303);
        assert_eq!(ctf.sessions.opens(&app, login, "/ctf/me").await, is_confirmed);
        let audited = app.audited("ctf_competitor.disconnect").await;
        assert_eq!(audited, i64::from(!is_confirmed));
        // A new link connects the account again.
        if !is_confirmed {
            let again = app.connected(id, login).await;
            assert_eq!(app.view(id).await.user_id, Some(again.0));
        }
        app.work().await;
        app.finish().await;
    }
}

#[tokio::test]
async fn a_ban_that_is_over_revives_no_link_and_no_account() {
    let app = TestApp::start().await;
    let mut ctf = Ctf::begin(&app).await;
    let (context, marit, id) = (app.context(), app.actor("marit-s").await, ctf.competitors[0]);
    let sent = send_profile_link(context, &app.server.post, marit, id).await.expect("made");
    let join = create_join_link(context, marit, ctf.rosters[0]).await.expect("made");
    [&sent.token, &join].into_iter().for_each(|token| logs::plant(token));
    let competitor = Some(id);
    let maker = "marit-s";
    let token = sent.token;
    ctf.links.push(Link { kind: LinkKind::Profile, token, maker, competitor, is_void: false });
    let connected = ctf.connect(&app, &mut Rng::new(1)).await;
    assert!(connected.contains("303"), "{connected}");
    app.ban("marit-s").await;
    app.unban("marit-s").await;
    let path = format!("/ctf/links/{join}");
    assert!(!ctf.sessions.opens(&app, STRANGER, &path).await);
    app.work().await;
    assert!(!ctf.sessions.opens(&app, ctf.connections[0].login, "/ctf/me").await);
    app.finish().await;
}
