use kernel::Problem;
use notifications::{actions::notify, model::Notice};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::Tx,
    outbox::Post,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    emails::{FEEDBACK_ANSWERED, FeedbackAnswered},
    model::ANSWERED,
    rules,
    store::feedback,
};

/// Answers feedback. The sender gets a notification.
///
/// # Errors
/// When the answer is empty or too long, no feedback has the ID, or it has an answer.
pub async fn answer_feedback(
    context: &Context,
    actor: Actor,
    id: Uuid,
    answer: &str,
) -> Result<(), ActionError> {
    let answer = rules::checked_answer(answer)?;
    let mut tx = context.begin().await?;
    let Some(asked) = feedback::find(&tx, id).await? else {
        return Err(Problem::not_found("This feedback does not exist. See /admin/feedback.").into());
    };
    if !feedback::answer(&tx, id, &answer, actor.person(), context.now()).await? {
        return Err(rules::answered().into());
    }
    let act = Act {
        actor,
        action: "feedback.answer",
        target_kind: "feedback",
        target_id: id,
        before: None,
        after: Some(json!({ "kind": asked.kind.as_str() })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.wake(ANSWERED, [id], &*context.ids, context.now()).await?;
    Ok(tx.commit().await?)
}

/// Notifies the person whose feedback was answered.
///
/// # Errors
/// When the email cannot be rendered.
pub(crate) async fn notify_answer(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = feedback::find(&*tx, id).await? else {
        return Ok(());
    };
    let Some(answer) = found.answer else {
        return Ok(());
    };
    let email = FeedbackAnswered { words: found.words, answer };
    let notice = Notice {
        kind: &FEEDBACK_ANSWERED,
        user_id: found.user_id.into(),
        object_id: id,
        occurrence: "",
        link: "/feedback".to_owned(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}
