//! Coaches, rosters and competitors for tests.

use ctf::{
    actions::{
        accept_coach_link, accept_join_link, create_join_link, create_roster, invite_coach,
        share_roster,
    },
    model::{CoachId, CompetitorId, RosterId, RosterRole},
    reads::{self, CoachView},
    rules::rosters::{CoachInput, RosterInput},
};
use identity::model::UserId;
use platform::audit::Actor::{self, Operator};

use crate::app::TestApp;

/// Returns the settings of the roster in most tests.
pub(super) fn owls() -> RosterInput {
    RosterInput {
        name: "Harbor Owls".to_owned(),
        school: "Harbor High".to_owned(),
        school_year: "2026/27".to_owned(),
        timezone: "America/Chicago".to_owned(),
    }
}

/// Returns the details of the coach in most tests.
pub(super) fn harbor() -> CoachInput {
    CoachInput {
        school: "Harbor High".to_owned(),
        division: "high_school".to_owned(),
        region: "Texas".to_owned(),
    }
}

impl TestApp {
    /// Returns a person who has signed in.
    pub(super) async fn ctf_person(&self, login: &str) -> UserId {
        self.browser_of(login).await;
        self.person_id(login).await.into()
    }

    /// Makes an invitation to become a coach.
    pub(super) async fn coach_token(&self) -> String {
        let made = invite_coach(self.context(), &self.server.post, Operator, "").await;
        made.expect("an invitation")
    }

    /// Makes a person an approved coach.
    pub(crate) async fn coach(&self, login: &str) -> CoachId {
        let (person, token) = (self.ctf_person(login).await, self.coach_token().await);
        accept_coach_link(self.context(), person, &token, &harbor()).await.expect("a coach")
    }

    /// Returns the coach that a person is.
    pub(super) async fn coach_of(&self, login: &str) -> CoachView {
        let person = self.person_id(login).await.into();
        let found = reads::coach_of(&self.context().db, person).await;
        found.expect("read").expect("a coach")
    }

    /// Returns the row of a coach.
    pub(super) async fn coach_view(&self, id: CoachId) -> CoachView {
        let found = reads::coach(&self.context().db, id).await;
        found.expect("read").expect("a coach")
    }

    pub(crate) async fn roster(&self, login: &str) -> (CoachId, RosterId) {
        let coach = self.coach(login).await;
        let view = self.coach_view(coach).await;
        let roster = create_roster(self.context(), &view, &owls()).await;
        (coach, roster.expect("a roster"))
    }

    pub(super) async fn share_token(&self, roster: RosterId, role: RosterRole) -> String {
        let post = &self.server.post;
        let made = share_roster(self.context(), post, Operator, roster, role, "").await;
        made.expect("an invitation")
    }

    /// Shares a roster with a new coach.
    pub(super) async fn shared_with(
        &self,
        roster: RosterId,
        login: &str,
        role: RosterRole,
    ) -> CoachId {
        let coach = self.coach(login).await;
        let token = self.share_token(roster, role).await;
        let person = self.person_id(login).await.into();
        ctf::actions::accept_roster_link(self.context(), person, &token).await.expect("shared");
        coach
    }

    pub(super) async fn join_token(&self, roster: RosterId) -> String {
        let made = create_join_link(self.context(), Operator, roster).await;
        made.expect("a link")
    }

    /// Makes a person a competitor of a roster, whom a coach has yet to confirm.
    pub(super) async fn joined(&self, roster: RosterId, login: &str) -> CompetitorId {
        let (person, token) = (self.ctf_person(login).await, self.join_token(roster).await);
        let joined = accept_join_link(self.context(), person, &token, "Ada", "Quill").await;
        joined.expect("joined").competitor
    }

    pub(super) async fn actor(&self, login: &str) -> Actor {
        Actor::Person(self.person_id(login).await)
    }
}
