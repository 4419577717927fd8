use askama::Template;
use axum::{extract::State, response::Response};
use identity::{access::Moderator, model::Role};
use kernel::{Checks, Points, Problem, ProblemKind};
use platform::{Context, audit, web::WebError};
use serde::Deserialize;
use ui::{Address, Filled, Form, PageError, PageResult, Tag, Who, format::Instant, redirect, show};

use super::{days_left, tag_of};
use crate::{
    FLAG,
    access::{self, DisputeParty, OwnDispute},
    actions::{self, DisputeDecision, decide_dispute, write_message},
    model::{DisputeKind, DisputeState, MessageKind},
    reads::{self, DisputeView, MessageView},
    rules::disputes::{DisputeStage, LONGEST_TEXT, MOST_MESSAGES, bar},
};

struct ThreadEntry {
    heading: String,
    author: Who,
    text: Option<String>,
    at: Instant,
}

#[derive(Template)]
#[template(path = "dispute.html")]
struct ThreadPage {
    number: i64,
    heading: &'static str,
    subject: String,
    subject_address: Option<String>,
    subject_button: &'static str,
    state: Tag,
    opened_by: Who,
    opened: Instant,
    /// The deadline of the open step, with the time that is left, and whether it passed.
    due: Option<(Instant, String, bool)>,
    /// True if the contested ban was over before a decision.
    is_closed: bool,
    entries: Vec<ThreadEntry>,
    is_staff: bool,
    may_write: bool,
    /// The last instant for an appeal by the viewer, and the time that is left.
    appeal: Option<(Instant, String)>,
    deciding: Option<OpenDecision>,
    most: usize,
    form: Form,
}

/// The step that is open, for moderators.
struct OpenDecision {
    is_appeal: bool,
    takes_points: bool,
    effect: &'static str,
    /// The reason why the viewer may not decide.
    bar: Option<&'static str>,
}

/// `GET /disputes/{number}`.
pub(super) async fn thread(State(context): State<Context>, party: DisputeParty) -> PageResult {
    render(&context, &party, Form::default()).await
}

async fn render(context: &Context, party: &DisputeParty, form: Form) -> PageResult {
    let (db, now) = (&context.db, context.now());
    let DisputeParty { viewer, dispute } = party;
    let is_staff = viewer.acts_as(Role::Moderator);
    let entries = reads::thread(db, dispute.id).await?;
    let is_own = dispute.opened_by_id == viewer.user_id;
    let until = dispute.appealable_until().filter(|until| now <= *until);
    let deciding =
        if is_staff && dispute.is_open() { Some(deciding(context, party).await?) } else { None };
    let subject = &dispute.subject;
    let address = if is_staff { subject.staff_address.clone() } else { subject.address.clone() };
    let has_page = dispute.kind == DisputeKind::Ban || ui::frame::shows(FLAG);
    show(&ThreadPage {
        number: dispute.number,
        heading: dispute.kind.heading(),
        subject: subject.label.clone(),
        subject_address: address.filter(|_| has_page),
        subject_button: match dispute.kind {
            DisputeKind::Score => "Open the pull request",
            DisputeKind::Flag => "Open the flag",
            DisputeKind::Sanction => "Open the season",
            DisputeKind::Ban => "Open the person",
        },
        state: tag_of(dispute),
        opened_by: dispute.who.clone(),
        opened: Instant(dispute.opened_at),
        due: dispute.due_at().map(|due| (Instant(due), days_left(due, now), due < now)),
        is_closed: dispute.state() == DisputeState::Closed,
        is_staff,
        may_write: dispute.is_open() && entries.len() < usize::try_from(MOST_MESSAGES).unwrap_or(0),
        entries: entries.into_iter().map(|entry| shown(entry, dispute)).collect(),
        appeal: until.filter(|_| is_own).map(|until| (Instant(until), days_left(until, now))),
        deciding,
        most: LONGEST_TEXT,
        form,
    })
}

async fn deciding(context: &Context, party: &DisputeParty) -> Result<OpenDecision, WebError> {
    let DisputeParty { viewer, dispute } = party;
    let stage = stage(dispute);
    let involvement = reads::involvement_in(&context.db, dispute.number, viewer.user_id).await?;
    Ok(OpenDecision {
        is_appeal: stage == DisputeStage::Appeal,
        takes_points: dispute.kind == DisputeKind::Score,
        effect: match dispute.kind {
            DisputeKind::Score => "Granting sets the points of the pull request.",
            DisputeKind::Flag => {
                "Granting returns the points of the person’s pull requests; others of the flag stay."
            }
            DisputeKind::Sanction => "Granting lifts the sanction.",
            DisputeKind::Ban => "Granting lifts the ban.",
        },
        bar: if dispute.is_over(context.now()) {
            Some("The ban is over, so there is nothing to decide.")
        } else {
            bar(stage, viewer.role, involvement).map(|bar| bar.sentence(stage))
        },
    })
}

fn stage(dispute: &DisputeView) -> DisputeStage {
    match dispute.outcome.state {
        DisputeState::Open => DisputeStage::Dispute,
        _ => DisputeStage::Appeal,
    }
}

fn shown(entry: MessageView, dispute: &DisputeView) -> ThreadEntry {
    let outcome = |state: Option<DisputeState>| match state {
        Some(DisputeState::Granted) => "granted",
        _ => "not granted, nothing changes",
    };
    let appeal = dispute.appeal.as_ref().map(|appeal| appeal.outcome.state);
    ThreadEntry {
        heading: match entry.kind {
            MessageKind::Opened => "Contested".to_owned(),
            MessageKind::Message => "Message".to_owned(),
            MessageKind::Decided => format!("Decision: {}", outcome(Some(dispute.outcome.state))),
            MessageKind::Appealed => "Appealed".to_owned(),
            MessageKind::AppealDecided => format!("Decision of the appeal: {}", outcome(appeal)),
        },
        author: entry.who,
        text: entry.text,
        at: Instant(entry.at),
    }
}

/// The field of the forms that take a text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TextField {
    text: String,
}

/// `POST /disputes/{number}/messages`.
pub(super) async fn write(
    State(context): State<Context>,
    party: DisputeParty,
    Filled(field, form): Filled<TextField>,
) -> Result<Response, PageError> {
    let (person, number) = (party.viewer.user_id, party.dispute.number);
    let written = write_message(&context, person, number, &field.text).await;
    answer(&context, &party, written, form, "The message is added").await
}

/// `POST /disputes/{number}/appeal`.
pub(super) async fn appeal(
    State(context): State<Context>,
    OwnDispute { viewer, dispute }: OwnDispute,
    Filled(field, form): Filled<TextField>,
) -> Result<Response, PageError> {
    let (person, number) = (viewer.user_id, dispute.number);
    let party = DisputeParty { viewer, dispute };
    let appealed = actions::appeal(&context, person, number, &field.text).await;
    answer(&context, &party, appealed, form, "An admin will decide your appeal").await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DisputeDecisionFields {
    outcome: String,
    stage: String,
    points: String,
    reason: String,
}

impl DisputeDecisionFields {
    fn read(&self) -> Result<DisputeDecision, Problem> {
        let mut checks = Checks::default();
        let is_granted = self.outcome == "grant";
        if !is_granted && self.outcome != "uphold" {
            let detail = "Choose whether to keep the decision or to grant the dispute.";
            checks.refuse(Problem::new(ProblemKind::Invalid, "BAD_DISPUTE", detail).at("outcome"));
        }
        let points = checks.read(typed_points(&self.points));
        checks.read(audit::reason(&self.reason));
        checks.finish(DisputeDecision {
            stage: match self.stage.as_str() {
                "appeal" => DisputeStage::Appeal,
                _ => DisputeStage::Dispute,
            },
            is_granted,
            points,
            reason: self.reason.clone(),
        })
    }
}

/// Reads points, which may be left out.
///
/// # Errors
/// When they are not a whole number.
pub(in crate::pages) fn typed_points(typed: &str) -> Result<Option<Points>, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    typed.parse().map(Some).map_err(|_| {
        let detail = "Enter the points as a whole number, such as 40.";
        Problem::new(ProblemKind::Invalid, "BAD_POINTS", detail).at("points")
    })
}

/// `POST /disputes/{number}/decision`.
pub(super) async fn decide(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(number): Address<String>,
    Filled(decision, form): Filled<DisputeDecisionFields>,
) -> Result<Response, PageError> {
    let party = access::party(&context, viewer, &number).await?;
    let (viewer, number) = (&party.viewer, party.dispute.number);
    let decided = async {
        let read = decision.read()?;
        decide_dispute(&context, viewer.user_id, viewer.role, number, &read).await
    };
    let decided = decided.await;
    answer(&context, &party, decided, form, "The decision is made").await
}

/// Returns to the thread, or shows it again with the refusal. What others did meanwhile is shown too.
async fn answer(
    context: &Context,
    party: &DisputeParty,
    done: Result<(), platform::ActionError>,
    form: Form,
    said: &str,
) -> Result<Response, PageError> {
    let number = party.dispute.number;
    match done {
        Ok(()) => Ok(redirect(&format!("/disputes/D-{number}"), said)),
        Err(error) => {
            let current = reads::dispute(&context.db, number).await?;
            let party = DisputeParty {
                viewer: party.viewer.clone(),
                dispute: current.unwrap_or_else(|| party.dispute.clone()),
            };
            let again = async |form| render(context, &party, form).await;
            form.refused(WebError::from(error), again).await
        }
    }
}
