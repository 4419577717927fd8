//! The friends of the viewer, their requests, and the people whom they block.

use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Filled, Form, PageError, PageResult, QueryString, format::Instant, redirect, show,
};
use uuid::Uuid;

use crate::{
    actions::{Friend, change_friendship},
    model::FriendList,
    reads::{self, FriendView},
    rules::friends::{Verb, cursor},
};

/// The number of people on a page.
const ROWS: i64 = 50;

/// The part of the page that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FriendsQuery {
    list: String,
    cursor: String,
}

#[derive(Template)]
#[template(path = "friends.html")]
struct FriendsPage {
    list: FriendList,
    people: Vec<FriendView>,
    next: Option<Uuid>,
    is_first: bool,
    waiting: i64,
    form: Form,
    now: Instant,
}

impl FriendsPage {
    /// Returns the sentence for an empty list.
    fn none_yet(&self) -> &'static str {
        match self.list {
            FriendList::Friends => {
                "Ask someone by their login. Friends can invite each other to their teams."
            }
            FriendList::Received => "Requests from other people appear here.",
            FriendList::Sent => "Requests appear here until they are answered.",
            FriendList::Blocked => "Blocked people cannot reach you with friend requests.",
        }
    }

    /// Returns the heading of an empty list.
    fn none_heading(&self) -> &'static str {
        match self.list {
            FriendList::Friends => "No friends yet",
            FriendList::Received => "No requests to answer",
            FriendList::Sent => "No requests without an answer",
            FriendList::Blocked => "You block no one",
        }
    }

    /// Returns the buttons of a row: the action, the label, and whether it is destructive.
    fn buttons(&self) -> &'static [(&'static str, &'static str, bool)] {
        match self.list {
            FriendList::Friends => &[("remove", "Remove", true), ("block", "Block", true)],
            FriendList::Received => &[
                ("accept", "Accept", false),
                ("decline", "Decline", false),
                ("block", "Block", true),
            ],
            FriendList::Sent => &[("cancel", "Cancel request", false)],
            FriendList::Blocked => &[("unblock", "Unblock", false)],
        }
    }

    fn address(&self) -> String {
        address(&self.list)
    }
}

fn address(list: &FriendList) -> String {
    match list {
        FriendList::Friends => "/friends".to_owned(),
        other => format!("/friends?list={}", other.as_str()),
    }
}

/// `GET /friends`.
pub(super) async fn page(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    QueryString(query): QueryString<FriendsQuery>,
) -> PageResult {
    render(&context, viewer.user_id, &query, Form::default()).await
}

async fn render(
    context: &Context,
    person: identity::model::UserId,
    query: &FriendsQuery,
    form: Form,
) -> PageResult {
    let list = FriendList::named(&query.list).unwrap_or(FriendList::Friends);
    let begins = match query.cursor.as_str() {
        "" => None,
        text => Some(cursor(text)?),
    };
    let found = reads::friends(&context.db, person, list, begins, ROWS).await?;
    show(&FriendsPage {
        list,
        people: found.people,
        next: found.next,
        is_first: begins.is_none(),
        waiting: reads::waiting_requests(&context.db, person).await?,
        form,
        now: Instant(context.now()),
    })
}

/// The fields of the forms that name a person.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FriendFields {
    login: String,
    change: String,
}

/// `POST /friends`: asks the person with a login to be friends, or blocks them.
pub(super) async fn ask(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Filled(fields, form): Filled<FriendFields>,
) -> Result<Response, PageError> {
    let (person, login) = (viewer.user_id, fields.login.trim());
    let verb = match fields.change.as_str() {
        "block" => Verb::Block,
        _ => Verb::Request,
    };
    match change_friendship(&context, person, login, verb).await {
        Ok(friend) => Ok(done(verb, &friend)),
        Err(error) => {
            let list = match verb {
                Verb::Block => FriendList::Blocked,
                _ => FriendList::Friends,
            };
            let query = FriendsQuery { list: list.as_str().to_owned(), cursor: String::new() };
            let again = |form| render(&context, person, &query, form);
            form.refused(error, again).await
        }
    }
}

/// Returns to the list that the person acted in, with what was done.
fn done(verb: Verb, friend: &Friend) -> Response {
    let login = &friend.login;
    let (list, said) = match verb {
        Verb::Request if friend.list == Some(FriendList::Friends) => {
            (FriendList::Friends, format!("You and {login} are friends"))
        }
        Verb::Request => (FriendList::Sent, format!("{login} gets your request")),
        Verb::Accept => (FriendList::Friends, format!("You and {login} are friends")),
        Verb::Decline => (FriendList::Received, format!("You declined the request of {login}")),
        Verb::Cancel => (FriendList::Sent, format!("Your request to {login} is canceled")),
        Verb::Remove => (FriendList::Friends, format!("{login} is no longer your friend")),
        Verb::Block => (FriendList::Blocked, format!("You block {login}")),
        Verb::Unblock => (FriendList::Blocked, format!("You no longer block {login}")),
    };
    redirect(&address(&list), &said)
}

/// Changes the friendship with the person of the path.
async fn change(
    context: &Context,
    SignedIn(viewer): SignedIn,
    login: &str,
    verb: Verb,
) -> Result<Response, PageError> {
    let changed = change_friendship(context, viewer.user_id, login, verb).await;
    Ok(done(verb, &changed.map_err(WebError::from)?))
}

/// `POST /friends/{login}/accept`.
pub(super) async fn accept(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Accept).await
}

/// `POST /friends/{login}/decline`.
pub(super) async fn decline(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Decline).await
}

/// `POST /friends/{login}/cancel`.
pub(super) async fn cancel(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Cancel).await
}

/// `POST /friends/{login}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Remove).await
}

/// `POST /friends/{login}/block`.
pub(super) async fn block(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Block).await
}

/// `POST /friends/{login}/unblock`.
pub(super) async fn unblock(
    State(context): State<Context>,
    person: SignedIn,
    Address(login): Address<String>,
) -> Result<Response, PageError> {
    change(&context, person, &login, Verb::Unblock).await
}
