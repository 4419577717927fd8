//! The preferences of the person who is signed in.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use identity::{access::SignedIn, model::Viewer};
use kernel::counted;
use notifications::rules::clock;
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::{tabs::FOR_YOU, words};
use crate::{
    actions::state_preferences,
    model::{Frequency, LONGEST_TERM, Level, MOST_TERMS, Preferences, WorkKind},
    reads,
    rules::{
        preferences::{StatedPreferences, WEEKDAYS, divided},
        skills,
    },
};

const PATH: &str = "/discover/preferences";

/// The number of learned skills that are shown.
const SHOWN: usize = 8;

pub(super) fn routes() -> Router<Context> {
    Router::new().route(PATH, get(page).post(save))
}

#[derive(Template)]
#[template(path = "preferences.html")]
struct PreferencesPage {
    form: Form,
    own: Preferences,
    /// True if the person stated preferences before.
    is_stated: bool,
    /// Skills and languages that merged pull requests show, each with their number.
    learned: Vec<String>,
    merged: String,
    all_skills: &'static [&'static str],
    longest: usize,
    most: usize,
}

impl PreferencesPage {
    fn list(&self, name: &str, own: &[String]) -> String {
        self.form.value_or(name, &own.join(", ")).to_owned()
    }

    fn kinds(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        WorkKind::ALL.into_iter().map(|kind| {
            let is_chosen = self.own.types.contains(&kind);
            let is_chosen = self.form.has("type", kind.as_str(), is_chosen);
            (kind.as_str(), words::kind(kind), is_chosen)
        })
    }

    fn levels(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        Level::ALL.into_iter().map(|level| {
            let is_chosen = self.own.level == Some(level);
            let is_chosen = self.form.has("level", level.as_str(), is_chosen);
            (level.as_str(), words::experience(level), is_chosen)
        })
    }

    fn frequencies(&self) -> impl Iterator<Item = (&'static str, &'static str, bool)> {
        Frequency::ALL.into_iter().map(|digest| {
            let is_chosen = self.own.digest == digest;
            let is_chosen = self.form.has("digest", digest.as_str(), is_chosen);
            (digest.as_str(), words::frequency(digest), is_chosen)
        })
    }

    fn days(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        WEEKDAYS.into_iter().zip(0..).map(|(name, number)| {
            let is_chosen = self.own.digest_weekday == number;
            let is_chosen = self.form.has("digest_weekday", name, is_chosen);
            (name, kernel::capitalized(name), is_chosen)
        })
    }

    fn number(&self, name: &str, value: f64) -> String {
        self.form.value_or(name, &words::decimal(value)).to_owned()
    }

    fn hours(&self) -> String {
        let hours = self.own.hours_a_week.map(words::decimal);
        let hours = hours.unwrap_or_default();
        self.form.value_or("hours_a_week", &hours).to_owned()
    }

    /// Returns the worth from which the person is notified, of 10; empty if never.
    fn threshold(&self) -> String {
        let own = self.own.instant_threshold;
        let worth = (own <= 1.0).then(|| words::decimal(own * 10.0));
        let worth = worth.unwrap_or_default();
        self.form.value_or("instant_worth", &worth).to_owned()
    }

    fn most_a_day(&self) -> String {
        let most = self.own.most_a_day.to_string();
        self.form.value_or("most_a_day", &most).to_owned()
    }

    fn time(&self) -> String {
        let time = clock(self.own.digest_minute);
        self.form.value_or("digest_time", &time).to_owned()
    }
}

/// `GET /discover/preferences`.
async fn page(State(context): State<Context>, SignedIn(viewer): SignedIn) -> PageResult {
    render(&context, &viewer, Form::default()).await
}

async fn render(context: &Context, viewer: &Viewer, form: Form) -> PageResult {
    let found = reads::profiled(&context.db, viewer.user_id).await?;
    let person = found.person;
    let mut learned: Vec<(&String, i64)> = (person.languages.iter())
        .chain(&person.skills)
        .map(|(name, count)| (name, *count))
        .filter(|(_, count)| *count > 0)
        .collect();
    learned.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let learned = learned.into_iter().take(SHOWN);
    show(&PreferencesPage {
        form,
        is_stated: found.stated.is_some(),
        own: found.stated.unwrap_or_default(),
        learned: learned.map(|(name, count)| format!("{name} ({count})")).collect(),
        merged: counted(person.merged, "merged pull request", "merged pull requests"),
        all_skills: skills::all(),
        longest: (LONGEST_TERM + 2) * MOST_TERMS,
        most: MOST_TERMS,
    })
}

/// The fields of the form. The types of work are read from all fields of that name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PreferencesFields {
    skills: String,
    languages: String,
    interests: String,
    excluded_topics: String,
    level: String,
    max_complexity: String,
    min_impact: String,
    hours_a_week: String,
    digest: String,
    digest_time: String,
    digest_weekday: String,
    instant_worth: String,
    most_a_day: String,
}

impl PreferencesFields {
    fn stated(self, form: &Form) -> Result<StatedPreferences, kernel::Problem> {
        let number = crate::rules::preferences::number;
        let types = form.fields().iter().filter(|(name, _)| name == "type");
        let worth = crate::rules::preferences::worth("instant_worth", &self.instant_worth)?;
        Ok(StatedPreferences {
            skills: divided(&self.skills),
            languages: divided(&self.languages),
            interests: divided(&self.interests),
            excluded: divided(&self.excluded_topics),
            types: types.map(|(_, value)| value.clone()).collect(),
            level: Some(self.level),
            max_complexity: number("max_complexity", &self.max_complexity)?,
            min_impact: number("min_impact", &self.min_impact)?,
            hours_a_week: number("hours_a_week", &self.hours_a_week)?,
            digest: Some(self.digest),
            digest_time: Some(self.digest_time).filter(|own| !own.is_empty()),
            digest_weekday: Some(self.digest_weekday),
            instant_threshold: Some(worth),
            most_a_day: number("most_a_day", &self.most_a_day)?.map(|own| own as i64),
        })
    }
}

/// `POST /discover/preferences`.
async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<PreferencesFields>,
) -> Result<Response, PageError> {
    let stated = async {
        let stated = fields.stated(&form)?;
        state_preferences(&context, viewer.user_id, &stated).await
    };
    match stated.await {
        Ok(_) => Ok(redirect(FOR_YOU, "Preferences saved")),
        Err(error) => {
            let again = |form| render(&context, &viewer, form);
            form.refused(error, again).await
        }
    }
}
