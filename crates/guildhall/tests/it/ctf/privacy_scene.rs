//! Competitors with complete profiles, and their links, for tests.

use ctf::{
    actions::{
        CompletedProfile, add_competitor, complete_profile, publish_consent, send_consent_link,
        send_profile_link,
    },
    model::{CompetitorId, RosterId},
    reads::{self, CompetitorView},
    rules::profile::ProfileInput,
};
use identity::model::UserId;
use platform::{
    audit::Actor::{self, Operator},
    outbox::{EMAIL, Post},
};

use crate::app::{TestApp, logs, mailbox::Mailbox};

pub(super) fn minor() -> ProfileInput {
    ProfileInput {
        first_name: "Ottoline".to_owned(),
        last_name: "Quillfeather".to_owned(),
        email_school: "ottoline@harbor.example".to_owned(),
        is_18_or_over: "no".to_owned(),
        grade: "10".to_owned(),
        parent_name: "Bartholomew Quillfeather".to_owned(),
        parent_email: "bartholomew@home.example".to_owned(),
        ..ProfileInput::default()
    }
}

/// A competitor who is of age.
pub(super) fn adult() -> ProfileInput {
    ProfileInput {
        is_18_or_over: "yes".to_owned(),
        parent_name: String::new(),
        parent_email: String::new(),
        ..minor()
    }
}

pub(super) fn fields(input: &ProfileInput) -> Vec<(&'static str, &str)> {
    vec![
        ("first_name", &input.first_name),
        ("last_name", &input.last_name),
        ("email_school", &input.email_school),
        ("email_personal", &input.email_personal),
        ("is_18_or_over", &input.is_18_or_over),
        ("grade", &input.grade),
        ("years_competing", &input.years_competing),
        ("parent_name", &input.parent_name),
        ("parent_email", &input.parent_email),
    ]
}

impl TestApp {
    /// Adds a competitor to a roster, confirmed.
    pub(super) async fn added(&self, roster: RosterId, profile: &ProfileInput) -> CompetitorId {
        logs::plant(&profile.last_name);
        let added = add_competitor(self.context(), Operator, roster, profile).await;
        added.expect("added")
    }

    /// Connects a competitor with the account of a person, as completing the profile does.
    pub(super) async fn connected(&self, id: CompetitorId, login: &str) -> UserId {
        let (person, token) = (self.ctf_person(login).await, self.profile_token(id).await);
        self.handed_over().await;
        let view = self.view(id).await;
        let age = match view.is_18_or_over {
            Some(true) => adult(),
            _ => minor(),
        };
        let version = reads::latest_consent(&self.context().db).await.expect("read");
        let completed = CompletedProfile {
            profile: age,
            agreed: Some(version.map_or(0, |text| text.version)),
            connect: Some(person),
        };
        complete_profile(self.context(), Actor::Person(person.0), &token, &completed)
            .await
            .expect("completed");
        person
    }

    /// Returns the row of a competitor.
    pub(super) async fn view(&self, id: CompetitorId) -> CompetitorView {
        let found = reads::competitor(&self.context().db, id).await;
        found.expect("read").expect("a competitor")
    }

    /// Makes a link to complete a profile; returns its token.
    pub(super) async fn profile_token(&self, id: CompetitorId) -> String {
        let sent = send_profile_link(self.context(), &self.server.post, Operator, id).await;
        let token = sent.expect("made").token;
        logs::plant(&token);
        token
    }

    /// Forgets the addresses of profile links, as if they had been handed over, so that everyone who has them can connect an account.
    pub(super) async fn handed_over(&self) {
        let handed = "UPDATE ctf_links SET email = NULL WHERE kind = 'profile'";
        self.change(handed).await.expect("changed");
    }

    /// Makes a link for the consent of a parent; returns its token, which a page never shows. A server without email makes it
    /// too, but the email is dropped.
    pub(super) async fn consent_token(&self, id: CompetitorId) -> String {
        self.consent_token_by(Operator, id).await
    }

    /// Makes such a link as a person.
    pub(super) async fn consent_token_by(&self, actor: Actor, id: CompetitorId) -> String {
        let own = &self.server.post;
        let is_mailing = own.channels.has(EMAIL);
        let post = if is_mailing {
            own.clone()
        } else {
            Post { channels: Mailbox::default().channels(), ..own.clone() }
        };
        let sent = send_consent_link(self.context(), &post, actor, id).await;
        let token = sent.expect("made").token;
        logs::plant(&token);
        if !is_mailing {
            let sql = "DELETE FROM outbox_messages WHERE kind = 'ctf_competitor_link'";
            self.change(sql).await.expect("dropped");
        }
        token
    }

    /// Publishes a consent text; returns its version.
    pub(super) async fn consent(&self, text: &str) -> i64 {
        let published = publish_consent(self.context(), Operator, text).await;
        published.expect("published")
    }

    /// Counts the entries of the audit log with an action.
    pub(super) async fn audited(&self, action: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM audit_logs WHERE action = '{action}'");
        self.count(&sql).await
    }
}
