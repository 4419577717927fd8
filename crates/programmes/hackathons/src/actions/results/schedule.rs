use kernel::typed;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::admitted;
use crate::{
    access,
    actions::{act_on, changeable},
    model::DESCRIPTION,
    reads::{self, HackathonView},
    rules::{
        invalid,
        publication::{Override, UNDO_WITHIN},
    },
    store::publications::{self, NewPublication},
};

/// The results of a hackathon, and the blockers that the organizer overrides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewResults {
    /// The results, as Markdown.
    pub results: String,
    pub overrides: Vec<Override>,
}

/// Lets the results of a hackathon become public after 15 minutes. Until then nothing is public, posted or sent, the hackathon
/// cannot be changed, and organizers can undo it. Returns the hackathon.
///
/// # Errors
/// When the text is missing or not valid, judging is not over, results wait already, or a blocker is left that is not overridden.
pub async fn schedule_results(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: &NewResults,
) -> Result<HackathonView, ActionError> {
    let results = typed::paragraphs(&new.results, "The text", DESCRIPTION);
    let results = results.map_err(|detail| invalid("results", detail))?;
    if results.is_empty() {
        let detail = "Write the results: who won, and what they built.".to_owned();
        return Err(invalid("results", detail).into());
    }
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let overrides = admitted(&tx, context, &hackathon, new.overrides.clone()).await?;
    let (id, now) = (hackathon.key(), context.now());
    let due_at = now + UNDO_WITHIN;
    let requested_by = actor.person();
    let publication = NewPublication { hackathon: id, results: &results, due_at, requested_by };
    publications::schedule(&tx, context.ids.next(), publication, now).await?;
    let codes: Vec<_> = overrides.iter().map(|it| it.blocker.as_str()).collect();
    let reasons: Vec<_> = overrides.iter().map(Override::sentence).collect();
    let rows = overrides.into_iter().map(|it| (context.ids.next(), it));
    let rows: Vec<_> = rows.collect();
    publications::set_overrides(&tx, id, &rows, requested_by, now).await?;
    let after = json!({ "due_at": due_at, "overrides": codes });
    let reason = reasons.join(" ");
    let act = audit::Act {
        reason: Some(reason.as_str()).filter(|it| !it.is_empty()),
        ..act_on(&hackathon, actor, "hackathon.schedule_results", Some(after))
    };
    audit::record(&tx, context, act).await?;
    let waiting = reads::hackathon_by_id(&tx, id).await?;
    tx.commit().await?;
    Ok(waiting.ok_or_else(|| access::unknown_hackathon(slug))?)
}
