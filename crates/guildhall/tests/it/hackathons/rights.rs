//! Codes, invitations and calendars of a private hackathon, while its staff and the members of a team change and are
//! banned. Invitations to the staff by email are among them.

use hackathons::{
    FRIENDS,
    actions::{add_staff, remove_staff},
    model::StaffRole,
    reads,
};
use platform::{
    audit::Actor::{Operator, Person},
    flags::{self, FlagChange},
};
use serde_json::{Value, json};
use testkit::rng::Rng;

use super::scene::private_calendar;
use crate::app::{
    TestApp,
    browser::Browser,
    rights::{Reached, Rights, Sessions, hold},
};

const SLUG: &str = "low-tide";
const EVENT: &str = "/api/v1/hackathons/low-tide";
const OWN: &str = "/api/v1/me/hackathons/low-tide";
const FEED: &str = "/api/v1/me/hackathon-calendar";
const PEOPLE: [&str; 6] = ["organizer", "bo", "ada", "cy", "dee", "eve"];

/// The address that `eve` verified.
const EVE: &str = "eve@oak.example";

/// A code or an address, and the person who knows it.
type Known = (String, &'static str);

struct Hackathon {
    sessions: Sessions,
    /// Codes of the invitation link.
    links: Vec<Known>,
    /// Codes of the team.
    codes: Vec<Known>,
    calendars: Vec<Known>,
    /// The present addresses of personal calendars, and the former ones.
    feeds: Vec<Known>,
    former_feeds: Vec<Known>,
    /// People who sent the open invitation to the team.
    inviters: Vec<&'static str>,
    /// Tokens of invitations of `eve` to the staff, with their senders, and of those that must never work again.
    tokens: Vec<Known>,
    former_tokens: Vec<Known>,
}

fn note(known: &mut Vec<Known>, text: &str, login: &'static str) {
    let new = (text.to_owned(), login);
    if !known.contains(&new) {
        known.push(new);
    }
}

impl Hackathon {
    /// Returns what a person reads at an address of the API; null if they may not.
    async fn read(&self, app: &TestApp, login: &str, path: &str) -> Value {
        let answer = self.sessions.browser(app, login).get(path).await;
        if answer.status == 200 { answer.json() } else { Value::Null }
    }

    async fn call(
        &self,
        app: &TestApp,
        login: &str,
        method: &str,
        part: &str,
        body: Option<Value>,
    ) -> u16 {
        let browser = self.sessions.browser(app, login);
        let answer = browser.call(method, &format!("{OWN}/{part}"), body.as_ref()).await;
        answer.status.as_u16()
    }

    async fn sees_link(&self, app: &TestApp, login: &str) -> bool {
        self.read(app, login, EVENT).await["invitation"].is_string()
    }

    async fn change_staff(&self, app: &TestApp, rng: &mut Rng) -> String {
        let (context, slug) = (app.context(), SLUG);
        let roles = [StaffRole::Organizer, StaffRole::Organizer, StaffRole::Mentor];
        let changed = if rng.chance(30) {
            remove_staff(context, Operator, slug, "bo").await.is_ok()
        } else {
            add_staff(context, Operator, slug, "bo", *rng.pick(&roles)).await.is_ok()
        };
        let role = self.read(app, "bo", EVENT).await["invitation"].is_string();
        format!("the role of bo changes: {changed}, organizes: {role}")
    }

    async fn change_team(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let member = "team/members/cy";
        match rng.below(4) {
            0 => format!("ada removes cy: {}", self.call(app, "ada", "DELETE", member, None).await),
            1 => {
                let code = self.codes.last().expect("a code").0.clone();
                let cy = self.sessions.browser(app, "cy");
                let joined = cy.post("/hackathon-teams/join", &[("code", &code)]).await;
                format!("cy joins: {}", joined.status)
            }
            2 => {
                let role = json!({ "role": *rng.pick(&["co_leader", "member"]) });
                let set = self.call(app, "ada", "PUT", member, Some(role.clone())).await;
                format!("cy gets {role}: {set}")
            }
            _ => {
                let inviter = *rng.pick(&["ada", "cy"]);
                let sent = self.call(app, inviter, "PUT", "team/invitations/dee", None).await;
                if sent == 204 {
                    self.inviters.push(inviter);
                }
                format!("{inviter} invites dee: {sent}")
            }
        }
    }

    async fn change_invitations(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        match rng.below(4) {
            0 => {
                // What was sent to them before must not let them return.
                let was_in = self.is_in_staff(app, "eve").await;
                remove_staff(app.context(), Operator, SLUG, "eve").await.expect("removed");
                if was_in {
                    self.former_tokens.append(&mut self.tokens);
                }
                format!("eve is removed from the staff: {was_in}")
            }
            1 => {
                let login = *rng.pick(&["eve", "cy"]);
                let mut accepted = false;
                for (token, _) in &self.tokens {
                    let path = format!("/hackathon-invitations/{token}");
                    let answer = self.sessions.browser(app, login).post(&path, &[]).await;
                    accepted |= answer.status == 303;
                }
                assert!(!accepted || login == "eve", "{login} accepted");
                format!("{login} accepts: {accepted}")
            }
            _ => {
                let login = *rng.pick(&["organizer", "bo"]);
                let may = self.sees_link(app, login).await;
                if may {
                    // An address gets only a few such emails a day.
                    app.change("DELETE FROM stranger_emails").await.expect("forgotten");
                    let actor = Person(app.person_id(login).await);
                    let sent = app.invites(actor, SLUG, EVE, StaffRole::Mentor).await;
                    self.former_tokens.append(&mut self.tokens);
                    note(&mut self.tokens, &sent.token, login);
                }
                format!("{login} invites eve: {may}")
            }
        }
    }

    /// Returns whether a person is in the staff.
    async fn is_in_staff(&self, app: &TestApp, login: &str) -> bool {
        let person = app.hacker(login).await;
        let id = app.hackathon_view(SLUG).await.key();
        reads::role_in(&app.context().db, id, person).await.expect("read").is_some()
    }

    async fn renew_feed(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        let login = *rng.pick(&PEOPLE);
        let made = self.sessions.browser(app, login).call("POST", FEED, None).await;
        if made.status == 201 {
            let own = |known: &&Known| known.1 == login;
            self.former_feeds.extend(self.feeds.iter().filter(own).cloned());
            self.feeds.retain(|known| known.1 != login);
            let url = made.json()["url"].as_str().expect("a URL").to_owned();
            let path = url.find("/hackathon-calendars/").expect("a path");
            self.feeds.push((url[path..].to_owned(), login));
        }
        format!("{login} renews a calendar: {}", made.status)
    }

    /// Notes what people see now.
    async fn learn(&mut self, app: &TestApp) {
        for login in PEOPLE {
            let event = self.read(app, login, EVENT).await;
            if let Some(code) = event["invitation"].as_str() {
                note(&mut self.links, code, login);
            }
            let team = self.read(app, login, &format!("{OWN}/team")).await;
            if let Some(code) = team["code"].as_str() {
                note(&mut self.codes, code, login);
            }
            let browser = self.sessions.browser(app, login);
            if let Some(path) = private_calendar(&browser, SLUG).await {
                note(&mut self.calendars, &path, login);
            }
        }
        let open = self.read(app, "dee", &format!("{OWN}/invitations")).await;
        if open["items"].as_array().is_none_or(Vec::is_empty) {
            self.inviters.clear();
        }
    }
}

impl Rights for Hackathon {
    async fn begin(app: &TestApp) -> Self {
        let off = FlagChange { enabled: Some(false), ..FlagChange::default() };
        let changed = flags::change(app.context(), Operator, FRIENDS.name, off, "to try").await;
        changed.expect("changed");
        let slug = app.private_hackathon().await;
        assert_eq!(slug, SLUG);
        for login in ["ada", "cy", "dee"] {
            app.applied_by_link(&slug, login).await;
        }
        app.hacker("bo").await;
        let code = app.team_of(&slug, "ada", "Gannet").await;
        app.joins(&code, "cy").await.expect("joined");
        let mut new = Self {
            sessions: Sessions::of(app, &PEOPLE).await,
            links: Vec::new(),
            codes: Vec::new(),
            calendars: Vec::new(),
            feeds: Vec::new(),
            former_feeds: Vec::new(),
            inviters: Vec::new(),
            tokens: Vec::new(),
            former_tokens: Vec::new(),
        };
        app.verify_as("eve", EVE).await;
        new.learn(app).await;
        new
    }

    async fn step(&mut self, app: &TestApp, rng: &mut Rng) -> String {
        match rng.below(13) {
            0..3 => self.change_staff(app, rng).await,
            3..7 => self.change_team(app, rng).await,
            7..10 => self.change_invitations(app, rng).await,
            10 => self.renew_feed(app, rng).await,
            _ => {
                let login = *rng.pick(&PEOPLE);
                let is_banned = app.turn_ban(login).await;
                format!("{login} is {}", if is_banned { "banned" } else { "no longer banned" })
            }
        }
    }

    async fn look(&mut self, app: &TestApp) -> Reached {
        self.learn(app).await;
        let (mut reached, stranger) = (Reached::default(), Browser::new(app));
        for (code, login) in &self.links {
            let page = format!("/hackathons/{SLUG}?invitation={code}");
            if stranger.get(&page).await.status == 200 {
                let may = self.sees_link(app, login).await;
                reached.add(may, || format!("the invitation link that {login} knows"));
            }
        }
        for (code, login) in &self.codes {
            let team = reads::team_with_code(&app.context().db, code).await.expect("read");
            if team.is_some() {
                let own = self.read(app, login, &format!("{OWN}/team")).await;
                reached
                    .add(own["code"] == code.as_str(), || format!("the code that {login} knows"));
            }
        }
        let page = format!("/hackathons/{SLUG}");
        for (path, login) in &self.calendars {
            if stranger.get(path).await.status == 200 {
                let may = self.sessions.opens(app, login, &page).await;
                reached.add(may, || format!("the calendar of {login}"));
            }
        }
        for (path, login) in &self.feeds {
            if stranger.get(path).await.status == 200 {
                let may = self.sessions.opens(app, login, "/api/v1/me").await;
                reached.add(may, || format!("the personal calendar of {login}"));
            }
        }
        for (path, login) in &self.former_feeds {
            if stranger.get(path).await.status == 200 {
                reached.add(false, || format!("the former personal calendar of {login}"));
            }
        }
        let mut kept = Vec::new();
        for (token, sender) in std::mem::take(&mut self.tokens) {
            let path = format!("/hackathon-invitations/{token}");
            let may = self.sees_link(app, sender).await;
            if self.sessions.opens(app, "eve", &path).await {
                reached.add(may, || format!("the invitation of eve that {sender} sent"));
            }
            for other in ["cy", "dee"] {
                if self.sessions.opens(app, other, &path).await {
                    reached.add(false, || format!("{other} opens the invitation of eve"));
                }
            }
            if may { &mut kept } else { &mut self.former_tokens }.push((token, sender));
        }
        self.tokens = kept;
        for (token, sender) in &self.former_tokens {
            let path = format!("/hackathon-invitations/{token}");
            if self.sessions.opens(app, "eve", &path).await {
                reached.add(false, || format!("an ended invitation of eve that {sender} sent"));
            }
        }
        for login in &self.inviters {
            let own = self.read(app, login, &format!("{OWN}/team")).await;
            let may = own["role"].as_str().is_some_and(|role| role != "member");
            reached.add(may, || format!("the invitation that {login} sent"));
        }
        reached
    }
}

#[tokio::test]
async fn codes_and_calendars_follow_the_rights_of_those_who_know_them() {
    hold::<Hackathon>().await;
}

#[tokio::test]
async fn a_ban_replaces_the_codes_that_the_person_knows() {
    let app = TestApp::start().await;
    let mut hackathon = Hackathon::begin(&app).await;
    add_staff(app.context(), Operator, SLUG, "bo", StaffRole::Organizer).await.expect("added");
    hackathon.learn(&app).await;
    let (link, code) = (hackathon.links[0].0.clone(), hackathon.codes[0].0.clone());
    for login in ["bo", "cy"] {
        app.ban(login).await;
        app.work().await;
        app.unban(login).await;
    }
    let page = format!("/hackathons/{SLUG}?invitation={link}");
    assert_eq!(Browser::new(&app).get(&page).await.status, 404);
    let team = reads::team_with_code(&app.context().db, &code).await.expect("read");
    assert!(team.is_none());
    app.work().await;
    app.finish().await;
}
