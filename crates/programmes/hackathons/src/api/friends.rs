use axum::{Json, extract::State, http::StatusCode};
use identity::access::SignedIn;
use kernel::{Problem, Timestamp};
use platform::{
    Context,
    web::{List, Paged, Path, Query, WebError},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    actions::change_friendship,
    model::FriendList,
    reads::{self, FriendView},
    rules::{
        friends::{Verb, cursor},
        invalid,
    },
};

/// A person in one of your lists.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "since": "2026-10-20T08:00:00Z" }))]
pub(super) struct FriendItem {
    /// The login.
    login: String,
    /// Since when you are friends, or when the request was sent. Null for blocked people.
    #[schema(value_type = Option<String>, format = DateTime)]
    since: Option<Timestamp>,
}

impl From<FriendView> for FriendItem {
    fn from(friend: FriendView) -> Self {
        Self { login: friend.login, since: friend.since }
    }
}

/// The list of people, and the part of it.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FriendQuery {
    /// `friends` (the default), `received` and `sent` for requests, or `blocked`.
    #[param(
        value_type = String,
        required = false,
        pattern = "^(friends|received|sent|blocked)$",
        example = "received"
    )]
    list: Option<String>,
    /// The number of items per page: 20 by default, at most 100. People who closed their account are left out of it.
    #[param(value_type = i64, required = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<i64>,
    /// The `next_cursor` from the previous page.
    #[param(value_type = String, required = false)]
    cursor: Option<String>,
}

impl FriendQuery {
    fn list(&self) -> Result<FriendList, Problem> {
        let name = self.list.as_deref().unwrap_or("friends");
        FriendList::named(name).ok_or_else(|| {
            let detail = format!("'{name}' is no list. Use friends, received, sent or blocked.");
            invalid("list", detail)
        })
    }
}

/// Lists your friends, friend requests or blocked people.
#[utoipa::path(
    get,
    path = "/api/v1/me/friends",
    operation_id = "list_friends",
    tag = "Friends",
    params(FriendQuery),
    responses(
        (status = 200, description = "A page of people, in the order in which they came to this server", body = List<FriendItem>),
        (status = 422, description = "The list is not one of these")
    ),
    security(("session" = []), ("bearer" = ["read"]))
)]
pub(super) async fn list(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Query(query): Query<FriendQuery>,
) -> Result<Paged<List<FriendItem>>, WebError> {
    let (list, limit) = (query.list()?, platform::web::limit(query.limit)?);
    let after = query.cursor.as_deref().map(cursor).transpose()?;
    let found = reads::friends(&context.db, viewer.user_id, list, after, limit).await?;
    Ok(Paged(List {
        items: found.people.into_iter().map(Into::into).collect(),
        next_cursor: found.next.map(|last| last.to_string()),
    }))
}

/// Another person, as you see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(example = json!({ "login": "ada-lovelace", "list": "sent" }))]
pub(super) struct FriendState {
    /// The login.
    login: String,
    /// The list that has the person: `sent`, or `friends` if they had asked you.
    list: Option<&'static str>,
}

/// Asks a person to be friends, or accepts their request if they asked you. You can send 20 requests a day.
#[utoipa::path(
    put,
    path = "/api/v1/me/friends/{login}",
    operation_id = "request_friend",
    tag = "Friends",
    responses(
        (status = 200, description = "The request is sent, or you are friends", body = FriendState),
        (status = 409, description = "You block the person, or several accounts have the login"),
        (status = 422, description = "The login is your own"),
        (status = 429, description = "You sent 20 requests within a day")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn request(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<Json<FriendState>, WebError> {
    let friend = change_friendship(&context, viewer.user_id, &login, Verb::Request).await?;
    Ok(Json(FriendState { login: friend.login, list: friend.list.map(FriendList::as_str) }))
}

/// Accepts the friend request of a person.
#[utoipa::path(
    post,
    path = "/api/v1/me/friends/{login}/accept",
    operation_id = "accept_friend",
    tag = "Friends",
    responses(
        (status = 204, description = "You are friends"),
        (status = 404, description = "The login is unknown, or the person has not asked you"),
        (status = 409, description = "Several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn accept(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Accept).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines the friend request of a person, who is not notified and can ask again.
#[utoipa::path(
    post,
    path = "/api/v1/me/friends/{login}/decline",
    operation_id = "decline_friend",
    tag = "Friends",
    responses(
        (status = 204, description = "The request is declined"),
        (status = 404, description = "The login is unknown, or the person has not asked you"),
        (status = 409, description = "Several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn decline(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Decline).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Cancels your friend request to a person.
#[utoipa::path(
    delete,
    path = "/api/v1/me/friends/{login}/request",
    operation_id = "cancel_friend_request",
    tag = "Friends",
    responses(
        (status = 204, description = "You do not ask the person"),
        (status = 409, description = "The request was accepted, or several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn cancel(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Cancel).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a person from your friends. They are not notified.
#[utoipa::path(
    delete,
    path = "/api/v1/me/friends/{login}",
    operation_id = "remove_friend",
    tag = "Friends",
    responses(
        (status = 204, description = "The person is not your friend"),
        (status = 409, description = "Several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn remove(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Remove).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Blocks a person: you are no longer friends, and their requests do not reach you. They are not notified.
#[utoipa::path(
    put,
    path = "/api/v1/me/friends/{login}/block",
    operation_id = "block_person",
    tag = "Friends",
    responses(
        (status = 204, description = "You block the person"),
        (status = 409, description = "Several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn block(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Block).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unblocks a person. A request that they sent in the meantime then reaches you.
#[utoipa::path(
    delete,
    path = "/api/v1/me/friends/{login}/block",
    operation_id = "unblock_person",
    tag = "Friends",
    responses(
        (status = 204, description = "You do not block the person"),
        (status = 409, description = "Several accounts have the login"),
        (status = 422, description = "The login is your own")
    ),
    security(("session" = []), ("bearer" = ["write"]))
)]
pub(super) async fn unblock(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Path(login): Path<String>,
) -> Result<StatusCode, WebError> {
    change_friendship(&context, viewer.user_id, &login, Verb::Unblock).await?;
    Ok(StatusCode::NO_CONTENT)
}
