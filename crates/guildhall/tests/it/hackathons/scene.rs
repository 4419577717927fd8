//! Hackathons and participants for tests.

use hackathons::{
    actions::{
        self, NewHackathon, NewResults, apply, change_friendship, create_hackathon, publish,
    },
    model::{ApplicationStatus, FriendList, HackathonId, ResultBlocker},
    reads::{self, ApplicationView, HackathonView},
    rules::{
        applications::ApplicationInput, details::HackathonInput, friends::Verb,
        publication::Override,
    },
};
use identity::model::UserId;
use platform::{
    ActionError, Context,
    audit::Actor::{self, Operator},
};

use crate::app::{TestApp, browser::Browser};

/// The details of a hackathon whose applications are open at the start of the tests, on 1 November 2026.
pub(super) fn november() -> HackathonInput {
    let date = |day: &str| Some(format!("2026-{day}T18:00:00Z"));
    HackathonInput {
        title: Some("Low Tide".to_owned()),
        timezone: Some("Europe/Lisbon".to_owned()),
        dates: [
            date("10-12"),
            date("11-06"),
            date("11-14"),
            date("11-22"),
            date("11-23"),
            date("11-29"),
        ],
        ..HackathonInput::default()
    }
}

/// The same with a number of places.
pub(super) fn with_places(places: i64) -> HackathonInput {
    HackathonInput { capacity: Some(Some(places)), ..november() }
}

/// An application that accepts the first code of conduct.
pub(super) fn application() -> ApplicationInput {
    ApplicationInput {
        motivation: "I keep the berth book.".to_owned(),
        skills: "Rust, forms".to_owned(),
        conduct_version: 1,
        is_looking_for_team: true,
        ..ApplicationInput::default()
    }
}

pub(super) fn code<T: std::fmt::Debug>(refused: Result<T, ActionError>) -> &'static str {
    match refused {
        Err(ActionError::Refused(problem)) => problem.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// Returns reasons for all blockers of results that may be overridden.
pub(super) fn overrides() -> Vec<Override> {
    let open = ResultBlocker::ALL.into_iter().filter(|it| it.may_be_overridden());
    let reason = "The jury decided it.".to_owned();
    open.map(|blocker| Override { blocker, reason: reason.clone() }).collect()
}

/// Publishes results without waiting, whatever may be overridden.
pub(super) async fn publish_results(
    context: &Context,
    actor: Actor,
    slug: &str,
    results: &str,
) -> Result<HackathonView, ActionError> {
    let new = NewResults { results: results.to_owned(), overrides: overrides() };
    actions::schedule_results(context, actor, slug, &new).await?;
    actions::publish_results(context, actor, slug).await
}

/// Returns the address of a private hackathon's calendar, if its page shows one.
pub(super) async fn private_calendar(browser: &Browser<'_>, slug: &str) -> Option<String> {
    let page = browser.get(&format!("/hackathons/{slug}")).await.text;
    let (_, rest) = page.split_once("href=\"/hackathon-calendars/")?;
    let (token, _) = rest.split_once('"')?;
    Some(format!("/hackathon-calendars/{token}"))
}

impl TestApp {
    /// Returns a person who has signed in.
    pub(super) async fn hacker(&self, login: &str) -> UserId {
        let signed_in = format!(
            "SELECT count(*) FROM users WHERE login = '{login}' AND claimed_at IS NOT NULL"
        );
        if self.count(&signed_in).await == 0 {
            self.browser_of(login).await;
        }
        self.person_id(login).await.into()
    }

    /// Creates a draft that `organizer` organizes.
    pub(super) async fn draft(&self, details: HackathonInput) -> HackathonView {
        let organizer = self.hacker("organizer").await;
        let new = NewHackathon { slug: None, details };
        let created = create_hackathon(self.context(), organizer, new).await;
        created.expect("a draft")
    }

    /// Creates a published hackathon that `organizer` organizes. Returns its slug.
    pub(super) async fn hackathon(&self, details: HackathonInput) -> String {
        let draft = self.draft(details).await;
        publish(self.context(), Operator, &draft.slug).await.expect("published");
        draft.slug
    }

    /// Creates a published hackathon to which people are invited. Returns its slug.
    pub(super) async fn private_hackathon(&self) -> String {
        let private = HackathonInput { visibility: Some("private".to_owned()), ..november() };
        self.hackathon(private).await
    }

    /// Lets a person apply with the invitation link of the hackathon.
    pub(super) async fn applied_by_link(&self, slug: &str, login: &str) -> UserId {
        let (person, code) =
            (self.hacker(login).await, self.hackathon_view(slug).await.invite_code);
        apply(self.context(), person, slug, &code, &application()).await.expect("applied");
        person
    }

    pub(super) async fn hackathon_view(&self, slug: &str) -> HackathonView {
        let found = reads::hackathon(&self.context().db, slug).await;
        found.expect("read").expect("a hackathon")
    }

    /// Lets a person apply. Returns the application.
    pub(super) async fn applied(&self, slug: &str, login: &str) -> ApplicationView {
        let person = self.hacker(login).await;
        let applied = apply(self.context(), person, slug, "", &application()).await;
        applied.expect("applied")
    }

    /// Returns the status of a person's application.
    pub(super) async fn status_of(&self, slug: &str, login: &str) -> ApplicationStatus {
        let id: HackathonId = self.hackathon_view(slug).await.key();
        let person = self.person_id(login).await.into();
        let found = reads::application(&self.context().db, id, person).await;
        found.expect("read").expect("an application").status
    }

    /// Lets a person create a team. Returns its code.
    pub(super) async fn team_of(&self, slug: &str, login: &str, name: &str) -> String {
        let person = self.person_id(login).await.into();
        let created = actions::create_team(self.context(), person, slug, name).await;
        created.expect("a team").invite_code
    }

    /// Lets a person join a team.
    pub(super) async fn joins(&self, code: &str, login: &str) -> Result<(), ActionError> {
        let person = self.person_id(login).await.into();
        actions::join_team(self.context(), person, code).await.map(drop)
    }

    /// Lets a person who exists change their friendship with another.
    pub(super) async fn befriends(
        &self,
        login: &str,
        other: &str,
        verb: Verb,
    ) -> Result<Option<FriendList>, ActionError> {
        let person = self.person_id(login).await.into();
        let changed = change_friendship(self.context(), person, other, verb).await;
        Ok(changed?.list)
    }

    /// Lets a person ask another to be friends.
    pub(super) async fn asks(
        &self,
        login: &str,
        other: &str,
    ) -> Result<Option<FriendList>, ActionError> {
        self.befriends(login, other, Verb::Request).await
    }
}
