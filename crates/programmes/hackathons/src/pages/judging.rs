//! The projects of a judge, one at a time.

use askama::Template;
use axum::{extract::State, response::Response};
use kernel::Problem;
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, markdown, redirect,
    show,
};
use uuid::Uuid;

use super::{HackathonCard, LocalNow};
use crate::{
    access::Judge,
    actions::{self, ScoreInput},
    model::{AssignmentStatus, ConflictKind, JudgingMode, Phase, SubmissionId},
    reads::{self, OwnAssignment, SubmissionView},
    rules::{
        invalid,
        judging::{
            insertion::{InsertionStep, PairAnswer, next_step},
            rubric,
            settings::{JudgingSettings, NOTE},
        },
        tracks::names,
    },
};

#[derive(Template)]
#[template(path = "judging.html")]
struct JudgingPage {
    card: HackathonCard,
    settings: JudgingSettings,
    /// The number of the current round.
    round: i64,
    own: Vec<OwnAssignment>,
    /// The names of the tracks to which the judge is limited; empty if to none.
    limits: Vec<String>,
    current: Option<CurrentProject>,
    organizes: bool,
    form: Form,
    now: LocalNow,
}

/// The project that the page shows.
struct CurrentProject {
    own: OwnAssignment,
    project: SubmissionView,
    summary: String,
    /// The project to compare it with, and the number of pairs before.
    pair: Option<(SubmissionView, usize)>,
}

/// The part of a criterion in a judge's total.
struct CriterionPart {
    name: String,
    level: Option<i64>,
    /// The part of the weights, as a percentage.
    weight: i64,
    points: String,
}

impl JudgingPage {
    fn is_open(&self) -> bool {
        self.card.phase == Phase::Judging
    }

    /// Returns the first part of the addresses to which the forms of a project are sent.
    fn action(&self, current: &CurrentProject) -> String {
        let card = self.card.address();
        format!("{card}/judging/{}", current.own.submission_id)
    }

    /// Returns whether a project is of the current round, and judging is open.
    fn is_now(&self, current: &CurrentProject) -> bool {
        self.is_open() && current.own.round == self.round
    }

    fn ranks(&self) -> bool {
        self.settings.mode == JudgingMode::Ranking
    }

    fn judged(&self) -> usize {
        let is_judged =
            |it: &&OwnAssignment| it.round == self.round && it.status == AssignmentStatus::Judged;
        self.own.iter().filter(is_judged).count()
    }

    fn has_open(&self) -> bool {
        let is_open = |it: &OwnAssignment| it.status == AssignmentStatus::Open;
        self.own.iter().any(is_open)
    }

    /// Returns whether a level is chosen, in the form or as it was saved.
    fn is_chosen(&self, index: &usize, level: &i64) -> bool {
        let saved = self.current.as_ref().map(|it| it.own.levels());
        let saved = saved.and_then(|it| it.get(*index).copied().flatten());
        let (name, level) = (format!("c{}", index + 1), *level);
        self.form.has(&name, &level.to_string(), saved == Some(level))
    }

    /// Returns the parts of the total as last saved.
    fn parts(&self, current: &CurrentProject) -> Vec<CriterionPart> {
        let criteria = &self.settings.criteria;
        let levels = current.own.levels().into_iter().chain(std::iter::repeat(None));
        let part =
            |((it, weight), level): ((&rubric::Criterion, i64), Option<i64>)| CriterionPart {
                name: it.name.clone(),
                level,
                weight,
                points: level.map_or("–".to_owned(), |level| {
                    format!("{:.2}", rubric::part(criteria, it, level))
                }),
            };
        let weighted = criteria.iter().zip(rubric::shares(criteria));
        weighted.zip(levels).map(part).collect()
    }

    /// Returns the total as last saved; a dash until all criteria are rated.
    fn total(&self, current: &CurrentProject) -> String {
        let total = rubric::points(&self.settings.criteria, &current.own.levels());
        total.map_or("–".to_owned(), |points| format!("{points:.2}"))
    }
}

/// The project that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ProjectQuery {
    project: String,
    round: String,
}

/// `GET /hackathons/{slug}/judging`.
pub(super) async fn page(
    State(context): State<Context>,
    judge: Judge,
    QueryString(query): QueryString<ProjectQuery>,
) -> PageResult {
    let chosen = Uuid::try_parse(&query.project).ok();
    let round: Option<i64> = query.round.trim().parse().ok();
    render(&context, &judge, chosen, round, Form::default()).await
}

async fn render(
    context: &Context,
    judge: &Judge,
    chosen: Option<Uuid>,
    round: Option<i64>,
    form: Form,
) -> PageResult {
    let (db, id, person) = (&context.db, judge.hackathon.key(), judge.viewer.user_id);
    let own = reads::own_assignments(db, id, person).await?;
    let is_shown = |it: &&OwnAssignment| match chosen {
        Some(chosen) => it.submission_id == chosen && round.is_none_or(|round| it.round == round),
        None => it.status == AssignmentStatus::Open,
    };
    let settings = reads::judging_settings(db, id).await?;
    // A project of several rounds is shown in the latest one.
    let current = match own.iter().rev().find(is_shown) {
        Some(own) => current(context, judge, &settings, own.clone()).await?,
        None => None,
    };
    let tracks = reads::tracks(db, id).await?;
    let limits = reads::judge_tracks(db, id, person).await?;
    show(&JudgingPage {
        limits: names(&tracks, &limits),
        card: HackathonCard::of(&judge.hackathon, context.now()),
        settings,
        round: reads::current_round(db, id).await?.number,
        own,
        current,
        organizes: judge.organizes,
        form,
        now: LocalNow(context.now(), judge.hackathon.zone()),
    })
}

async fn current(
    context: &Context,
    judge: &Judge,
    settings: &JudgingSettings,
    own: OwnAssignment,
) -> Result<Option<CurrentProject>, DbError> {
    let db = &context.db;
    let Some(project) = reads::submission(db, own.submission_id.into()).await? else {
        return Ok(None);
    };
    let mut pair = None;
    if settings.mode == JudgingMode::Ranking && own.status == AssignmentStatus::Open {
        let id = judge.hackathon.key();
        let ranking = reads::ranking(db, id, own.round, judge.viewer.user_id).await?;
        if let InsertionStep::Ask(other) = next_step(&ranking.places, &ranking.answers) {
            let other = reads::submission(db, other.into()).await?;
            pair = other.map(|other| (other, ranking.answers.len()));
        }
    }
    Ok(Some(CurrentProject { summary: markdown::typed(&project.summary), own, project, pair }))
}

/// Returns the page after an action of a judge, or the form again.
async fn finish(
    context: &Context,
    judge: &Judge,
    submission: Option<SubmissionId>,
    form: Form,
    outcome: Result<String, platform::ActionError>,
) -> Result<Response, PageError> {
    match outcome {
        Ok(said) => {
            let address = format!("{}/judging", judge.hackathon.address());
            Ok(redirect(&address, &said))
        }
        Err(error) => {
            let chosen = submission.map(|it| it.0);
            let again = |form| render(context, judge, chosen, None, form);
            form.refused(error, again).await
        }
    }
}

/// The field of the form that asks for a project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NextFields {
    extra: String,
}

/// `POST /hackathons/{slug}/judging/next`.
pub(super) async fn next(
    State(context): State<Context>,
    judge: Judge,
    Filled(fields, form): Filled<NextFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    let next = actions::next_project(&context, person, slug, fields.extra == "yes").await;
    let said = next.map(|_| "This is your project now".to_owned());
    finish(&context, &judge, None, form, said).await
}

/// The fields of the form of a project, whose buttons score it, put it aside or compare it. The levels are read from the form
/// itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScoreFields {
    team_note: String,
    private_note: String,
    then: String,
    status: String,
    other: String,
    answer: String,
}

/// Saves the levels and notes of a form.
async fn save(
    context: &Context,
    judge: &Judge,
    submission: SubmissionId,
    (fields, form): (&ScoreFields, &Form),
    is_draft: bool,
) -> Result<(), platform::ActionError> {
    let input = ScoreInput {
        levels: levels(form)?,
        team_note: fields.team_note.clone(),
        private_note: fields.private_note.clone(),
        is_draft,
    };
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    actions::score(context, person, slug, submission, &input).await
}

/// Saves a draft of what was typed, if anything was: the buttons that do not score are in the same form.
async fn keep(
    context: &Context,
    judge: &Judge,
    submission: SubmissionId,
    (fields, form): (&ScoreFields, &Form),
) -> Result<(), platform::ActionError> {
    let notes = [&fields.team_note, &fields.private_note];
    if notes.iter().all(|note| note.trim().is_empty()) && levels(form)?.is_empty() {
        return Ok(());
    }
    save(context, judge, submission, (fields, form), true).await
}

/// `POST /hackathons/{slug}/judging/{submission}/score`: saves a score, and gets the next project.
pub(super) async fn score(
    State(context): State<Context>,
    judge: Judge,
    Address((_, submission)): Address<(String, SubmissionId)>,
    Filled(fields, form): Filled<ScoreFields>,
) -> Result<Response, PageError> {
    let is_draft = fields.then == "stay";
    let saved = save(&context, &judge, submission, (&fields, &form), is_draft).await;
    let said = match saved {
        Ok(()) if is_draft => Ok("The draft is saved".to_owned()),
        Ok(()) => Ok(next_said(&context, &judge).await?),
        Err(error) => Err(error),
    };
    finish(&context, &judge, Some(submission), form, said).await
}

/// Gets the next project after one is judged. Returns the sentence about both.
async fn next_said(context: &Context, judge: &Judge) -> Result<String, WebError> {
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    match actions::next_project(context, person, slug, false).await {
        Ok(_) => Ok("Your score is saved. This is the next project".to_owned()),
        Err(platform::ActionError::Refused(problem)) => {
            Ok(format!("Your score is saved. {}", problem.detail))
        }
        Err(other) => Err(other.into()),
    }
}

/// Reads the levels of a form: `c1` for the first criterion, and so on.
fn levels(form: &Form) -> Result<Vec<Option<i64>>, Problem> {
    let fields = (1..=rubric::MOST_CRITERIA).map(|number| form.value(&format!("c{number}")).trim());
    let mut levels = Vec::new();
    for typed in fields {
        levels.push(match typed {
            "" => None,
            typed => Some(typed.parse().map_err(|_| {
                invalid("levels", format!("'{typed}' is not a level. Choose one."))
            })?),
        });
    }
    while levels.last() == Some(&None) {
        levels.pop();
    }
    Ok(levels)
}

/// `POST /hackathons/{slug}/judging/{submission}/status`: puts a project aside, with what was typed as a draft, or takes it back.
pub(super) async fn set_status(
    State(context): State<Context>,
    judge: Judge,
    Address((_, submission)): Address<(String, SubmissionId)>,
    Filled(fields, form): Filled<ScoreFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    let outcome = match AssignmentStatus::named(&fields.status) {
        Some(AssignmentStatus::Open) => actions::reopen(&context, person, slug, submission)
            .await
            .map(|()| "You have the project again".to_owned()),
        Some(aside) => match keep(&context, &judge, submission, (&fields, &form)).await {
            Ok(()) => actions::set_aside(&context, person, slug, submission, aside)
                .await
                .map(|()| "The project is put aside. Ask for the next one".to_owned()),
            Err(error) => Err(error),
        },
        None => Err(invalid("status", "Choose skipped, busy or absent.".to_owned()).into()),
    };
    finish(&context, &judge, Some(submission), form, outcome).await
}

/// The fields of the form that declares a conflict.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConflictFields {
    kind: String,
    detail: String,
}

/// `POST /hackathons/{slug}/judging/{submission}/conflict`.
pub(super) async fn declare(
    State(context): State<Context>,
    judge: Judge,
    Address((_, submission)): Address<(String, SubmissionId)>,
    Filled(fields, form): Filled<ConflictFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    let outcome = match ConflictKind::named(&fields.kind) {
        Some(kind) => {
            actions::declare_conflict(
                &context,
                person,
                slug,
                submission,
                kind,
                fields.detail.as_str(),
            )
            .await
        }
        None => Err(invalid("kind", "Choose the kind of the conflict.".to_owned()).into()),
    };
    let said =
        outcome.map(|()| "The conflict is declared. Another judge gets the project".to_owned());
    finish(&context, &judge, Some(submission), form, said).await
}

/// `POST /hackathons/{slug}/judging/{submission}/compare`: compares two projects, and saves the notes.
pub(super) async fn compare(
    State(context): State<Context>,
    judge: Judge,
    Address((_, submission)): Address<(String, SubmissionId)>,
    Filled(fields, form): Filled<ScoreFields>,
) -> Result<Response, PageError> {
    let (person, slug) = (judge.viewer.user_id, &judge.hackathon.slug);
    let compared = match fields.other.as_str() {
        "" => Ok(None),
        other => Uuid::try_parse(other).ok().zip(PairAnswer::named(&fields.answer)).map_or_else(
            || Err(invalid("answer", "Choose which of the two is better.".to_owned())),
            |compared| Ok(Some(compared)),
        ),
    };
    let step = match (compared, keep(&context, &judge, submission, (&fields, &form)).await) {
        (Ok(compared), Ok(())) => {
            actions::compare(&context, person, slug, submission, compared).await
        }
        (Err(problem), _) => Err(problem.into()),
        (_, Err(error)) => Err(error),
    };
    let said = step.map(|step| match step {
        InsertionStep::Ask(_) => "Your answer is saved. This is the next pair".to_owned(),
        InsertionStep::Place(place) => {
            format!("The project is at place {} of your order", place + 1)
        }
    });
    finish(&context, &judge, Some(submission), form, said).await
}
