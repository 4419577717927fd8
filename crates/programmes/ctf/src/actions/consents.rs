use kernel::Problem;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
};
use serde_json::json;

use crate::{reads::latest_consent, rules::rosters::invalid, store::consents};

/// The maximum number of characters of a consent text.
pub const CONSENT: usize = 10_000;

/// Publishes a version of the consent text. Earlier agreements keep their version. Returns the version.
///
/// # Errors
/// When the text is empty, too long or the same as the present one.
pub async fn publish_consent(
    context: &Context,
    actor: Actor,
    typed: &str,
) -> Result<i64, ActionError> {
    let text = checked(typed)?;
    let tx = context.begin().await?;
    tx.serialize("ctf.consents").await?;
    let present = latest_consent(&tx).await?;
    if present.as_ref().is_some_and(|present| present.text == text) {
        let detail = "This is the present text. Change it before you publish it.";
        return Err(invalid(detail.to_owned()).at("text").into());
    }
    let version = present.map_or(1, |present| present.version + 1);
    let id = context.ids.next();
    consents::insert(&tx, id, version, &text, context.now()).await?;
    let act = Act {
        actor,
        action: "ctf_consent.publish",
        target_kind: "ctf_consent",
        target_id: id,
        before: None,
        after: Some(json!({ "version": version })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(version)
}

fn checked(typed: &str) -> Result<String, Problem> {
    let text = typed.replace("\r\n", "\n");
    let text = text.trim();
    let length = text.chars().count();
    let is_control = |c: char| c.is_control() && c != '\n' && c != '\t';
    let detail = if text.is_empty() {
        "The text is missing. Enter it.".to_owned()
    } else if length > CONSENT {
        format!("The text has {length} characters. Use at most {CONSENT}.")
    } else if text.chars().any(is_control) {
        "The text contains a control character. Remove it.".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(invalid(detail).at("text"))
}

/// Returns the version that a person agreed to, of which 0 stands for the sentence that is shown without a published text;
/// `None` for that.
///
/// # Errors
/// When they did not agree to the present version.
pub(crate) async fn agreed_version(
    tx: &Tx,
    agreed: Option<i64>,
) -> Result<Option<i64>, ActionError> {
    let present = latest_consent(tx).await?.map(|present| present.version);
    if agreed == Some(present.unwrap_or(0)) {
        return Ok(present);
    }
    let detail = match agreed {
        None => "Agree to the text to continue.",
        Some(_) => "The text has changed since you opened the page. Read it again and agree to it.",
    };
    Err(invalid(detail.to_owned()).at("agreed").into())
}
