use platform::{
    ActionError, Context,
    audit::{self, Actor},
};
use serde_json::json;

use super::{act_on, changeable};
use crate::{
    reads,
    rules::tracks::{Track, TrackInput, keep_used, tracks},
    store,
};

/// Sets the tracks of a hackathon, in their order. Submissions keep those of their choice that still exist. Returns them.
///
/// # Errors
/// When there are too many, a name is missing, not valid or used twice, one is left out that a prize or a judge is limited to, or
/// the hackathon is over.
pub async fn set_tracks(
    context: &Context,
    actor: Actor,
    slug: &str,
    input: &[TrackInput],
) -> Result<Vec<Track>, ActionError> {
    let tracks = tracks(input)?;
    let tx = context.begin().await?;
    let hackathon = changeable(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    keep_used(&tracks, &reads::used_tracks(&tx, id).await?)?;
    store::tracks::delete(&tx, id).await?;
    for (position, track) in (1..).zip(&tracks) {
        store::tracks::insert(&tx, context.ids.next(), id, position, track, now).await?;
    }
    let slugs: Vec<&str> = tracks.iter().map(|it| it.slug.as_str()).collect();
    let after = json!({ "tracks": slugs });
    let act = act_on(&hackathon, actor, "hackathon.set_tracks", Some(after));
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(tracks)
}
