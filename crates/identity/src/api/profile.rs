//! The profile of a person, as JSON.

use axum::{Json, extract::State};
use platform::{
    Context,
    web::{Body, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::SignedIn,
    actions,
    model::{ProfileLink, UserId},
    reads,
    rules::ProfileInput,
};

/// A link of a profile.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "label": "halloran.example", "url": "https://halloran.example" }))]
pub(super) struct Link {
    /// The name of the link on pages.
    #[serde(default)]
    label: String,
    /// An https URL.
    url: String,
}

/// Your profile.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Profile, example = json!({
    "name": "Ines Halloran", "picture": null, "bio": "I keep data where it was put.", "pronouns": "she/her",
    "location": "Fenwick", "links": [], "open_to": ["teams"], "contact": "", "hidden_parts": [],
    "timezone": "Europe/Berlin", "is_minor": false
}))]
pub(super) struct ProfileView {
    /// Your display name; empty if you chose none.
    name: String,
    /// The path of your picture. Null if you have a drawn portrait.
    picture: Option<String>,
    /// A text about you.
    bio: String,
    /// Your pronouns.
    pronouns: String,
    /// Your location.
    location: String,
    /// Your links.
    links: Vec<Link>,
    /// The offers that you are open to: `mentoring`, `pairing`, `teams`, `talks` or `work`.
    open_to: Vec<&'static str>,
    /// How you can be reached; shown only if you are open to something.
    contact: String,
    /// The parts that others do not see: `about`, `links`, `work`, `badges` or `results`.
    hidden_parts: Vec<&'static str>,
    /// Your time zone, if it is known.
    timezone: Option<String>,
    /// True if you are under 18, so that you have neither pictures nor a public page.
    is_minor: bool,
}

/// A change of your profile. Fields that are left out stay as they are.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "name": "Ines Halloran", "open_to": ["teams"] }))]
pub(super) struct ProfileChange {
    /// Your display name, at most 60 characters.
    name: Option<String>,
    /// A text about you, at most 160 characters.
    bio: Option<String>,
    /// Your pronouns, at most 60 characters.
    pronouns: Option<String>,
    /// Your location, at most 60 characters.
    location: Option<String>,
    /// At most five links.
    links: Option<Vec<Link>>,
    /// The offers that you are open to: `mentoring`, `pairing`, `teams`, `talks` or `work`.
    open_to: Option<Vec<String>>,
    /// An email address or an https URL.
    contact: Option<String>,
    /// The parts that others do not see: `about`, `links`, `work`, `badges` or `results`.
    hidden_parts: Option<Vec<String>>,
    /// Your time zone, by its name in the IANA time zone database.
    timezone: Option<String>,
}

/// Returns your profile.
#[utoipa::path(
    get,
    path = "/api/v1/me/profile",
    operation_id = "get_profile",
    tag = "Your account",
    responses((status = 200, description = "Your profile", body = ProfileView)),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn profile(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ProfileView>, WebError> {
    view(&context, viewer.user_id).await
}

/// Changes your profile.
#[utoipa::path(
    patch,
    path = "/api/v1/me/profile",
    operation_id = "change_profile",
    tag = "Your account",
    request_body = ProfileChange,
    responses(
        (status = 200, description = "Your profile", body = ProfileView),
        (status = 422, description = "Texts, links or choices are not valid; `errors` names all")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn change(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Body(change): Body<ProfileChange>,
) -> Result<Json<ProfileView>, WebError> {
    let known = reads::profile(&context.db, viewer.user_id).await?.profile;
    let codes = |codes: Vec<&'static str>| codes.into_iter().map(str::to_owned).collect();
    let link = |link: Link| ProfileLink { label: link.label, address: link.url };
    let input = ProfileInput {
        name: change.name.unwrap_or(known.name),
        bio: change.bio.unwrap_or(known.bio),
        pronouns: change.pronouns.unwrap_or(known.pronouns),
        location: change.location.unwrap_or(known.location),
        contact: change.contact.unwrap_or(known.contact),
        links: change.links.map_or(known.links, |links| links.into_iter().map(link).collect()),
        open_to: change
            .open_to
            .unwrap_or_else(|| codes(known.open_to.iter().map(|code| code.as_str()).collect())),
        hidden: change
            .hidden_parts
            .unwrap_or_else(|| codes(known.hidden.iter().map(|code| code.as_str()).collect())),
    };
    let zone = change.timezone.as_deref();
    actions::save_profile(&context, viewer.user_id, &input, zone).await?;
    view(&context, viewer.user_id).await
}

async fn view(context: &Context, person: UserId) -> Result<Json<ProfileView>, WebError> {
    let own = reads::profile(&context.db, person).await?;
    let known = own.profile;
    let link = |link: ProfileLink| Link { label: link.label, url: link.address };
    Ok(Json(ProfileView {
        name: known.name,
        picture: own.picture,
        bio: known.bio,
        pronouns: known.pronouns,
        location: known.location,
        links: known.links.into_iter().map(link).collect(),
        open_to: known.open_to.iter().map(|code| code.as_str()).collect(),
        contact: known.contact,
        hidden_parts: known.hidden.iter().map(|code| code.as_str()).collect(),
        timezone: own.timezone,
        is_minor: own.is_minor,
    }))
}
