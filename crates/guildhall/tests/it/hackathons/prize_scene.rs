//! Prizes and their winners for tests.

use hackathons::{
    actions::{NewPrize, award_prize, create_prize, submit},
    reads::PrizeAwardView,
    rules::prizes::PrizeInput,
};
use platform::{ActionError, audit::Actor::Operator};

use super::{
    scene::{november, publish_results},
    submissions::gannet,
};
use crate::app::{TestApp, at};

/// A prize with a name and a number.
pub(super) fn prize(name: &str, count: i64) -> NewPrize {
    NewPrize {
        slug: None,
        details: PrizeInput {
            name: Some(name.to_owned()),
            value: Some("A day at sea".to_owned()),
            count: Some(count.to_string()),
            ..PrizeInput::default()
        },
    }
}

impl TestApp {
    /// Creates a hackathon with submissions of the team of `ada` and `bo` and of `cy`, when submissions are closed. `dee` has none.
    /// Returns its slug.
    pub(crate) async fn closed_event(&self) -> String {
        let people = ["ada", "bo", "cy", "dee"];
        let slug = self.building(november(), &people).await;
        let team = self.team_of(&slug, "ada", "Gannet").await;
        self.joins(&team, "bo").await.expect("joined");
        for login in ["ada", "cy"] {
            let person = self.hacker_id(login).await;
            submit(self.context(), person, &slug, &gannet()).await.expect("submitted");
        }
        self.clock.set(at("2026-11-24T18:00:00Z"));
        slug
    }

    pub(super) async fn prize(&self, slug: &str, name: &str, count: i64) -> String {
        let created = create_prize(self.context(), Operator, slug, &prize(name, count)).await;
        created.expect("a prize").slug
    }

    /// Awards a prize to the submission of a person.
    pub(super) async fn awards(
        &self,
        (slug, prize): (&str, &str),
        login: &str,
    ) -> Result<PrizeAwardView, ActionError> {
        let submission = self.submission_of(slug, login).await.key();
        award_prize(self.context(), Operator, slug, prize, submission).await
    }

    /// Publishes the results when judging is over.
    pub(crate) async fn prize_giving(&self, slug: &str) {
        self.clock.set(at("2026-11-29T18:00:00Z"));
        publish_results(self.context(), Operator, slug, "**Gannet** wins.")
            .await
            .expect("published");
    }

    /// Returns the titles of a person's notifications that name the prize of the tests.
    pub(super) async fn prize_news(&self, login: &str) -> Vec<String> {
        let browser = self.browser_of(login).await;
        let titles = self.inbox(&browser).await.into_iter();
        let titles = titles.map(|title| title.trim_start_matches('*').to_owned());
        titles.filter(|title| title.contains("Harbor prize")).collect()
    }
}
