//! The form that publishes the results of a hackathon: what becomes public, what keeps it, and the time to undo it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use platform::Context;
use serde::Deserialize;
use ui::{
    Confirmation, Filled, Form, PageError, PageResult,
    format::{Instant, tame},
    markdown, redirect, show,
};

use super::{HackathonCard, LocalNow, steps::taken};
use crate::{
    access::Organizer,
    actions::{self, NewResults},
    model::{Phase, ResultBlocker},
    reads::{self, HackathonView, OverrideView, PublicationView, ResultsPreview},
    rules::publication::{self, Blocking, REASON},
};

#[derive(Template)]
#[template(path = "hackathon_results_form.html")]
struct ResultsPage {
    card: HackathonCard,
    form: Form,
    /// The results as they were last written.
    publication: Option<PublicationView>,
    /// The text that became or becomes public, as HTML; empty if nothing is written.
    shown: String,
    blocking: Vec<Blocking>,
    overrides: Vec<OverrideView>,
    preview: Option<ResultsPreview>,
    /// When the results become public, with the time zone, if they wait.
    due_at: Option<String>,
    now: LocalNow,
}

impl ResultsPage {
    /// Returns whether results can be published now.
    fn is_time(&self) -> bool {
        self.card.phase == Phase::JudgingClosed
    }

    /// Returns the text of the form: as it was typed, else the draft.
    fn results(&self) -> &str {
        let draft = self.publication.as_ref().map_or("", |it| it.results.as_str());
        self.form.value_or("results", draft)
    }

    /// Returns when something kept the results from being published.
    fn held(&self) -> Option<String> {
        let held_at = self.publication.as_ref()?.held_at?;
        Some(format!("{} ({})", self.card.at(&held_at), self.card.zone))
    }

    /// Returns the reason to override a blocker: as it was typed, else that of the draft.
    fn reason(&self, blocker: &ResultBlocker) -> &str {
        let stored = self.overrides.iter().find(|it| it.blocker == *blocker);
        self.form.value_or(blocker.field(), stored.map_or("", |it| it.reason.as_str()))
    }
}

/// Renders the page. `typed` is the text of which it shows a preview.
async fn render(
    context: &Context,
    hackathon: &HackathonView,
    form: Form,
    typed: &str,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let card = HackathonCard::of(hackathon, context.now());
    let publication = reads::publication(db, id).await?;
    let is_time = card.phase == Phase::JudgingClosed;
    let waits = hackathon.results_due_at.is_some();
    let text = match &publication {
        Some(publication) if waits => publication.results.as_str(),
        _ => typed,
    };
    let (mut blocking, mut preview) = (Vec::new(), None);
    if is_time {
        let decided = reads::Decided::of(db, id).await?;
        blocking = reads::result_blockers(db, hackathon, &decided).await?;
        preview = Some(reads::results_preview(db, id, &decided).await?);
    }
    show(&ResultsPage {
        shown: if text.trim().is_empty() { String::new() } else { markdown::typed(text) },
        blocking,
        overrides: reads::result_overrides(db, id).await?,
        preview,
        due_at: hackathon.results_due_at.map(|at| format!("{} ({})", card.at(&at), card.zone)),
        now: LocalNow(context.now(), hackathon.zone()),
        publication,
        form,
        card,
    })
}

/// `GET /hackathons/{slug}/results`: the form that publishes the results, or those that wait.
pub(super) async fn form(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render(&context, &hackathon, Form::default(), "").await
}

/// The fields of the form that publishes results, besides the reasons for overrides, which are read from the form itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResultsFields {
    results: String,
    then: String,
}

/// `POST /hackathons/{slug}/results`: publishes the results in 15 minutes, or shows a preview of them.
pub(super) async fn schedule(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<ResultsFields>,
) -> Result<Response, PageError> {
    if fields.then == "preview" {
        let page = render(&context, &hackathon, form, &fields.results).await?;
        return Ok(page.into_response());
    }
    let reasons = (form.fields().iter())
        .filter_map(|(name, reason)| Some((name.strip_prefix("override_")?, reason.as_str())));
    let scheduled = match publication::overrides(reasons) {
        Ok(overrides) => {
            let new = NewResults { results: fields.results.clone(), overrides };
            actions::schedule_results(&context, viewer.actor(), &hackathon.slug, &new).await
        }
        Err(problem) => Err(problem.into()),
    };
    match scheduled {
        Ok(hackathon) => {
            let page = format!("{}/results", hackathon.address());
            Ok(redirect(&page, "The results become public in 15 minutes"))
        }
        Err(error) => {
            let again = async |form| render(&context, &hackathon, form, &fields.results).await;
            form.refused(error, again).await
        }
    }
}

/// `GET /hackathons/{slug}/results/now`: asks before the results that wait are published; leads back if none wait.
pub(super) async fn ask_to_publish_now(
    Organizer { hackathon, .. }: Organizer,
) -> Result<Response, PageError> {
    let back = format!("{}/results", hackathon.address());
    if hackathon.results_due_at.is_none() {
        return Ok(Redirect::to(&back).into_response());
    }
    let page = show(&Confirmation {
        question: format!("Publish the results of {} now?", tame(&hackathon.title)),
        consequence: "They become public immediately, and everyone with a place gets an email. This cannot be undone."
            .to_owned(),
        facts: Vec::new(),
        action: format!("{back}/now"),
        fields: Vec::new(),
        button: "Publish now".to_owned(),
        is_ending: false,
        back,
    })?;
    Ok(page.into_response())
}

/// `POST /hackathons/{slug}/results/now`: publishes the results that wait.
pub(super) async fn publish_now(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let stepped = actions::publish_results(&context, viewer.actor(), &hackathon.slug).await;
    taken(stepped, "has results")
}

/// `POST /hackathons/{slug}/results/undo`: keeps the results that wait as a draft.
pub(super) async fn undo(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let undone = actions::undo_results(&context, viewer.actor(), &hackathon.slug).await;
    let hackathon = undone.map_err(platform::web::WebError::from)?;
    let page = format!("{}/results", hackathon.address());
    Ok(redirect(&page, "The results are not published. They stay here as a draft"))
}
