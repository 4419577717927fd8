//! Notifications about badges, which join the modules of badges and of notifications.

use notifications::{actions::notify, model::Notice};
use platform::{ActionError, Context, db::Tx, jobs::Worker, outbox::Post};
use recognition::{
    model::{BADGE_AWARDED, BADGES_FOUND},
    reads::{News, award_news, found_news},
};
use uuid::Uuid;

/// Returns the workers that notify people of badges that they got or lost.
pub(crate) fn workers(post: &Post) -> Vec<Worker> {
    vec![
        Worker::for_each("badge-notices", BADGE_AWARDED, post.clone(), |tx, context, post, id| {
            Box::pin(async move {
                let news = award_news(tx, id).await?;
                send(tx, context, post, id, news).await
            })
        }),
        Worker::for_each(
            "earlier-badge-notices",
            BADGES_FOUND,
            post.clone(),
            |tx, context, post, id| {
                Box::pin(async move {
                    let news = found_news(tx, id).await?;
                    send(tx, context, post, id, news).await
                })
            },
        ),
    ]
}

async fn send(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    object_id: Uuid,
    news: Option<News>,
) -> Result<(), ActionError> {
    if let Some(News { kind, user_id, link, email }) = news {
        let notice = Notice { kind, user_id, object_id, occurrence: "", link, email: &*email };
        notify(tx, context, post, &notice).await?;
    }
    Ok(())
}
