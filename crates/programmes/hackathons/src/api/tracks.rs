use axum::{Json, extract::State};
use platform::{
    Context,
    web::{All, Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::{Organizer, SeenHackathon},
    actions, reads,
    rules::tracks,
};

/// A track of a hackathon.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "slug": "offline-first", "name": "Offline first", "description": "It works at sea." }))]
pub(super) struct Track {
    /// The slug, which follows from the name and which submissions choose.
    slug: String,
    /// The name.
    name: String,
    /// The description. Can be empty.
    description: String,
}

impl From<tracks::Track> for Track {
    fn from(it: tracks::Track) -> Self {
        Self { slug: it.slug, name: it.name, description: it.description }
    }
}

/// Lists the tracks of a hackathon.
#[utoipa::path(
    get,
    path = "/api/v1/hackathons/{slug}/tracks",
    operation_id = "list_tracks",
    tag = "Hackathons",
    responses((status = 200, description = "The tracks, in their order", body = All<Track>))
)]
pub(super) async fn list(
    State(context): State<Context>,
    seen: SeenHackathon,
) -> Result<Json<All<Track>>, WebError> {
    let found = reads::tracks(&context.db, seen.hackathon.key()).await?;
    Ok(Json(All::of(found)))
}

/// A track, as you name it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Offline first", "description": "It works at sea." }))]
struct TrackInput {
    /// The name.
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// The description. Can be empty.
    #[serde(default)]
    #[schema(max_length = 300)]
    description: String,
}

/// All tracks of a hackathon, in their order.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "tracks": [{ "name": "Offline first" }] }))]
pub(super) struct TracksInput {
    /// The tracks; empty for none.
    #[schema(max_items = 20)]
    tracks: Vec<TrackInput>,
}

/// Sets the tracks of a hackathon. Submissions no longer have tracks that you remove or rename.
#[utoipa::path(
    put,
    path = "/api/v1/hackathons/{slug}/tracks",
    operation_id = "set_tracks",
    tag = "Hackathons",
    request_body = TracksInput,
    responses(
        (status = 200, description = "The tracks, in their order", body = All<Track>),
        (status = 409, description = "A prize or a judge is limited to a track that you leave out, or the hackathon is over"),
        (status = 422, description = "A track is not valid, or two have the same name")
    ),
    security(("session" = ["organizer"]), ("bearer" = ["write"]))
)]
pub(super) async fn set(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Body(body): Body<TracksInput>,
) -> Result<Json<All<Track>>, WebError> {
    let track = |it: TrackInput| tracks::TrackInput { name: it.name, description: it.description };
    let input: Vec<_> = body.tracks.into_iter().map(track).collect();
    let set = actions::set_tracks(&context, viewer.actor(), &hackathon.slug, &input).await?;
    Ok(Json(All::of(set)))
}
