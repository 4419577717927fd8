//! The judging of a hackathon, for organizers: criteria and coverage.

use askama::Template;
use axum::{extract::State, response::Response};
use kernel::{Checks, Problem, counted, typed::misread};
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, QueryString, redirect, show};

use super::{HackathonCard, judging_results::RoundQuery};
use crate::{
    access::Organizer,
    actions,
    model::{AssignmentStatus, JudgingMode},
    reads::{self, CoverageView, HackathonView, JudgeCoverage, ProjectCoverage},
    rules::{
        invalid,
        judging::{
            rubric::{Criterion, HIGHEST_LEVEL, MOST_CRITERIA},
            settings::{JudgingInput, JudgingSettings, MOST_LOOKS, MOST_MINUTES, MOST_TIME},
        },
        tracks::{Track, names},
    },
};

#[derive(Template)]
#[template(path = "judging_setup.html")]
struct SetupPage {
    card: HackathonCard,
    settings: JudgingSettings,
    is_locked: bool,
    form: Form,
}

impl SetupPage {
    /// Returns the value of a field: as it was typed, else as it is stored.
    fn value(&self, name: &str) -> String {
        let settings = &self.settings;
        let stored = match name {
            "looks" => settings.looks.to_string(),
            "minutes_per_look" => settings.minutes_per_look.to_string(),
            "minutes" => settings.minutes.to_string(),
            name => self.criterion(name).unwrap_or_default(),
        };
        self.form.value_or(name, &stored).to_owned()
    }

    /// Returns the stored value of a field of a criterion, such as `weight_2`.
    fn criterion(&self, name: &str) -> Option<String> {
        let (field, number) = name.rsplit_once('_')?;
        let index = number.parse::<usize>().ok()?.checked_sub(1)?;
        let stored = self.settings.criteria.get(index)?;
        Some(match field {
            "name" => stored.name.clone(),
            "question" => stored.question.clone(),
            "min" => stored.min.to_string(),
            "max" => stored.max.to_string(),
            "weight" => stored.weight.to_string(),
            _ => stored.levels.join("\n"),
        })
    }

    /// Returns the numbers of the criteria that the form shows: those that exist and two more.
    fn numbers(&self) -> Vec<usize> {
        let named = |number: &usize| !self.value(&format!("name_{number}")).is_empty();
        let last = (1..=MOST_CRITERIA).rev().find(named).unwrap_or(0);
        (1..=(last + 2).min(MOST_CRITERIA)).collect()
    }

    fn is_mode(&self, mode: &JudgingMode) -> bool {
        let stored = self.settings.mode.as_str();
        self.form.value_or("mode", stored) == mode.as_str()
    }
}

/// `GET /hackathons/{slug}/judging/setup`.
pub(super) async fn form(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &hackathon, Form::default()).await
}

async fn render(context: &Context, hackathon: &HackathonView, form: Form) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    show(&SetupPage {
        card: HackathonCard::of(hackathon, context.now()),
        settings: reads::judging_settings(db, id).await?,
        is_locked: reads::has_scores(db, id).await?,
        form,
    })
}

/// The fields of the form. Those of criteria are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SetupFields {
    mode: String,
}

/// `POST /hackathons/{slug}/judging/setup`.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<SetupFields>,
) -> Result<Response, PageError> {
    let input = input(&fields, &form);
    match actions::set_judging(&context, viewer.actor(), &hackathon.slug, &input).await {
        Ok(_) => {
            let address = format!("{}/judging/setup", hackathon.address());
            Ok(redirect(&address, "The judging is saved"))
        }
        Err(error) => {
            let again = |form| render(&context, &hackathon, form);
            form.refused(error, again).await
        }
    }
}

/// Reads the form. In place of a number that cannot be read, there is one that is valid.
fn input(fields: &SetupFields, form: &Form) -> JudgingInput {
    let mut unread = Checks::default();
    let mut read = |field, typed: &str, valid| unread.read_or(whole(field, typed), valid);
    let mut criteria = Vec::new();
    for number in 1..=MOST_CRITERIA {
        let of = |field: &str| form.value(&format!("{field}_{number}"));
        if of("name").trim().is_empty() && of("question").trim().is_empty() {
            continue;
        }
        criteria.push(Criterion {
            name: of("name").to_owned(),
            question: of("question").to_owned(),
            min: read("criteria", of("min"), 0),
            max: read("criteria", of("max"), HIGHEST_LEVEL),
            weight: read("criteria", of("weight"), 1),
            levels: of("levels").trim().lines().map(str::to_owned).collect(),
        });
    }
    JudgingInput {
        mode: fields.mode.clone(),
        looks: read("looks", form.value("looks"), 1),
        minutes_per_look: read("minutes_per_look", form.value("minutes_per_look"), 1),
        minutes: read("minutes", form.value("minutes"), 1),
        criteria,
        unread: unread.problem(),
    }
}

fn whole(field: &'static str, typed: &str) -> Result<i64, Problem> {
    let unread = |_| invalid(field, misread(typed, "a whole number", ""));
    typed.trim().parse().map_err(unread)
}

#[derive(Template)]
#[template(path = "judging_coverage.html")]
struct CoveragePage {
    card: HackathonCard,
    view: CoverageView,
    tracks: Vec<Track>,
}

impl CoveragePage {
    /// Returns the sentence about the plan.
    fn plan(&self) -> String {
        let projects = i64::try_from(self.view.projects.len()).unwrap_or(i64::MAX);
        let plan = self.view.settings.plan(projects);
        let needed = plan.judges().unwrap_or(0);
        let is_limited = self.view.judges.iter().any(|it| !it.tracks.is_empty());
        let limits = if is_limited {
            " Judges who are limited to tracks do not score other projects, so more may be needed."
        } else {
            ""
        };
        format!(
            "{} × {} × {} ÷ {}: {} needed, {} there.{limits}",
            counted(projects, "project", "projects"),
            counted(plan.looks, "score", "scores"),
            counted(plan.minutes_per_look, "minute", "minutes"),
            counted(plan.minutes, "minute", "minutes"),
            counted(needed, "judge is", "judges are"),
            self.view.judges.len()
        )
    }

    /// Returns the number of projects that have their looks.
    fn covered(&self) -> usize {
        let is_covered = |it: &&ProjectCoverage| self.is_covered(it);
        self.view.projects.iter().filter(is_covered).count()
    }

    /// Returns the names of the tracks to which a judge is limited.
    fn tracks_of(&self, judge: &JudgeCoverage) -> String {
        names(&self.tracks, &judge.tracks).join(", ")
    }

    /// Returns the names of up to three projects that no judge gets, and the number of others; empty if there are none.
    fn without_judge(&self) -> String {
        let unseen = self.view.projects.iter().filter(|it| it.is_without_judge);
        let titles: Vec<&str> = unseen.map(|it| it.title.as_str()).collect();
        match titles.len() {
            0..=3 => titles.join(", "),
            many => format!("{} and {} others", titles[..3].join(", "), many - 3),
        }
    }

    fn is_covered(&self, project: &ProjectCoverage) -> bool {
        project.judged >= self.view.settings.looks
    }

    /// Returns the number of judges who did not find the team of a project.
    fn absent(&self, project: &ProjectCoverage) -> usize {
        let statuses = project.judges.iter();
        statuses.filter(|(_, status)| *status == AssignmentStatus::Absent).count()
    }
}

/// `GET /hackathons/{slug}/judging/coverage`.
pub(super) async fn coverage(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    QueryString(query): QueryString<RoundQuery>,
) -> PageResult {
    show(&CoveragePage {
        card: HackathonCard::of(&hackathon, context.now()),
        view: reads::coverage(&context.db, hackathon.key(), query.number()).await?,
        tracks: reads::tracks(&context.db, hackathon.key()).await?,
    })
}
