//! Reviews of a pull request.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use identity::access::NextWork;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Filled, PageError};

use super::{pull_requests::reviewed_page, pulls::PullLink};
use crate::{
    access::PullMaintainer,
    actions::{GivenReview, NewReview, give_review},
    model::ReviewAction,
    rules::review::ReviewWords,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ReviewForm {
    action: String,
    rating: String,
    decision: String,
    public_comment: String,
    internal_comment: String,
}

impl ReviewForm {
    fn read(&self) -> Result<NewReview, PageError> {
        let code = |detail: String| {
            let kind = kernel::ProblemKind::Malformed;
            kernel::Problem::new(kind, "BAD_FORM", detail)
        };
        let action: ReviewAction = self.action.parse().map_err(code)?;
        // Starting publishes nothing: what is typed stays in the form.
        let is_start = action == ReviewAction::Started;
        let text = |text: &String| (!text.is_empty() && !is_start).then(|| text.clone());
        // The list of decisions has no empty one.
        let decision = text(&self.decision).filter(|_| action == ReviewAction::Overrode);
        Ok(NewReview {
            action,
            rating: text(&self.rating).map(|rating| rating.parse().unwrap_or(0)),
            decision: decision.map(|decision| decision.parse()).transpose().map_err(code)?,
            words: ReviewWords {
                public_comment: text(&self.public_comment),
                internal_comment: text(&self.internal_comment),
            },
        })
    }

    fn is_blank(&self) -> bool {
        [&self.rating, &self.public_comment, &self.internal_comment]
            .iter()
            .all(|typed| typed.trim().is_empty())
    }
}

/// `POST /pull-requests/{owner}/{repository}/{number}/reviews`.
pub(super) async fn give(
    State(context): State<Context>,
    maintainer: PullMaintainer,
    next: NextWork,
    Filled(filled, form): Filled<ReviewForm>,
) -> Result<Response, PageError> {
    let new = filled.read()?;
    let (action, pull) = (new.action, maintainer.pull.id.into());
    match give_review(&context, maintainer.reviewing(), pull, new).await {
        Ok(_) if action == ReviewAction::Started && !filled.is_blank() => {
            let form = form.with("is_started", "yes");
            Ok(reviewed_page(&context, &maintainer, form).await?.into_response())
        }
        Ok(given) => {
            let address = PullLink::of(&maintainer.pull).address;
            let back = format!("{address}#review");
            Ok(next.after(&context, &["review"], (&address, &back), &said(action, given)).await?)
        }
        Err(error) => {
            let again = async |form| reviewed_page(&context, &maintainer, form).await;
            form.refused(WebError::from(error), again).await
        }
    }
}

/// Says what changed, and the state after it.
fn said(action: ReviewAction, given: GivenReview) -> String {
    let words = match action {
        ReviewAction::Commented => "Commented",
        action => action.words(),
    };
    let state = given.state.words();
    match (given.id, given.has_conflict) {
        (None, _) => "You are already reviewing this pull request".to_owned(),
        (Some(_), true) => {
            format!("{words}. Reviews contradict each other, and the pull request is {state}")
        }
        (Some(_), false) => format!("{words}. The pull request is {state}"),
    }
}
